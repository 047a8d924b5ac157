import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainWidth } from '../../scripts/terminal-width.ts';

// The one that Ink brings: it is what is spared.
const ink = createRequire(import.meta.url).resolve('ink');
const stringWidth: (text: string) => number = createRequire(ink)('string-width').default;

const everyCharacter = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code));

describe('the width of a text without the library that Ink measures with', () => {
  it("is the library's, for every character that it is told for", () => {
    const told = everyCharacter.filter((character) => plainWidth(character) !== undefined);
    expect(told.filter((character) => plainWidth(character) !== stringWidth(character))).toEqual([]);
    for (const drawn of "✓✗○●▸▾›─│├█░…≠•·'↑↓⠋⠏éß") expect(told).toContain(drawn);
  });

  it("is the library's for texts of several, coloured or not", () => {
    const character = fc.constantFrom(...everyCharacter.filter((each) => plainWidth(each) !== undefined));
    const piece = fc.oneof(character, fc.constantFrom('\x1b[1m', '\x1b[22m', '\x1b[38;5;9m', '\x1b[0m'));
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join('');
        expect(plainWidth(text)).toBe(stringWidth(text));
      }),
    );
  });

  it('is left to the library for what may be wider, joined or hidden', () => {
    for (const text of ['漢', '👩‍👧', 'e\u0301', '☎\ufe0f', 'a\u200bb', '\t', '\x1b]0;title\x07', '⌚'])
      expect(plainWidth(text)).toBeUndefined();
  });
});
