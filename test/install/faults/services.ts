import { asSite, type Fault, settings, units, www } from './fault.ts';

const live = '/etc/letsencrypt/live/studio.example.org';
const renewal = '/etc/letsencrypt/renewal/studio.example.org.conf';
const nginxDown = [
  'http-redirects',
  'certificate',
  'renewal',
  'nginx-config',
  'service-nginx',
  'static-files',
  'search',
];
const searchDown = ['search', 'search-keys', 'search-index'];

/** Of units, nginx and the certificate. */
export const faults: readonly Fault[] = [
  {
    name: 'a service that is stopped',
    plant: 'systemctl stop studio-background',
    found: 'service-studio-background',
    said: /studio-background\.service is inactive/,
  },
  {
    name: 'a service that is not enabled',
    plant: 'systemctl disable --quiet studio',
    found: 'reboot',
    said: /studio\.service \(not enabled\)/,
  },
  {
    name: 'a service that is masked while it runs',
    plant: 'systemctl mask --quiet nginx',
    found: 'reboot',
    said: /nginx\.service \(masked\)/,
    byHand: 'systemctl unmask --quiet nginx',
  },
  {
    name: 'a unit that is gone',
    plant: `rm ${units}/studio.service; systemctl daemon-reload`,
    found: 'service-studio',
    said: /studio\.service is not there/,
    also: ['reboot'],
  },
  {
    name: 'a unit that systemd has not read yet',
    plant: `touch ${units}/studio.service`,
    found: 'service-studio',
    said: /systemd has not read it yet/,
  },
  {
    name: "a service with older settings than the disk's",
    plant: asSite(`touch ${settings}`),
    found: 'service-studio',
    said: /runs with an older .*settings\.py/,
    also: ['service-studio-background'],
  },
  {
    name: 'files from the future, as after the clock was set back: fixed once, and no start is waited for that comes after them',
    plant: `${asSite(`touch -d '+2 hours' ${settings}`)}; ${asSite("touch -d '+2 hours' /var/www/config/uwsgi_studio.ini")}`,
    found: 'service-studio',
    said: /runs with an older .*uwsgi_studio\.ini/,
    also: ['service-studio-background'],
  },
  {
    name: 'a search engine that is stopped',
    plant: 'systemctl stop meilisearch',
    found: 'service-meilisearch',
    said: /meilisearch\.service is inactive/,
    also: searchDown,
  },
  {
    name: 'a search engine that hangs',
    plant: 'systemctl kill -s STOP meilisearch',
    found: 'service-meilisearch',
    said: /is active, but it does not answer/,
    also: searchDown,
  },
  {
    name: 'a service that keeps ending',
    plant: 'for time in 1 2 3; do systemctl kill -s KILL meilisearch; sleep 0.8; done',
    found: 'service-meilisearch',
    said: /keeps ending: systemd has restarted it 3 times, last \d s ago/,
    byHand: 'systemctl restart meilisearch; sleep 1',
  },
  {
    name: "uWSGI with the document's plugin: active, and answers nothing",
    plant: `cp ${www}/deploy/var/www/config/uwsgi_studio.ini /var/www/config/; systemctl restart studio`,
    found: 'service-studio',
    said: /studio\.service is active, but .*closes the connection without an answer|does not answer/,
    also: ['https-answers'],
  },
  {
    name: 'background tasks that nobody takes, by a worker that hangs',
    plant: `systemctl kill -s STOP studio-background
runuser -u postgres -- psql -qd studio -c "INSERT INTO background_task_task (name, arguments, queued_at, error) VALUES ('users.tasks.delete_account', '{\\"user_id\\": 999999}', now() - interval '2 hours', '')"`,
    found: 'background-queue',
    said: /Tasks due, and not processed: 1\. The oldest has waited for 2 hours/,
  },
  {
    name: 'a timer that is stopped',
    plant: 'systemctl stop studio-stats.timer',
    found: 'timer-studio-stats',
    said: /studio-stats\.timer is inactive/,
  },
  {
    name: "the document's timer: after a reboot it would be dead",
    plant: `cp ${www}/deploy${units}/studio-clock-tick.timer ${units}/; systemctl daemon-reload
systemctl reenable --quiet studio-clock-tick.timer; systemctl restart studio-clock-tick.timer`,
    found: 'reboot',
    said: /studio-clock-tick\.timer \(timer\.target does not exist\)/,
  },
  {
    name: 'a timer that was edited, and has no next run',
    plant: `sed -i 's/^OnCalendar=.*/OnCalendar=2020-01-01/; /^Persistent/d' ${units}/studio-stats.timer
systemctl daemon-reload; systemctl restart studio-stats.timer`,
    found: 'timer-studio-stats',
    said: /has no next run scheduled/,
    options: ['--overwrite', `${units}/studio-stats.timer`],
  },
  {
    name: 'a task whose last run failed',
    plant: `mv ${www}/manage.py ${www}/manage.py.away; systemctl start studio-clearsessions || true; mv ${www}/manage.py.away ${www}/manage.py`,
    found: 'timer-studio-clearsessions',
    said: /The last run of studio-clearsessions\.service failed/,
  },
  {
    name: 'nginx that is stopped',
    plant: 'systemctl stop nginx',
    found: 'https-answers',
    said: /https:\/\/www\.studio\.example\.org\/: connect ECONNREFUSED/,
    also: nginxDown,
  },
  {
    name: 'a configuration on the disk that nginx has not read',
    plant: asSite('touch /var/www/config/nginx_studio.common.conf'),
    found: 'nginx-config',
    said: /Not loaded: \/var\/www\/config\/nginx_studio\.common\.conf/,
  },
  {
    name: "somebody's own file of nginx that is not loaded",
    plant: "echo 'server_tokens off;' > /etc/nginx/conf.d/own.conf",
    found: 'nginx-config',
    said: /Not loaded: \/etc\/nginx\/conf\.d\/own\.conf/,
  },
  {
    name: 'a configuration that nginx would not start with',
    plant: "echo 'no_such_directive on;' > /etc/nginx/conf.d/broken.conf",
    found: 'nginx-config',
    said: /refuses its configuration: unknown directive "no_such_directive" in \/etc\/nginx\/conf\.d\/broken\.conf:1/,
    byHand: 'rm /etc/nginx/conf.d/broken.conf; systemctl reload nginx',
  },
  {
    name: 'the site taken out of nginx',
    plant: 'rm /etc/nginx/sites-enabled/nginx_studio.conf; systemctl reload nginx; sleep 0.5',
    found: 'https-answers',
    said: /https:\/\/studio\.example\.org\//,
    also: ['certificate', 'http-redirects', 'static-files', 'search'],
    perhaps: ['nginx-config'],
  },
  {
    name: 'a name that leads elsewhere',
    plant: (host) => host.dns.set('www.studio.example.org', { a: ['192.0.2.77'] }),
    found: 'dns',
    said: /www\.studio\.example\.org points to 192\.0\.2\.77 \(A record\)/,
    also: ['https-answers', 'http-redirects', 'renewal'],
    byHand: (host) => host.dns.set('www.studio.example.org', { a: ['192.0.2.10'] }),
  },
  {
    name: 'a renewed certificate that did not reach nginx',
    plant: 'certbot renew -q --force-renewal --no-directory-hooks --no-random-sleep-on-renew',
    found: 'certificate',
    said: /serves a different certificate from the one on disk/,
    also: ['nginx-config'],
  },
  {
    name: 'a certificate near its end',
    plant: `cp -a /etc/letsencrypt /root/letsencrypt
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 10 -subj /CN=studio.example.org \\
  -addext subjectAltName=DNS:studio.example.org,DNS:www.studio.example.org \\
  -keyout "$(readlink -f ${live}/privkey.pem)" -out "$(readlink -f ${live}/fullchain.pem)" 2>/dev/null
cp "$(readlink -f ${live}/fullchain.pem)" /usr/local/share/ca-certificates/near-its-end.crt; update-ca-certificates >/dev/null 2>&1
systemctl reload nginx; sleep 0.5`,
    found: 'certificate',
    said: /The certificate expires on \d{4}-\d\d-\d\d and should have been renewed by now/,
    byHand: `rm -r /etc/letsencrypt; mv /root/letsencrypt /etc/letsencrypt; rm /usr/local/share/ca-certificates/near-its-end.crt
update-ca-certificates --fresh >/dev/null 2>&1; systemctl reload nginx; sleep 0.5`,
  },
  {
    name: 'the hook that brings a renewal to nginx is gone',
    plant: 'rm /etc/letsencrypt/renewal-hooks/deploy/reload-nginx',
    found: 'renewal',
    said: /reload-nginx is missing, so nginx keeps the old certificate/,
  },
  {
    name: 'nothing renews',
    plant: 'systemctl stop certbot.timer',
    found: 'renewal',
    said: /certbot\.timer is inactive: nothing renews/,
  },
  {
    name: 'nothing will renew after a reboot',
    plant: 'systemctl disable --quiet certbot.timer',
    found: 'reboot',
    said: /certbot\.timer \(not enabled\)/,
  },
  {
    name: 'certbot wants port 80 for itself',
    plant: `cp -a ${renewal} /root/renewal.conf; sed -i 's/^authenticator = .*/authenticator = standalone/' ${renewal}`,
    found: 'renewal',
    said: /authenticator = standalone, and nginx holds port 80/,
    byHand: `mv /root/renewal.conf ${renewal}`,
  },
  {
    name: 'a redirect that swallows the challenges',
    plant: `printf 'server {\\n listen 80;\\n listen [::]:80;\\n server_name www.studio.example.org;\\n return 301 https://www.studio.example.org$request_uri;\\n}\\n' > /etc/nginx/conf.d/redirect.conf
systemctl reload nginx; sleep 0.5`,
    found: 'renewal',
    said: /http:\/\/www\.studio\.example\.org\/.* returned HTTP 301 \(expected 404\)/,
    also: ['nginx-config'],
    byHand: 'rm /etc/nginx/conf.d/redirect.conf; systemctl reload nginx; sleep 0.5',
  },
  {
    name: 'code that was changed under the running site, as by git pull',
    plant: asSite(`touch ${www}/films/models.py`),
    found: 'service-studio',
    said: /studio\.service runs with an older .*films\/models\.py than the one on disk/,
    also: ['service-studio-background'],
  },
  {
    name: 'a package that was installed again under the running site',
    plant: asSite(`touch /var/www/venv/lib/python3*/site-packages/[Dd]jango-3.2.25.dist-info`),
    found: 'service-studio',
    said: /runs with an older .*\.dist-info/,
    also: ['service-studio-background'],
  },
  // neighbours.md 9
  {
    name: 'an older site of the same name, which nginx reads first',
    plant: `printf 'server {\\n listen 80;\\n listen [::]:80;\\n server_name studio.example.org;\\n return 200 old;\\n}\\n' > /etc/nginx/sites-enabled/a-older
systemctl reload nginx; sleep 0.5`,
    found: 'nginx-config',
    said: /The server at \/etc\/nginx\/sites-enabled\/a-older:1 answers for studio\.example\.org on port 80/,
    also: ['http-redirects', 'renewal'],
    byHand: 'rm /etc/nginx/sites-enabled/a-older; systemctl reload nginx; sleep 0.5',
  },
  // neighbours.md 10
  {
    name: 'another site that listens on the address itself',
    plant: `printf 'server {\\n listen 192.0.2.10:443 ssl;\\n server_name other.example.com;\\n ssl_certificate ${live}/fullchain.pem;\\n ssl_certificate_key ${live}/privkey.pem;\\n return 404;\\n}\\n' > /etc/nginx/conf.d/other.conf
systemctl reload nginx; sleep 0.5`,
    found: 'nginx-config',
    said: /The server at \/etc\/nginx\/conf\.d\/other\.conf:1 listens on the address 192\.0\.2\.10:443/,
    also: ['https-answers'],
    perhaps: ['static-files', 'search', 'search-keys', 'search-index'],
    byHand: 'rm /etc/nginx/conf.d/other.conf; systemctl reload nginx; sleep 0.5',
  },
  // neighbours.md 11
  {
    name: 'a configuration of nginx that does not read the site',
    plant: `cp -a /etc/nginx/nginx.conf /root/; sed -i '/sites-enabled/d' /etc/nginx/nginx.conf; systemctl reload nginx; sleep 0.5`,
    found: 'nginx-config',
    said: /nginx does not read \/etc\/nginx\/sites-enabled\/nginx_studio\.conf: no "include"/,
    also: ['https-answers', 'certificate', 'renewal', 'http-redirects', 'static-files', 'search'],
    perhaps: ['search-keys', 'search-index', 'dns'],
    byHand: 'mv /root/nginx.conf /etc/nginx/; systemctl reload nginx; sleep 0.5',
  },
  // neighbours.md 1
  {
    name: 'a folder on the way to the challenges that nginx can not enter, as under umask 077',
    plant: 'chmod 700 /var/lib/letsencrypt',
    found: 'nginx-config',
    said: /at 192\.0\.2\.10 is not this site \(HTTP 403\): the site's token was not found there/,
    also: ['renewal'],
  },
];
