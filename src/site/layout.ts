/** Where the document puts things. Absolute paths, without a slash at the end. */
export const WWW = '/var/www';
export const CHECKOUT = `${WWW}/blender-studio`;
export const VENV = `${WWW}/venv`;
/** Where `update` tries new code before the site has it: a worktree of the checkout, www-data's alone. */
export const STAGE = `${WWW}/blender-studio.update`;
/** What `update` keeps of earlier releases, their databases too: root's alone. */
export const RELEASES = '/var/backups/blender-studio-releases';
export const CONFIG = `${WWW}/config`;
export const SETTINGS = `${CHECKOUT}/studio/settings.py`;
export const SETTINGS_EXAMPLE = `${CHECKOUT}/studio/settings.example.py`;
/** What both begin with: `from studio.settings_common import *`. */
export const SETTINGS_COMMON = `${CHECKOUT}/studio/settings_common.py`;
export const DEPLOY = `${CHECKOUT}/deploy`;
export const UNITS = '/etc/systemd/system';
export const NGINX_SITE = `${CONFIG}/nginx_studio.conf`;
export const NGINX_COMMON = `${CONFIG}/nginx_studio.common.conf`;
/** Debian's nginx reads every file of it. */
export const NGINX_SITES = '/etc/nginx/sites-enabled';
export const NGINX_LINK = `${NGINX_SITES}/nginx_studio.conf`;
/** Root's own: which load balancers nginx lets in. Debian's nginx reads every such file of the folder, before the sites. */
export const BALANCERS = '/etc/nginx/conf.d/studio-balancers.conf';
/** Root's own, while the maintenance page is on: glob(3), by which nginx reads the folder, puts `-` before `.`, and so this before the site. */
export const MAINTENANCE = `${NGINX_SITES}/nginx_studio-maintenance.conf`;
/** What nginx reads of the site. */
export const NGINX_CONFIGURATION = [NGINX_SITE, NGINX_LINK, NGINX_COMMON];
export const UWSGI_INI = `${CONFIG}/uwsgi_studio.ini`;
export const UWSGI_SOCKET = `${WWW}/studio.sock`;

/** Root's own, outside of what www-data can write: certbot writes tokens there as root. */
export const ACME_WEBROOT = '/var/lib/letsencrypt/webroot';

/** Only this site can say what stands there: fetched by name over port 80, it shows that a name leads to this server. */
export const SITE_TOKEN = `${ACME_WEBROOT}/.well-known/acme-challenge/studio-setup-site`;

/** certbot runs it after each renewal: nginx would go on serving the old certificate. */
export const RENEWAL_HOOK = '/etc/letsencrypt/renewal-hooks/deploy/reload-nginx';

/** The master key's own file, readable by root alone: systemd reads it before it drops its rights (trap 8). */
export const MEILISEARCH_KEY_FILE = '/etc/blender-studio/meilisearch.env';

/** Where Meilisearch keeps its data, and what it writes beside it: www-data's. */
export const MEILISEARCH_DATA = `${WWW}/data.ms`;
export const MEILISEARCH_DUMPS = `${WWW}/meilisearch-dumps`;
export const MEILISEARCH_SNAPSHOTS = `${WWW}/meilisearch-snapshots`;

/** Root's own: which search engine `upgrade` replaced last, and keeps to go back to. */
export const MEILISEARCH_PREVIOUS = '/etc/blender-studio/meilisearch-previous.json';

/** Meilisearch listens here in every state of the unit. */
export const MEILISEARCH_PORT = 7700;
export const MEILISEARCH = `http://127.0.0.1:${MEILISEARCH_PORT}`;

/** The document's periodic tasks, in its order. */
export const TIMERS = [
  'studio-clearsessions',
  'studio-process-deletion-requests',
  'studio-background-restart',
  'studio-stats',
  'studio-clock-tick',
] as const;

/** Units of these tasks: each a service, and the timer that starts it. */
export const TASK_UNITS: readonly string[] = TIMERS.flatMap((name) => [`${name}.service`, `${name}.timer`]);

/** Units of services that run all the time, in the order in which they are started; all else of them is in `services.ts`. */
export const SERVICE_UNITS = {
  meilisearch: 'meilisearch.service',
  studio: 'studio.service',
  'studio-background': 'studio-background.service',
  nginx: 'nginx.service',
} as const;
export type ServiceName = keyof typeof SERVICE_UNITS;

/** The site's unit files that are copied as they are, in the document's order; Meilisearch's is made again. */
export const CONFIGURED_UNITS: readonly string[] = [
  SERVICE_UNITS.studio,
  SERVICE_UNITS['studio-background'],
  ...TASK_UNITS,
];

/** All that the document has in /etc/systemd/system; nginx's is its package's own. */
export const SITE_UNITS: readonly string[] = [SERVICE_UNITS.meilisearch, ...CONFIGURED_UNITS];

/** Of the packages that the site needs besides. */
export const POSTGRESQL_UNIT = 'postgresql.service';
export const CERTBOT_TIMER = 'certbot.timer';
export const CERTBOT_SERVICE = 'certbot.service';
/** The same of certbot's snap. */
export const SNAP_TIMER = 'snap.certbot.renew.timer';
export const SNAP_SERVICE = 'snap.certbot.renew.service';

/** The product's own timers; what else is theirs stands with what they start. */
export const WATCH_TIMER = 'studio-setup-watch.timer';
export const BACKUP_TIMER = 'studio-setup-backup.timer';
export const VERIFY_TIMER = 'studio-setup-backup-verify.timer';

/** The account that owns the site, as the document wants it. */
export const SITE_USER = 'www-data';
