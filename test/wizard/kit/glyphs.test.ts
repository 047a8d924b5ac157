import { expect, it } from 'vitest';
import { ASCII, asciiOf } from '../../../src/wizard/kit/glyphs.ts';
import { cells } from '../../../src/wizard/kit/width.ts';

/** What a screen may begin a row or a word with, and means something by. */
const MARKS = ['✓', '✗', '○', '●', '▸', '≠', '›', '·', '↑', '↓', '…', '•', '+', '~', '!'];

it('marks mean one thing each where only ASCII can be drawn, too', () => {
  const drawn = MARKS.map(asciiOf);
  expect(new Set(drawn).size).toBe(MARKS.length);
  expect(drawn.join('')).toMatch(/^[\x21-\x7e]+$/);
});

it('what stands for a character is as wide as it', () => {
  for (const [original, ascii] of Object.entries(ASCII))
    expect([original, ascii.length]).toEqual([original, cells(original)]);
});
