import { ONE_CELL_EACH } from './one-cell.ts';

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

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** East Asian wide and full-width blocks; what a terminal draws two columns wide. */
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const EMOJI = /\p{Emoji_Presentation}|\ufe0f/u;
const ZERO = /^[\p{Mark}\u200b-\u200d\ufeff]+$/u;

/** @returns the text's characters as a person counts them */
export function characters(text: string): readonly string[] {
  return ONE_CELL_EACH.test(text) ? [...text] : Array.from(graphemes.segment(text), ({ segment }) => segment);
}

/** @returns how many columns the text takes in a terminal */
export function cells(text: string): number {
  if (ONE_CELL_EACH.test(text)) return text.length;
  return characters(text).reduce((sum, character) => sum + cellsOf(character), 0);
}

function cellsOf(character: string): number {
  if (ZERO.test(character)) return 0;
  return WIDE.test(character) || EMOJI.test(character) ? 2 : 1;
}

/** @returns as much of the text's beginning as fits, with `…` where something was cut off */
export function cut(text: string, columns: number): string {
  if (cells(text) <= columns) return text;
  let kept = '';
  let used = 0;
  for (const character of characters(text)) {
    const width = cellsOf(character);
    if (used + width > columns - 1) break;
    kept += character;
    used += width;
  }
  return columns < 1 ? '' : `${kept}…`;
}

/** @returns the text's end, as much of it as fits, with `…` where something was cut off */
export function cutStart(text: string, columns: number): string {
  if (cells(text) <= columns) return text;
  let kept = '';
  let used = 0;
  for (const character of [...characters(text)].reverse()) {
    const width = cellsOf(character);
    if (used + width > columns - 1) break;
    kept = character + kept;
    used += width;
  }
  return columns < 1 ? '' : `…${kept}`;
}

/** @returns exactly `columns` wide: cut or filled with spaces */
export function fit(text: string, columns: number): string {
  const kept = cut(text, columns);
  return kept + ' '.repeat(Math.max(0, columns - cells(kept)));
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

/** Breaks a text at spaces, and inside of words that are longer than a line, so that nothing is cut off. */
export function wrapText(text: string, columns: number, indent = ''): readonly string[] {
  const room = Math.max(8, columns);
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let current = lines.length === 0 ? '' : indent;
    let empty = true;
    for (const word of paragraph.split(' ')) {
      if (!empty && cells(current) + 1 + cells(word) > room) {
        lines.push(current);
        current = indent;
        empty = true;
      }
      const pieces = piecesOf(word, room - cells(current) - (empty ? 0 : 1), room - cells(indent));
      for (const piece of pieces.slice(0, -1)) {
        lines.push(current + piece);
        current = indent;
      }
      current += `${empty ? '' : ' '}${pieces.at(-1)}`;
      empty = false;
    }
    lines.push(current);
  }
  return lines;
}

/** @returns the word in as many pieces as lines need that have room for it: the first line, and the others */
function piecesOf(word: string, first: number, others: number): readonly string[] {
  if (cells(word) <= first) return [word];
  const pieces: string[] = [];
  let piece = '';
  let used = 0;
  for (const character of characters(word)) {
    const width = cellsOf(character);
    if (piece !== '' && used + width > (pieces.length === 0 ? first : others)) {
      pieces.push(piece);
      piece = '';
      used = 0;
    }
    piece += character;
    used += width;
  }
  return [...pieces, piece];
}

/** @returns wrapped text as lines of one tone */
export function paragraph(text: string, columns: number, tone: Tone = 'plain', indent = ''): readonly Line[] {
  return wrapText(text, columns, indent).map((each) => line(each, tone));
}

/** @returns as many of the lines as there are rows for; where some are left out the last ends in `…` and `how` */
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
    ...cutLine(right[index] ?? [], size.columns - leftColumns - 3),
  ]);
}
