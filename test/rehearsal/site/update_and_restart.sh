#!/bin/bash
# Brings the production site up to date. Run as root.
set -ex

cd /var/www/blender-studio
sudo -Hu www-data git pull
chown www-data:www-data -R /var/www/blender-studio

as_site() {
    sudo -Hu www-data env CRYPTOGRAPHY_DONT_BUILD_RUST=1 bash -c "source /var/www/venv/bin/activate && $1"
}

as_site 'poetry install'
as_site './manage.py migrate --plan'
read -r -p 'Apply these migrations, and restart? [y/N] ' answer
[ "$answer" = y ] || exit 1

as_site './manage.py migrate'
as_site './manage.py collectstatic --no-input'

systemctl restart studio
systemctl restart studio-background
systemctl restart meilisearch
