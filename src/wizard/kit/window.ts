import { type Motion, moved } from './key.ts';
import { type Line, line, type Size } from './line.ts';

/** Rows that the head, the notice, the foot and two rules take of the terminal. */
const AROUND = 5;

/** @returns what is left of a terminal for a screen's own lines */
export function bodyOf({ columns, rows }: Size): Size {
  return { columns: columns - 2, rows: rows - AROUND };
}

/**
 * The part of a list that has its selected item, with how many items there are above and below it: a list that only ends at
 * the edge of its window looks complete.
 * @param items the lines of each item, or one line
 * @returns at most `rows` lines; an item is shown whole or not at all, but for a selected one that is taller than the window
 */
export function listWindow(
  items: readonly (Line | readonly Line[])[],
  selected: number,
  rows: number,
): readonly Line[] {
  const all = items.flatMap(linesOf);
  if (all.length <= rows) return all;
  const linesAt = (index: number): readonly Line[] => linesOf(items[index] ?? []);
  let [from, to] = [selected, selected];
  let used = linesAt(selected).length;
  const takes = (index: number, first: number, last: number): boolean => {
    const marks = (first > 0 ? 1 : 0) + (last < items.length - 1 ? 1 : 0);
    if (index < 0 || index >= items.length || used + linesAt(index).length + marks > rows) return false;
    used += linesAt(index).length;
    return true;
  };
  for (let grown = true; grown; ) {
    grown = false;
    // As many above as below, as long as there are.
    if (to - selected <= selected - from || from === 0) {
      if (takes(to + 1, from, to + 1)) [to, grown] = [to + 1, true];
      else if (takes(from - 1, from - 1, to)) [from, grown] = [from - 1, true];
    } else if (takes(from - 1, from - 1, to)) [from, grown] = [from - 1, true];
    else if (takes(to + 1, from, to + 1)) [to, grown] = [to + 1, true];
  }
  const above = more('↑', from);
  const below = more('↓', items.length - 1 - to);
  const shown = items.slice(from, to + 1).flatMap(linesOf);
  return [...above, ...shown.slice(0, Math.max(1, rows - above.length - below.length)), ...below];
}

/**
 * @param how the key that scrolls it, where arrows do something else
 * @returns a long text from a line on, at most `rows` lines, with how many there are above and below
 */
export function textWindow(lines: readonly Line[], from: number, rows: number, how = ''): readonly Line[] {
  if (lines.length <= rows) return lines;
  const first = Math.max(0, Math.min(from, lastFrom(lines.length, rows)));
  const room = rows - (first > 0 ? 1 : 0);
  const below = first + room < lines.length;
  const shown = lines.slice(first, first + room - (below ? 1 : 0));
  return [...more('↑', first), ...shown, ...more('↓', lines.length - first - shown.length, how)];
}

/** @returns the line from which a text of `total` lines is shown after a key that moves */
export function textMoved(from: number, motion: Motion, total: number, rows: number): number {
  const last = lastFrom(total, rows);
  // From where it really is: a search may have gone to a line of the last page.
  return moved(Math.min(from, last), motion, last, Math.max(1, rows - 2));
}

/** One row is the mark that there is more above. */
function lastFrom(total: number, rows: number): number {
  return total <= rows ? 0 : total - rows + 1;
}

function more(arrow: string, count: number, how = ''): readonly Line[] {
  return count > 0 ? [line(`  ${arrow} ${count} more${how}`, 'dim')] : [];
}

function linesOf(item: Line | readonly Line[]): readonly Line[] {
  return isOneLine(item) ? [item] : item;
}

function isOneLine(item: Line | readonly Line[]): item is Line {
  const [first] = item;
  return first === undefined || 'text' in first;
}
