import { beside, type Line, type Size, span } from '../kit/line.ts';
import { cells, cut, fit, wrapText } from '../kit/width.ts';
import { listWindow, textWindow } from '../kit/window.ts';
import type { ListEntry, SplitBlock } from './block.ts';

/** The list is as wide as its titles, where the other half has room. */
function leftOf({ entries, noteColumns }: SplitBlock, columns: number): number {
  const wanted = entries.map(({ title }) => 5 + cells(title) + noteColumns);
  return Math.min(Math.max(24, ...wanted), Math.floor(columns * 0.45));
}

export function detailsColumns(block: SplitBlock, columns: number): number {
  return columns - leftOf(block, columns) - 3;
}

/** @param details all rows of the details, as wide as {@link detailsColumns} says */
export function splitRows(block: SplitBlock, details: readonly Line[], size: Size): readonly Line[] {
  const { entries, selected, scroll } = block;
  const left = leftOf(block, size.columns);
  const rows = (short: boolean) =>
    entries.map((entry, index) => splitRow(entry, index === selected, left, short));
  const whole = rows(false);
  const list = whole.flat().length <= size.rows ? whole : rows(true);
  return beside(
    listWindow(list, selected, size.rows),
    textWindow(details, scroll ?? 0, size.rows, scroll === undefined ? ' (Tab)' : ''),
    left,
    size,
  );
}

/** @param short in one row, with a title that is too long cut */
function splitRow(
  { title, sign, tone, note }: ListEntry,
  selected: boolean,
  columns: number,
  short: boolean,
): readonly Line[] {
  const room = Math.max(8, columns - 4 - (note === '' ? 0 : note.length + 1));
  const titles = short ? [cut(title, room)] : wrapText(title, room);
  return titles.map((each, row) => [
    span(selected && row === 0 ? '› ' : '  ', 'accent'),
    span(row === 0 ? `${sign} ` : '  ', tone),
    span(fit(each, room), selected ? 'selected' : 'plain'),
    span(note === '' || row > 0 ? '' : ` ${note}`, tone),
  ]);
}
