import { describe, expect, it } from 'vitest';
import { type Line, line } from '../../../src/wizard/kit/line.ts';
import { listWindow, textMoved, textWindow } from '../../../src/wizard/kit/window.ts';

const text = (lines: readonly Line[]) => lines.map((each) => each.map((span) => span.text).join(''));
const items = (count: number) => Array.from({ length: count }, (_, index) => line(`item ${index}.`));

describe('a list in its window', () => {
  it.each([
    [1, 5, 3],
    [5, 5, 5],
    [6, 5, 5],
    [40, 11, 11],
    [40, 3, 3],
  ])(
    '%i items in %i rows: the selected one is there, and what is above and below is counted',
    (count, rows) => {
      for (let selected = 0; selected < count; selected += 1) {
        const shown = text(listWindow(items(count), selected, rows));
        expect(shown.length).toBeLessThanOrEqual(rows);
        expect(shown).toContain(`item ${selected}.`);
        const hidden = shown.map((each) => Number(/[↑↓] (\d+) more/.exec(each)?.[1] ?? 0));
        const seen = shown.filter((each) => each.startsWith('item')).length;
        expect(seen + hidden.reduce((sum, each) => sum + each, 0)).toBe(count);
      }
    },
  );

  it('has no mark when all of it is shown', () => {
    expect(text(listWindow(items(4), 1, 4))).toEqual(['item 0.', 'item 1.', 'item 2.', 'item 3.']);
  });

  it('counts items, not their lines, and shows an item whole', () => {
    const tall = Array.from({ length: 9 }, (_, index) => [line(`item ${index}`), line('  and more of it')]);
    for (let selected = 0; selected < 9; selected += 1) {
      const shown = text(listWindow(tall, selected, 7));
      expect(shown.length).toBeLessThanOrEqual(7);
      const at = shown.indexOf(`item ${selected}`);
      expect(shown[at + 1]).toBe('  and more of it');
    }
    expect(text(listWindow(tall, 8, 7))[0]).toBe('  ↑ 6 more');
  });

  it('an item that is taller than the window is shown from its beginning', () => {
    const shown = text(listWindow([line('before'), items(20), line('after')], 1, 6));
    expect(shown).toEqual(['  ↑ 1 more', 'item 0.', 'item 1.', 'item 2.', 'item 3.', '  ↓ 1 more']);
  });
});

describe('a long text in its window', () => {
  it('each line of it comes into view on the way down, and up again', () => {
    const lines = items(30);
    const seen = new Set<string>();
    let from = 0;
    for (let step = 0; step < 40; step += 1) {
      const shown = text(textWindow(lines, from, 6));
      expect(shown).toHaveLength(6);
      for (const each of shown) seen.add(each);
      from = textMoved(from, 'down', 30, 6);
    }
    expect(lines.every((each) => seen.has(text([each])[0] ?? ''))).toBe(true);
    expect(text(textWindow(lines, from, 6)).at(-1)).toBe('item 29.');
    // At the end one key up is seen at once.
    const up = text(textWindow(lines, textMoved(from, 'up', 30, 6), 6));
    expect(up.at(-1)).toBe('  ↓ 2 more');
  });

  it('the line that it begins with is the one that was asked for, unless it ends before', () => {
    expect(text(textWindow(items(30), 12, 6)).slice(0, 2)).toEqual(['  ↑ 12 more', 'item 12.']);
    expect(text(textWindow(items(30), 29, 6))).toContain('item 29.');
  });
});
