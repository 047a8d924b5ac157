import { integrations } from './integrations.ts';
import { MEILISEARCH_KEY_FILE } from './layout.ts';

/** Where a secret stands on a host that is set up: at a name of settings.py, or in a file of its own. */
export type SecretPlace = { readonly setting: readonly string[] } | { readonly file: string };

/** @param id of a question @returns `undefined` for a secret that stands nowhere in plain text (a password in the database) */
export function placeOfSecret(id: string): SecretPlace | undefined {
  if (id === 'meilisearch.master-key') return { file: MEILISEARCH_KEY_FILE };
  if (id === 'secret-key') return { setting: ['SECRET_KEY'] };
  if (id === 'database.password') return { setting: ['DATABASES', 'default', 'PASSWORD'] };
  const setting = integrations.find(({ question }) => question.id === id)?.paths[0];
  return setting === undefined ? undefined : { setting };
}
