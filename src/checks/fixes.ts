import { SERVICE_UNITS, SETTINGS } from '../site/layout.ts';
import { ALL_SERVICES, SERVICES } from '../site/services.ts';
import type { Fix } from './check.ts';

/** What brings a new settings.py into force. */
const AFTER_SETTINGS: readonly Fix[] = ALL_SERVICES.filter(({ reads }) => reads.includes(SETTINGS)).map(
  ({ operation }) => operation,
);

export const SETTINGS_FIXES: readonly Fix[] = ['settings/production', ...AFTER_SETTINGS];

/** The search engine with the unit and key that it should have. */
export const MEILISEARCH_FIXES: readonly Fix[] = SERVICES.meilisearch.fixes;

export const SEARCH_FIXES: readonly Fix[] = [...MEILISEARCH_FIXES, 'meilisearch/keys', ...AFTER_SETTINGS];

/** nginx with the site's own files; they are only written where they differ. */
export const NGINX_FIXES: readonly Fix[] = SERVICES.nginx.fixes;

/** @param name of one of `SITE_UNITS` @returns what writes its file */
export function unitFix(name: string): Fix {
  return name === SERVICE_UNITS.meilisearch ? 'meilisearch/unit' : `configuration-files/${name}`;
}

export function timerFixes(name: string): readonly Fix[] {
  return [
    `configuration-files/${name}.timer`,
    `configuration-files/${name}.service`,
    `periodic-tasks/${name}.timer`,
    `periodic-tasks/${name}`,
  ];
}
