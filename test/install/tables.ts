import { expect } from 'vitest';
import { template } from '../../templates/index.ts';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import { shell } from './operator.ts';

/** A table of the site's database. */
export interface Counted {
  readonly rows: number;
  readonly digest: string;
  /** Of one in which the tasks of a site that runs note that they did: each row. */
  readonly lines?: readonly string[];
}

const NOTES = /\.(common_commandrun|stats_statistic|background_task.*)$/;

/** @returns rows and digest of each table of the site's database, by its name */
export async function tables(host: Rehearsal): Promise<Readonly<Record<string, Counted>>> {
  await host.write('/tmp/tables.sql', template('backup/tables.sql'));
  const lines = await shell(
    host,
    'su postgres -c "psql --no-psqlrc --quiet -tA -f /tmp/tables.sql studio"; rm /tmp/tables.sql',
  );
  const found = lines
    .split('\n')
    .filter((line) => line.includes('"table"'))
    .map((line) => JSON.parse(line) as Counted & { table: string });
  expect(found.length).toBeGreaterThan(5);
  const counted: Record<string, Counted> = {};
  for (const { table, rows, digest } of found)
    counted[table] = { rows, digest, ...(NOTES.test(table) ? { lines: await linesOf(host, table) } : {}) };
  return counted;
}

async function linesOf(host: Rehearsal, table: string): Promise<readonly string[]> {
  return (await shell(host, `su postgres -c "psql --no-psqlrc -tAc 'SELECT t FROM ${table} t' studio"`))
    .split('\n')
    .filter(Boolean);
}

/** Every table is as it was; where a restored site has noted by now that its tasks ran, every row of before is there. */
export function expectSameTables(
  now: Readonly<Record<string, Counted>>,
  before: Readonly<Record<string, Counted>>,
): void {
  expect(Object.keys(now)).toEqual(Object.keys(before));
  for (const [table, entry] of Object.entries(before)) {
    if (entry.lines === undefined) expect(now[table], table).toEqual(entry);
    else expect(now[table]?.lines, table).toEqual(expect.arrayContaining([...entry.lines]));
  }
}
