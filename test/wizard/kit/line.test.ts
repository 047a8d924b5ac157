import { describe, expect, it } from 'vitest';
import { beside, cutLine, cutLines, line, span } from '../../../src/wizard/kit/line.ts';
import { cells, cut, cutStart, fit, wrapText } from '../../../src/wizard/kit/width.ts';
import { HOSTILE } from '../states.ts';

describe('columns', () => {
  it.each([4, 5, 6, 7, 8, 9, 12])(
    'cut to %i, a line of several pieces ends in …, wherever the cut falls',
    (columns) => {
      const text = (of: readonly { readonly text: string }[]) => of.map((each) => each.text).join('');
      const shown = text(cutLine([span('12345'), span('678', 'dim'), span('90')], columns));
      expect(shown.trimEnd()).toBe(columns < 10 ? `${'1234567890'.slice(0, columns - 1)}…` : '1234567890');
      const [first = []] = cutLines([line('1234567'), line('more')], 1, columns);
      expect(text(first)).toBe(`${'1234567'.slice(0, columns - 1)}…`);
    },
  );

  it.each([
    ['abc', 3],
    ['漢字', 4],
    ['e\u0301', 1],
    ['👩‍👩‍👧‍👦', 2],
    ['›✓', 2],
  ])('%s takes %i', (text, width) => expect(cells(text)).toBe(width));

  it.each([1, 2, 7, 40])('every cut fits %i', (columns) => {
    for (const text of HOSTILE) {
      expect(cells(cut(text, columns))).toBeLessThanOrEqual(columns);
      expect(cells(cutStart(text, columns))).toBeLessThanOrEqual(columns);
      expect(cells(fit(text, columns))).toBe(columns);
    }
  });

  it('wrapping loses nothing but spaces, and every line fits', () => {
    for (const text of HOSTILE.filter((each) => !/[\u0000-\u001f]/.test(each))) {
      const lines = wrapText(text, 30);
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      for (const each of lines) expect(cells(each)).toBeLessThanOrEqual(30);
    }
  });

  it('two panes keep their border in one column', () => {
    const rows = beside([line('漢字漢字漢字'), line('a')], [line('right')], 9, { columns: 30, rows: 3 });
    const at = rows
      .map((row) => row.map(({ text }) => text).join(''))
      .map((text) => cells(text.split('│')[0] ?? ''));
    expect(new Set(at).size).toBe(1);
  });
});
