import type { Fix } from './check.ts';

/** What brings a new settings.py into force: both read it only when they start. */
const AFTER_SETTINGS: readonly Fix[] = ['uwsgi/service', 'background-tasks/service'];

export const SETTINGS_MENDS: readonly Fix[] = ['settings/production', ...AFTER_SETTINGS];

/** The search engine with the unit and key that it should have. */
export const MEILISEARCH_MENDS: readonly Fix[] = [
  'meilisearch/program',
  'meilisearch/master-key',
  'meilisearch/unit',
  'meilisearch/service',
];

export const SEARCH_MENDS: readonly Fix[] = [...MEILISEARCH_MENDS, 'meilisearch/keys', ...AFTER_SETTINGS];

/** nginx with the site's own files; they are only written where they differ. */
export const NGINX_MENDS: readonly Fix[] = [
  'requirements/services',
  'configuration-files/nginx-site',
  'configuration-files/nginx_studio.common.conf',
  'configuration-files/uwsgi_params',
  'nginx/link',
  'certificate/tls-options',
  'certificate/dhparams',
  'certificate/https-site',
  'start-nginx/https',
];

/** By service: what it needs of its own files, and the start. */
export const SERVICE_FIXES: Readonly<Record<string, readonly Fix[]>> = {
  meilisearch: MEILISEARCH_MENDS,
  studio: [
    'uwsgi/packages',
    'configuration-files/studio.service',
    'uwsgi/uwsgi_studio.ini',
    'ownership/config',
    'uwsgi/service',
  ],
  'studio-background': ['configuration-files/studio-background.service', 'background-tasks/service'],
  nginx: NGINX_MENDS,
};

export function timerFixes(name: string): readonly Fix[] {
  return [
    `configuration-files/${name}.timer`,
    `configuration-files/${name}.service`,
    `periodic-tasks/${name}.timer`,
    `periodic-tasks/${name}`,
  ];
}
