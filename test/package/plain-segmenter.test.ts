import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PlainSegmenter } from '../../scripts/plain-segmenter.ts';
import { ONE_CELL_EACH } from '../../src/wizard/kit/one-cell.ts';

const everyCharacter = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code));
const plain = [...everyCharacter.filter((character) => ONE_CELL_EACH.test(character)), '\x1b'];
/** All that can be asked of the segments of a text: in their order, and by each place in it and beside it. */
const asked = (segments: Intl.Segments, text: string) => [
  [...segments],
  Array.from({ length: text.length + 2 }, (_, index) => segments.containing(index - 1)),
  segments.containing(),
  segments.containing(Number.NaN),
  segments.containing(1.5),
];
const told = (text: string, granularity: 'grapheme' | 'word') =>
  asked(new PlainSegmenter('en', { granularity }).segment(text), text);
const wanted = (text: string, granularity: 'grapheme' | 'word') =>
  asked(new Intl.Segmenter('en', { granularity }).segment(text), text);

test('graphemes of plain texts are those of Intl.Segmenter, each with its place', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...plain)), (characters) => {
      const text = characters.join('');
      expect(told(text, 'grapheme')).toEqual(wanted(text, 'grapheme'));
    }),
  );
});

test.each(['', 'e\u0301', '👩‍👩‍👧 family', 'a\r\nb', '한국어', '🇩🇪🇫🇷', '\x1b[1mbold\x1b[0m ✓ ─', '⚠️ hot'])(
  'graphemes of %j',
  (text) => {
    expect(told(text, 'grapheme')).toEqual(wanted(text, 'grapheme'));
  },
);

test('any text at all', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(told(text, 'grapheme')).toEqual(wanted(text, 'grapheme'));
    }),
  );
});

test('words are left to Intl.Segmenter', () => {
  expect(told('two words', 'word')).toEqual(wanted('two words', 'word'));
});

test('the segments of one text can be gone through more than once', () => {
  const segments = new PlainSegmenter().segment('plain');
  expect([...segments]).toEqual([...segments]);
  expect([...segments]).toHaveLength(5);
});

test('reports the same options and locales as Intl.Segmenter', () => {
  expect(new PlainSegmenter('de').resolvedOptions()).toEqual(new Intl.Segmenter('de').resolvedOptions());
  expect(PlainSegmenter.supportedLocalesOf(['de', 'xx'])).toEqual(
    Intl.Segmenter.supportedLocalesOf(['de', 'xx']),
  );
});
