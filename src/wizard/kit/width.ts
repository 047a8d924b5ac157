import stringWidth from 'string-width';
import { ONE_CELL_EACH } from './one-cell.ts';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** @returns the text's characters as a person counts them */
export function characters(text: string): readonly string[] {
  return ONE_CELL_EACH.test(text) ? [...text] : Array.from(graphemes.segment(text), ({ segment }) => segment);
}

/** @returns how many columns the text takes in a terminal, as Ink counts them; what the terminal would obey takes none */
export function cells(text: string): number {
  if (ONE_CELL_EACH.test(text)) return text.length;
  return characters(text).reduce((sum, character) => sum + cellsOf(character), 0);
}

/** Widths that were counted before: a screen asks for the same characters at each key. */
const counted = new Map<string, number>();
const MOST_COUNTED = 4096;

/** Of one character; the fast path above has left what is not plain. */
function cellsOf(character: string): number {
  if (ONE_CELL_EACH.test(character)) return 1;
  const before = counted.get(character);
  if (before !== undefined) return before;
  const width = stringWidth(character);
  if (counted.size >= MOST_COUNTED) counted.clear();
  // Of marks without end that are put on one letter none is kept.
  if (character.length <= 32) counted.set(character, width);
  return width;
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
