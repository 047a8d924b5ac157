import type { Retention } from './settings.ts';

const DAY_MS = 24 * 60 * 60_000;

/** The days, weeks and months that a moment is in, in UTC; weeks begin on Monday. 1970-01-01 was a Thursday. */
const PERIODS: Readonly<Record<keyof Retention, (made: string) => string>> = {
  daily: (made) => made.slice(0, 10),
  weekly: (made) => String(Math.floor((Date.parse(made) / DAY_MS + 3) / 7)),
  monthly: (made) => made.slice(0, 7),
};

/**
 * The rule of `restic forget --keep-daily --keep-weekly --keep-monthly` (its manual, Removing backup snapshots): of each of so many
 * periods in which there is a backup, the newest stays.
 * @param backups with when they were made, ISO 8601, UTC @returns those that do not stay; the newest of all always does
 */
export function outdated<Backup extends { readonly made: string }>(
  backups: readonly Backup[],
  keep: Retention,
): readonly Backup[] {
  const newestFirst = backups.toSorted((a, b) => b.made.localeCompare(a.made));
  const kept = new Set(newestFirst.slice(0, 1));
  for (const [period, of] of Object.entries(PERIODS) as [keyof Retention, (made: string) => string][]) {
    const newest = new Map<string, Backup>();
    for (const backup of newestFirst) if (!newest.has(of(backup.made))) newest.set(of(backup.made), backup);
    for (const backup of [...newest.values()].slice(0, keep[period])) kept.add(backup);
  }
  return newestFirst.filter((backup) => !kept.has(backup));
}
