import { expect, test } from 'vitest';
import { departureMistakes, departuresIn, departuresPage } from '../../src/document/departures.ts';
import { sections } from '../../steps/index.ts';
import { departure, operation, section } from './sample.ts';

test('every departure of the product says what, instead of what, and why, under an id of its own', () => {
  expect(departureMistakes(sections)).toEqual([]);
});

test.each([
  ['an empty field', [departure('one', { why: ' ' })], ['web/0: one says nothing in "why"']],
  ['no id', [departure('')], ['web/0: "" is no id']],
  [
    'one id for two departures',
    [departure('one'), departure('one', { instead: 'a third way' })],
    ["web/1: one is another departure's id"],
  ],
  ['none where two operations share one', [departure('one'), departure('one')], []],
])('found: %s', (_, departures, mistakes) => {
  const made = section(
    'web',
    ...departures.map((each, index) => operation(`web/${index}`, { departure: each })),
  );
  expect(departureMistakes([made])).toEqual(mistakes);
});

test('a departure that several operations share is listed once, with all of them', () => {
  const shared = departure('shared');
  const made = [
    section('web', operation('web/a', { departure: [shared, departure('own')] })),
    section('mail', operation('mail/a'), operation('mail/b', { departure: shared })),
  ];
  expect(
    departuresIn(made).map(({ departure: { id }, section: { id: at }, operations }) => [id, at, operations]),
  ).toEqual([
    ['shared', 'web', ['web/a', 'mail/b']],
    ['own', 'web', ['web/a']],
  ]);
  expect(departuresPage(made)).toContain('- **Where:** `web/a`, `mail/b`');
});
