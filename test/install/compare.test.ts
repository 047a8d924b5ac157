import { expect, test } from 'vitest';
import { differences, type HostRecord, normalised } from './compare.ts';

const dump = [
  String.raw`\restrict Zq1`,
  "INSERT INTO public.django_content_type VALUES (1, 'admin', 'logentry');",
  "INSERT INTO public.django_content_type VALUES (2, 'auth', 'user');",
  "INSERT INTO public.auth_permission VALUES (5, 'Can add user', 2, 'add_user');",
  "INSERT INTO public.auth_user VALUES (1, 'pbkdf2_sha256$260000$abc$def=', NULL, true, 'admin', '2026-11-24 14:31:19.02+00');",
  "INSERT INTO public.films_film VALUES (3, 'Paper Mountains', '2026-11-24 14:31:11+00');",
  "INSERT INTO public.common_commandrun VALUES (1, 'clearsessions', '2026-11-24 14:31:35+00');",
  "SELECT pg_catalog.setval('public.films_film_id_seq', 3, true);",
];

/** The same dump with one piece of text in place of another. */
const changed = (before: string, after: string) => dump.map((line) => line.replace(before, after));

test.each([
  ['a row number that skipped some', 'films_film VALUES (3', 'films_film VALUES (7'],
  ['a sequence', "seq', 3", "seq', 9"],
  ['a time', '14:31:11+00', '15:02:44.123+00'],
  ['a salt', 'abc$def=', 'xyz$uvw='],
  ['one more run of a task', "(1, 'clearsessions'", "(2, 'clearsessions'"],
  ['a word against hostile dumps', 'restrict Zq1', 'restrict Yp2'],
])('%s is no difference', (_, before, after) => {
  expect(changed(before, after)).not.toEqual(dump);
  expect(normalised(changed(before, after))).toEqual(normalised(dump));
});

test.each([
  ['the text of a row', 'Paper Mountains', 'Paper Hills'],
  ['what a reference leads to', "'Can add user', 2", "'Can add user', 1"],
  ['a right of a user', 'NULL, true', 'NULL, false'],
  ['how a password is hashed', 'pbkdf2_sha256', 'md5'],
])('%s is one', (_, before, after) => {
  expect(normalised(changed(before, after))).not.toEqual(normalised(dump));
});

test('differences are told from both sides', () => {
  const one: HostRecord = {
    files: ['f 0644 /a', 'f 0644 /b'],
    settings: [],
    packages: [],
    units: [],
    database: [],
  };
  const other: HostRecord = { ...one, files: ['f 0644 /a', 'f 0600 /b'] };
  expect(differences(one, one)).toEqual([]);
  expect(differences(one, other)).toEqual([
    'files: only in the first: f 0644 /b',
    'files: only in the second: f 0600 /b',
  ]);
});
