import { MEILISEARCH_DATA } from './layout.ts';

/**
 * @param lines the last lines of Meilisearch's journal
 * @returns what to do about the sentence that it ended with, in the words of all its versions; `undefined` for any other
 */
export function explainJournal(lines: readonly string[]): string | undefined {
  const journal = lines.join('\n');
  if (/unexpected argument|Found argument '|provided more than once/.test(journal)) {
    return 'This version of Meilisearch rejects an option in its unit: check the answer meilisearch.version, then run again.';
  }
  if (/The master key must be at least|MEILI_MASTER_KEY is mandatory|must provide a master key/.test(journal))
    return 'Meilisearch rejects the master key: from version 1.0 on, it must have at least 16 characters.';
  if (
    /Expected MeiliSearch engine version|Your database version|failed to infer the version|Version file is/i.test(
      journal,
    )
  ) {
    return `Another version of Meilisearch wrote the data folder: export a dump with the old version, or move ${MEILISEARCH_DATA} away. Nothing was deleted.`;
  }
  if (/Permission denied \(os error 13\)/.test(journal))
    return `www-data can't write to ${MEILISEARCH_DATA}, or to a folder that the unit names: systemctl cat meilisearch`;
  if (/database already exists/.test(journal))
    return 'The unit has --import-dump, which works only once: remove it (systemctl edit --full meilisearch), then run again.';
  return undefined;
}
