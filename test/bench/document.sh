#!/bin/bash
# The deployment document's own commands in its order, as an operator types them one after the other: what `npm run bench`
# compares the product with. Each line that the document does not have, or has otherwise, is marked "# edit:", with why.
# Environment: DOMAIN, EMAIL, REPOSITORY, ACME (address of the directory), MEILISEARCH (address of the release file).
set -euo pipefail

# === Requirements ===
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
# The document names programs, not packages: these are those of steps/requirements.ts, in one call, the quickest way.
apt-get install -y --no-install-recommends \
  git virtualenv openssh-client ca-certificates locales \
  gcc python3-dev libpq-dev libjpeg-dev zlib1g-dev \
  nginx uwsgi-core uwsgi-plugin-python3 certbot python3-certbot-nginx postgresql postgresql-client
# edit: no word on the locale that the site formats prices with
sed -i 's/^# *en_US.UTF-8 UTF-8/en_US.UTF-8 UTF-8/' /etc/locale.gen
locale-gen

# === Working directory ===
cd /var/www
# edit: the operator's own repository
git clone "$REPOSITORY"
# edit: there was no cd into the clone
cd blender-studio
git checkout production

# === Setup virtualenv and install Python dependencies ===
cd /var/www
virtualenv -p /usr/bin/python3 venv
cd /var/www/blender-studio
source /var/www/venv/bin/activate
pip install poetry==1.1.6
poetry install --no-interaction

# === Production settings.py ===
cp studio/settings.example.py studio/settings.py
random() { head -c 4096 /dev/urandom | tr -dc A-Za-z0-9 | head -c "$1"; }
database_password=$(random 32)
secret_key=$(random 50)
# edit: what an operator does in an editor
sed -i \
  -e "s/^SECRET_KEY = .*/SECRET_KEY = '$secret_key'/" \
  -e 's/^DEBUG = True/DEBUG = False/' \
  -e 's/^os.environ\["OAUTHLIB_INSECURE_TRANSPORT"\]/# &/' \
  -e "s/'studio.local',/'$DOMAIN',/" \
  -e "s/'PASSWORD': 'CHANGE_ME'/'PASSWORD': '$database_password'/" \
  studio/settings.py
# edit: the example raises at import where this variable is unset, and no unit sets it
sed -i "s/os.environ.get('AWS_CLOUDFRONT_KEY').encode/os.environ.get('AWS_CLOUDFRONT_KEY', '').encode/" studio/settings.py
# edit: no word on the role and the database that the settings name
sudo -u postgres psql --quiet <<< "CREATE ROLE studio WITH LOGIN CREATEDB PASSWORD '$database_password'"
sudo -u postgres createdb --owner studio studio
cd /var/www/blender-studio
source /var/www/venv/bin/activate
./manage.py migrate
./manage.py collectstatic --no-input

# === Configuration files ===
# edit: the target folders are not there
mkdir -p /var/www/config /var/www/.config
cp deploy/etc/systemd/system/* /etc/systemd/system/
cp deploy/var/www/config/* /var/www/config/
cp -r deploy/var/www/.config/* /var/www/.config/
# edit: the document says to change the domain, and not how
sed -i "s/studio\.blender\.org/$DOMAIN/g" /var/www/config/nginx_studio.conf
# edit: nginx serves the static files below a path that no page names: the site's STATIC_URL is /static/
sed -i 's|^location /static-studio {|location /static {|' /var/www/config/nginx_studio.common.conf
# edit: the plugin of the host's own Python
sed -i 's/^plugin = python38/plugin = python3/' /var/www/config/uwsgi_studio.ini
# edit: there is no timer.target, and no timer would come back after a reboot
sed -i 's/^WantedBy=timer.target/WantedBy=timers.target/' /etc/systemd/system/studio-*.timer

chown www-data:www-data /var/www
chown www-data:www-data -R /var/www/blender-studio
chown www-data:www-data -R /var/www/config
chown www-data:www-data -R /var/www/venv
chgrp www-data /var/www
chmod g+s /var/www
find /var/www -type d -exec chgrp www-data {} +
find /var/www -type d -exec chmod g+s {} +

# === Meilisearch ===
# edit: the unit starts another path than the documented /usr/bin/meilisearch
curl -sSfLo /usr/bin/meilisearch-0.25.2 "$MEILISEARCH"
chmod 755 /usr/bin/meilisearch-0.25.2
master_key=$(random 32)
sed -i "s/MEILI_MASTER_KEY=CHANGE_ME/MEILI_MASTER_KEY=$master_key/" /etc/systemd/system/meilisearch.service
systemctl enable meilisearch
systemctl start meilisearch
# edit: it does not listen as soon as systemctl returns, and 0.25 wants another header than the documented X-Meili-API-Key
keys=$(curl -sSf --retry 50 --retry-delay 0 --retry-connrefused -H @- http://localhost:7700/keys <<< "Authorization: Bearer $master_key")
# edit: the operator reads the two keys out of the answer
key_for() {
  python3 -c '
import json, sys
keys = json.load(sys.stdin)["results"]
print(next(key["key"] for key in keys if key["actions"] == [sys.argv[1]]))' "$1" <<< "$keys"
}
public_key=$(key_for search)
private_key=$(key_for '*')
sed -i \
  -e "s/^MEILISEARCH_PUBLIC_KEY = .*/MEILISEARCH_PUBLIC_KEY = '$public_key'/" \
  -e "s/^MEILISEARCH_PRIVATE_KEY = .*/MEILISEARCH_PRIVATE_KEY = '$private_key'/" \
  -e "s|^MEILISEARCH_API_ADDRESS = .*|MEILISEARCH_API_ADDRESS = 'https://$DOMAIN/s/'|" \
  studio/settings.py

# === uWSGI ===
systemctl enable studio
systemctl start studio

# === Nginx ===
# edit: the certificate before the link, because certbot refuses to work beside a configuration whose TLS files are not there
certbot certonly --nginx --domain "$DOMAIN" --server "$ACME" --email "$EMAIL" --agree-tos --no-eff-email --non-interactive
ln -s /var/www/config/nginx_studio.conf /etc/nginx/sites-enabled/nginx_studio.conf
nginx -t
systemctl enable nginx
systemctl start nginx
# edit: Debian started nginx when it installed it
systemctl reload nginx
# edit: after nginx, not before, because the site's indexing goes out by https://DOMAIN/s/
./manage.py create_search_indexes
./manage.py index_documents

# === Background tasks ===
systemctl enable studio-background
systemctl start studio-background

# === Periodic tasks ===
for name in studio-clearsessions studio-process-deletion-requests studio-background-restart studio-stats studio-clock-tick; do
  systemctl enable "$name.timer"
  systemctl start "$name.timer"
done
