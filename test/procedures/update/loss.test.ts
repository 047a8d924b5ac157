import { expect, test } from 'vitest';
import { lossWords } from '../../../src/procedures/update/loss.ts';
import { parsedKept, type Writes } from '../../../src/procedures/update/state.ts';

const at = new Date('2026-11-28T03:12:00').getTime();
const counted = (...tables: readonly (readonly [string, number, number])[]): Writes =>
  Object.fromEntries(tables.map(([name, id, rows]) => [name, [id, rows]]));
const then = counted(['films_film', 1, 10], ['comments', 2, 5]);

test.each([
  [
    'rows, by table',
    counted(['films_film', 1, 11], ['comments', 2, 9]),
    /counted 5 rows written in 2 tables: comments 4, films_film 1\.$/,
  ],
  [
    'one',
    counted(['films_film', 1, 11], ['comments', 2, 5]),
    /counted 1 row written in 1 table: films_film 1\.$/,
  ],
  [
    'a table that is new',
    counted(['films_film', 1, 10], ['likes', 3, 7]),
    /counted 7 rows written in 1 table: likes 7\.$/,
  ],
  ['nothing', then, /counted no row that was written since\.$/],
  ['counters that began again, as after a crash', counted(['films_film', 1, 3]), /can't be told/],
  ['a table that was made again, as from a dump', counted(['films_film', 9, 20]), /can't be told/],
])('says what is lost: %s', (_, now, words) => {
  const said = lossWords(at, now, then);
  expect(said).toMatch(/^Everything that was written since Nov 28/);
  expect(said).toMatch(words);
});

test('names the five with the most rows', () => {
  const now = counted(...Array.from({ length: 7 }, (_, index) => [`t${index}`, index, index + 1] as const));
  expect(lossWords(at, now, {})).toMatch(
    /28 rows written in 7 tables: t6 7, t5 6, t4 5, t3 4, t2 3 and 2 more\.$/,
  );
});

test('a release that an earlier version kept has no counts, and is kept all the same', () => {
  const release = {
    commit: 'a'.repeat(40),
    branch: 'production',
    virtualenv: 'venv-0123456789ab',
    applied: [],
  };
  const kept = parsedKept(JSON.stringify(release));
  expect(kept).toEqual(release);
  expect(lossWords(at, then, kept?.writes)).toMatch(/can't be told/);
  for (const writes of [[], { a: 1 }, { a: ['x', 1] }, { a: [1] }])
    expect(parsedKept(JSON.stringify({ ...release, writes })), JSON.stringify(writes)).toBeUndefined();
});
