import { asSite, type Fault, settings, units, www } from './fault.ts';

const media = `${www}/public/media`;
const python = '/var/www/venv/bin/python';
const manage = `cd ${www}; runuser -u www-data -- ${python} manage.py`;
const psql = 'cd /; runuser -u postgres -- psql -qd studio -c';
/** What runs has read the settings before the fault came into them. */
const older = ['service-studio', 'service-studio-background'];
const asksDatabase = ['database', 'site-record', 'background-queue'];
/** Asks Meilisearch for something with one of settings.py's keys. */
const withKey = (key: string, request: string) =>
  `key=$(sed -n "s/^${key} = '\\(.*\\)'/\\1/p" ${settings}); curl -sS --fail -o /dev/null -H "Authorization: Bearer $key" ${request}; sleep 0.5`;
const setting = (name: string, value: string) =>
  asSite(`sed -i "s|^${name} = .*|${name} = ${value}|" ${settings}`);

/** Of the settings, the database, the search, rights, secrets, and the machine. */
export const faults: readonly Fault[] = [
  {
    name: 'DEBUG is on',
    plant: setting('DEBUG', 'True'),
    found: 'settings',
    said: /DEBUG is on: errors show settings and code to every visitor/,
    also: older,
  },
  {
    name: 'logins over plain HTTP',
    plant: asSite(`sed -i '1a import os\\nos.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"' ${settings}`),
    found: 'settings',
    said: /OAUTHLIB_INSECURE_TRANSPORT is set/,
    also: older,
  },
  {
    name: 'settings with a typing error',
    plant: `cp -a ${settings} /root/settings.py; ${asSite(`sed -i '$a MEDIA_ROOT = (' ${settings}`)}`,
    found: 'settings',
    said: /settings\.py does not import: SyntaxError/,
    also: [
      'integrations',
      'search',
      'search-keys',
      'search-index',
      'static-files',
      ...asksDatabase,
      ...older,
    ],
    byHand: `cp -a /root/settings.py ${settings}; rm /root/settings.py`,
  },
  {
    name: "the example's SECRET_KEY",
    plant: setting('SECRET_KEY', "'CHANGE_ME'"),
    found: 'placeholders',
    said: /CHANGE_ME is left in .*settings\.py: SECRET_KEY \(line \d+\)/,
    also: older,
  },
  {
    name: "the document's unit of Meilisearch, as it is copied",
    plant: `cp ${www}/deploy${units}/meilisearch.service ${units}/`,
    found: 'placeholders',
    said: /CHANGE_ME is left in \/etc\/systemd\/system\/meilisearch\.service/,
    also: ['service-meilisearch'],
  },
  {
    name: "Mailgun's keys, and a backend that sends nothing (trap 17)",
    plant: `cp -a ${settings} /root/settings.py; ${setting('EMAIL_BACKEND', "'django.core.mail.backends.console.EmailBackend'")}`,
    found: 'integrations',
    said: /Mailgun: EMAIL_BACKEND is django\.core\.mail\.backends\.console\.EmailBackend: no e-mail leaves/,
    also: older,
    byHand: `cp -a /root/settings.py ${settings}; rm /root/settings.py`,
  },
  {
    name: 'a Python package that is gone',
    plant: `mv /var/www/venv/lib/python3*/site-packages/braintree /root/`,
    found: 'settings',
    said: /does not import: ModuleNotFoundError: No module named 'braintree'/,
    also: ['integrations', 'static-files', ...asksDatabase],
    byHand: `mv /root/braintree /var/www/venv/lib/python3*/site-packages/`,
  },
  {
    name: 'a migration that is not applied',
    plant: `${manage} migrate -v0 stats zero`,
    found: 'database',
    said: /A migration is not applied: stats\.0001_initial/,
  },
  {
    name: 'a database server that is stopped',
    plant: 'systemctl stop postgresql',
    found: 'database',
    said: /can't use its database: OperationalError/,
    also: ['https-answers', 'service-studio', 'site-record', 'background-queue'],
    perhaps: ['service-studio-background', 'timer-studio-clearsessions', 'settings', 'integrations'],
  },
  {
    name: 'another password in the database than in the settings',
    plant: `${psql} "ALTER ROLE studio PASSWORD 'not-the-one-of-the-settings'"`,
    found: 'database',
    said: /password authentication failed/,
    also: ['https-answers', 'service-studio', 'site-record', 'background-queue'],
    byHand: `password=$(cat /root/secrets/database.password); ${psql} "ALTER ROLE studio PASSWORD '$password'"`,
  },
  {
    name: "Django's own Site record",
    plant: `${psql} "UPDATE django_site SET domain = 'example.com'"`,
    found: 'site-record',
    said: /The Site record says example\.com; the site's domain is studio\.example\.org/,
  },
  {
    name: 'a static file that is gone',
    plant: `rm ${www}/public/static/common/studio.css`,
    found: 'static-files',
    said: /Files missing or outdated in .*: 1\./,
  },
  {
    name: "keys that are not Meilisearch's any more",
    plant: setting('MEILISEARCH_PUBLIC_KEY', `'${'0123456789abcdef'.repeat(4)}'`),
    found: 'search-keys',
    said: /are not those of Meilisearch/,
    also: ['search', ...older],
  },
  {
    name: 'a search index that was emptied',
    plant: withKey('MEILISEARCH_PRIVATE_KEY', '-X DELETE http://127.0.0.1:7700/indexes/studio/documents'),
    found: 'search-index',
    said: /The index is empty, although the site has films, posts or trainings/,
  },
  {
    name: 'a search index that is gone',
    plant: withKey('MEILISEARCH_PRIVATE_KEY', '-X DELETE http://127.0.0.1:7700/indexes/studio'),
    found: 'search',
    said: /Meilisearch has no indexes/,
    also: ['search-index'],
  },
  {
    name: 'settings that everybody can read',
    plant: `chmod 644 ${settings}`,
    found: 'secrets',
    said: /Other users can read .*settings\.py/,
  },
  {
    name: 'a copy of the settings that everybody can read',
    plant: `install -m 644 -o www-data -g www-data ${settings} ${settings}.bak`,
    found: 'secrets',
    said: /Other users can read .*settings\.py\.bak/,
    byHand: `rm ${settings}.bak`,
  },
  {
    name: "a login for the repository in the checkout's own configuration, which everybody can read",
    plant: `cp -p ${www}/.git/config /root/config
${asSite(`git -C ${www} remote set-url origin https://word-of-nobody@git.example.org/site.git`)}; chmod 644 ${www}/.git/config`,
    found: 'secrets',
    said: /Other users can read .*\.git\/config/,
    byHand: `cp --no-preserve=all /root/config ${www}/.git/config; chown www-data:www-data ${www}/.git/config; rm /root/config`,
  },
  {
    name: 'a private key that everybody can read',
    plant:
      'chmod 755 /etc/letsencrypt/live /etc/letsencrypt/archive; chmod 644 /etc/letsencrypt/archive/*/privkey*',
    found: 'secrets',
    said: /Other users can read .*privkey\.pem/,
    byHand:
      'chmod 700 /etc/letsencrypt/live /etc/letsencrypt/archive; chmod 600 /etc/letsencrypt/archive/*/privkey*',
  },
  {
    name: 'the master key in the unit, as the document has it',
    plant: `key=$(sed -n 's/^MEILI_MASTER_KEY=//p' /etc/blender-studio/meilisearch.env)
cp ${www}/deploy${units}/meilisearch.service ${units}/; sed -i "s/MEILI_MASTER_KEY=CHANGE_ME/MEILI_MASTER_KEY=$key/; s/^#.*CHANGE_ME.*//" ${units}/meilisearch.service
systemctl daemon-reload; systemctl restart meilisearch; sleep 1`,
    found: 'secrets',
    said: /the master key in meilisearch\.service \(systemctl show\)/,
    options: ['--overwrite', `${units}/meilisearch.service`],
  },
  {
    name: 'a master key that everybody can read',
    plant: 'chmod 644 /etc/blender-studio/meilisearch.env',
    found: 'secrets',
    said: /Other users can read \/etc\/blender-studio\/meilisearch\.env/,
  },
  {
    name: "root's file in the checkout, as after a pull as root",
    plant: `rm -f ${www}/studio/pulled.md; touch ${www}/studio/pulled.md`,
    found: 'rights',
    said: /studio\/pulled\.md belongs to another account/,
  },
  {
    name: 'uploads that can not be written',
    plant: `mkdir -p ${media}; chown root: ${media}`,
    found: 'rights',
    said: /public\/media is not writable by www-data/,
  },
  {
    name: 'search data of root, as of a Meilisearch that root started there',
    plant: 'chown -R root: /var/www/data.ms',
    found: 'rights',
    said: /data\.ms is not writable by www-data/,
  },
  {
    name: 'settings that the site can not read',
    plant: `chown root: ${settings}`,
    found: 'rights',
    said: /settings\.py is not readable by www-data/,
    // Python is content with what it compiled before.
    also: ['search', 'search-keys', 'search-index', 'placeholders'],
  },
  {
    name: "root's unit in the hands of www-data",
    plant: `chown www-data ${units}/studio-background-restart.service`,
    found: 'roots-files',
    said: /www-data can write \/etc\/systemd\/system\/studio-background-restart\.service/,
  },
  {
    name: "root's hook in the hands of www-data",
    plant: 'chmod 777 /etc/letsencrypt/renewal-hooks/deploy/reload-nginx',
    found: 'roots-files',
    said: /www-data can write .*reload-nginx/,
  },
  {
    name: 'a job of root that everybody can write',
    plant: 'install -m 777 /dev/null /etc/cron.daily/backup',
    found: 'roots-files',
    said: /www-data can write \/etc\/cron\.daily\/backup/,
    byHand: 'rm /etc/cron.daily/backup',
  },
  {
    name: 'a unit of the site that runs as root',
    plant: `mkdir ${units}/studio-clock-tick.service.d
      printf '[Service]\\nUser=root\\n' > ${units}/studio-clock-tick.service.d/evil.conf; systemctl daemon-reload`,
    found: 'root-units',
    said: /studio-clock-tick\.service has root's rights: systemd runs it as root/,
    byHand: `rm -r ${units}/studio-clock-tick.service.d; systemctl daemon-reload`,
  },
  {
    name: 'a program of root in a folder of www-data',
    plant: `install -D -m 755 /dev/null /var/www/tools/bin/backup
      printf '[Service]\\nType=oneshot\\nExecStart=/bin/sh /var/www/tools/bin/backup\\n' > ${units}/backup.service
      systemctl daemon-reload`,
    found: 'roots-files',
    said: /www-data can write \/var\/www, which root reads or starts/,
    byHand: `rm -r ${units}/backup.service /var/www/tools; systemctl daemon-reload`,
  },
  {
    name: 'a full disk',
    plant: `${asSite(`mkdir -p ${media}`)}; mount -t tmpfs -o size=20m,uid=33,gid=33 tmpfs ${media}`,
    found: 'disk',
    said: /Only \d+ MB are free on .*public\/media/,
    byHand: `umount ${media}`,
  },
  {
    name: 'hardly any memory',
    plant: `printf 'MemTotal: 2000000 kB\\nMemAvailable: 40000 kB\\nSwapTotal: 0 kB\\nSwapFree: 0 kB\\n' > /run/meminfo; mount --bind /run/meminfo /proc/meminfo`,
    found: 'memory',
    said: /Only 39 MB of memory and swap are free/,
    byHand: 'umount /proc/meminfo',
  },
  {
    name: 'a clock that is wrong, by that of the certificate authority',
    plant: `cp /etc/hosts /root/hosts; echo '127.0.0.1 acme.example.test' >> /etc/hosts
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 10 -subj /CN=acme.example.test \\
  -addext subjectAltName=DNS:acme.example.test -keyout /root/clock.key -out /root/clock.pem 2>/dev/null
cp /root/clock.pem /usr/local/share/ca-certificates/clock.crt; update-ca-certificates >/dev/null 2>&1
cat > /root/clock.py <<'END'
import http.server, ssl, time
class Late(http.server.BaseHTTPRequestHandler):
    def date_time_string(self, timestamp=None):
        return super().date_time_string(time.time() + 7200)
    def do_GET(self):
        self.send_response(200); self.end_headers()
server = http.server.HTTPServer(('127.0.0.1', 14000), Late)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain('/root/clock.pem', '/root/clock.key')
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
END
systemd-run -q --unit=clock python3 /root/clock.py; sleep 1`,
    found: 'clock',
    said: /The clock is 120 minutes behind acme\.example\.test:14000/,
    byHand: `systemctl stop clock; cp /root/hosts /etc/hosts; rm /usr/local/share/ca-certificates/clock.crt /root/clock.* /root/hosts
update-ca-certificates --fresh >/dev/null 2>&1`,
  },
];
