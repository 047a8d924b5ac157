import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { plainWidth } from '../../../scripts/terminal-width.ts';
import { cells, cut, fit } from '../../../src/wizard/kit/width.ts';

describe('columns of a text', () => {
  it.each([
    ['ASCII', 'abc', 3],
    ['the marks of the screens', '›✓✗○●▸├─│…≠', 11],
    ['Han', '漢字', 4],
    ['full-width letters', 'ＡＢ', 4],
    ['Hangul', '한글', 4],
    ['an accent that combines', 'e\u0301', 1],
    ['a family in one emoji', '👩‍👩‍👧‍👦', 2],
    ['an emoji by its selector', '✔\ufe0f', 2],
    ['a flag', '🇩🇪', 2],
    ['a soft hyphen', 'so\u00adft', 4],
    ['the filler of Hangul', '\u1160', 0],
    ['a zero-width space', 'a\u200bb', 2],
    ['a Devanagari cluster', 'क्षि', stringWidth('क्षि')],
    ['a Devanagari vowel sign with a width of its own', 'नी', stringWidth('नी')],
    ['half-width kana with its mark', 'ｶﾞ', 2],
    ['Arabic', 'سلام', 4],
  ])('%s', (_, text, columns) => {
    expect(cells(text)).toBe(columns);
    expect(stringWidth(text)).toBe(columns);
  });

  it('are as many as Ink counts, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(cells(text)).toBe(stringWidth(text));
      }),
    );
  });

  it('of a cut or filled text are never more than there are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, columns) => {
        expect(cells(cut(text, columns))).toBeLessThanOrEqual(columns);
        expect(cells(fit(text, columns))).toBe(columns);
      }),
    );
  });

  it('the fast path of the bundle says the same', () => {
    for (const text of ['abc', '›✓ done', '\u001b[31mred\u001b[39m'])
      expect(plainWidth(text)).toBe(stringWidth(text));
  });
});
