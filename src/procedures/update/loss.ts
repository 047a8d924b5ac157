import { count } from '../../output/duration.ts';
import { localTime } from '../../output/local-time.ts';
import { named } from './repository.ts';
import type { Writes } from './state.ts';

/** Tables that are named; the one with the most rows comes first. */
const TABLES = 5;

/**
 * @param at when the dump was made, in milliseconds since the epoch
 * @param then what PostgreSQL had counted at that time; absent: nobody asked
 * @returns in whole sentences what is lost where the database is put back from that dump
 */
export function lossWords(at: number, now: Writes, then: Writes | undefined): string {
  const lost = `Everything that was written since ${localTime(at)} is lost, be it logins, comments, orders or payments`;
  const written = then === undefined ? undefined : writtenSince(now, then);
  if (written === undefined)
    return `${lost}. How many rows that is can't be told: PostgreSQL began to count again since.`;
  const rows = written.reduce((sum, [, number]) => sum + number, 0);
  return rows === 0
    ? `${lost}. PostgreSQL counted no row that was written since.`
    : `${lost}. PostgreSQL counted ${count(rows, 'row')} written in ${count(written.length, 'table')}: ${named(
        written.map(([table, number]) => `${table} ${number}`),
        TABLES,
      )}.`;
}

/** @returns rows by table, the most first; `undefined` when a counter was set back, or its table is another one now */
function writtenSince(now: Writes, then: Writes): readonly (readonly [string, number])[] | undefined {
  const rows: [string, number][] = [];
  for (const [table, [id, number]] of Object.entries(now)) {
    const [before, counted] = then[table] ?? [id, 0];
    if (before !== id || number < counted) return undefined;
    if (number > counted) rows.push([table, number - counted]);
  }
  return rows.sort(([, a], [, b]) => b - a);
}
