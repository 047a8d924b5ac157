import { describe, expect, it } from 'vitest';
import { beside, cells, cut, cutStart, fit, line, wrapText } from '../../src/wizard/line.ts';
import { HOSTILE } from './states.ts';

describe('columns', () => {
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
