import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { eventsPage } from '../../src/document/events.ts';
import { OTHERS } from '../../src/document/records.ts';

/** The fields that the page lists for a record. */
function documented(type: string): readonly string[] {
  const part =
    new RegExp(`^###? ${type}$([\\s\\S]*?)(?=^##|$(?![\\s\\S]))`, 'm').exec(eventsPage())?.[1] ?? '';
  return [...part.matchAll(/^\| `(\w+)` \|/gm)].map(([, name = '']) => name);
}

test('an event of a run lists its fields, those that may be absent too', () => {
  expect(documented('operation-finished')).toEqual(['at', 'operation', 'outcome', 'ms', 'problem']);
  expect(documented('planned')).toContain('irreversible');
});

test('each type is described once', () => {
  const types = [...eventsPage().matchAll(/^###? ([a-z-]+)$/gm)].map(([, type]) => type);
  expect(new Set(types).size).toBe(types.length);
  expect(types).toContain('run-finished');
  for (const { type } of OTHERS) expect(types).toContain(type);
});

test('`departures --json` prints the fields that the page lists, and no others', async () => {
  const cli = path.join(import.meta.dirname, '..', '..', 'src', 'cli.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [cli, 'departures', '--json']);
  const records = stdout
    .trim()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line));
  expect(records.length).toBeGreaterThan(10);
  for (const record of records) {
    expect(record).toMatchObject({ v: 1, type: 'departure' });
    expect(Object.keys(record).sort()).toEqual(['type', 'v', ...documented('departure')].sort());
  }
});
