import { cells, cut, wrapText } from './width.ts';

/** How a piece of text is meant; what it looks like is the terminal's and `components/` matter. */
export type Tone = 'plain' | 'dim' | 'strong' | 'good' | 'bad' | 'warn' | 'accent' | 'selected';

export interface StyledText {
  readonly text: string;
  readonly tone: Tone;
}

/** One row of the terminal. */
export type Line = readonly StyledText[];

/** Columns and rows that may be drawn in. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export function span(text: string, tone: Tone = 'plain'): StyledText {
  return { text, tone };
}

export function line(text: string, tone: Tone = 'plain'): Line {
  return [span(text, tone)];
}

/** @returns the line cut to `columns`, with `…` where something was cut off */
export function cutLine(spans: Line, columns: number): Line {
  const kept: StyledText[] = [];
  let left = columns;
  for (const [index, { text, tone }] of spans.entries()) {
    const rest = left <= 0 && spans.slice(index).some((each) => each.text.trim() !== '');
    const last = kept.at(-1);
    // The cut falls between two pieces: the one before it must say that there is more.
    if (rest && last) kept[kept.length - 1] = { ...last, text: cut(`${last.text}…`, cells(last.text)) };
    if (left <= 0) break;
    const shown = cut(text, left);
    kept.push({ text: shown, tone });
    left -= cells(shown);
  }
  return kept;
}

/** @returns the line exactly `columns` wide */
function fitLine(spans: Line, columns: number): Line {
  const kept = cutLine(spans, columns);
  const used = kept.reduce((sum, { text }) => sum + cells(text), 0);
  return used >= columns ? kept : [...kept, span(' '.repeat(columns - used))];
}

/** @returns wrapped text as lines of one tone */
export function paragraph(text: string, columns: number, tone: Tone = 'plain', indent = ''): readonly Line[] {
  return wrapText(text, columns, indent).map((each) => line(each, tone));
}

/** @returns as many of the lines as there are rows for; where some are skipped the last ends in `…` and `how` */
export function cutLines(lines: readonly Line[], rows: number, columns: number, how = ''): readonly Line[] {
  if (lines.length <= rows) return lines;
  const kept = lines.slice(0, Math.max(0, rows));
  const last = kept.at(-1);
  if (last === undefined) return kept;
  const room = columns - cells(how);
  const used = last.reduce((sum, { text }) => sum + cells(text), 0);
  const head = used < room ? [...last, span('…', 'dim')] : cutLine([...last, span('……')], room);
  return [...kept.slice(0, -1), [...head, span(how, 'dim')]];
}

/** Columns between two panes. */
export const BORDER = 3;

/** @returns two panes side by side, `height` rows */
export function beside(
  left: readonly Line[],
  right: readonly Line[],
  leftColumns: number,
  size: Size,
): readonly Line[] {
  return Array.from({ length: size.rows }, (_, index) => [
    ...fitLine(left[index] ?? [], leftColumns),
    span(' │ ', 'dim'),
    ...cutLine(right[index] ?? [], size.columns - leftColumns - BORDER),
  ]);
}
