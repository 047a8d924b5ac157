import { expect, test } from 'vitest';
import { applyEdits } from '../../src/text/edits.ts';

const insert = (at: number, text: string) => ({ start: at, end: at, text });
const replace = (start: number, end: number, text: string) => ({ start, end, text });

test.each([
  ['nothing', [], 'abcdef'],
  ['in any order', [replace(4, 5, 'E'), replace(0, 1, 'A')], 'AbcdEf'],
  ['insertions at one place, as given', [insert(3, '1'), insert(3, '2')], 'abc12def'],
  ['an insertion where a replacement begins, given after it', [replace(1, 3, 'X'), insert(1, '1')], 'a1Xdef'],
  ['an insertion where a replacement ends', [insert(3, '1'), replace(1, 3, 'X')], 'aX1def'],
  ['at both ends', [insert(6, '>'), insert(0, '<')], '<abcdef>'],
])('edits: %s', (_, edits, wanted) => {
  expect(applyEdits('abcdef', edits)).toBe(wanted);
});

test.each([
  ['two replacements', [replace(0, 3, ''), replace(2, 4, '')]],
  ['an insertion into a replacement', [replace(0, 3, ''), insert(2, 'x')]],
])('edits that overlap are a mistake: %s', (_, edits) => {
  expect(() => applyEdits('abcdef', edits)).toThrow(RangeError);
});
