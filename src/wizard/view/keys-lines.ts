import { type Line, line, span } from '../kit/line.ts';
import { cells, fit, wrapText } from '../kit/width.ts';
import type { KeysBlock, LegendBlock } from './block.ts';

/** Columns of the keys. */
const KEYS = 24;

export function keysLines({ keys }: KeysBlock, columns: number): readonly Line[] {
  return keys.flatMap((each) =>
    wrapText(each.help, columns - KEYS).map((text, index) => [
      span(fit(index === 0 ? each.keys : '', KEYS), 'strong'),
      span(text),
    ]),
  );
}

/** In as few rows as they fit in, none apart from its meaning. */
export function legendLines({ marks }: LegendBlock, columns: number): readonly Line[] {
  const rows: string[] = [];
  for (const mark of marks) {
    const last = rows.at(-1);
    if (last !== undefined && cells(last) + 3 + cells(mark) <= columns)
      rows[rows.length - 1] = `${last}   ${mark}`;
    else rows.push(mark);
  }
  return rows.map((row) => line(row, 'dim'));
}
