import { columns } from './print.ts';

/**
 * Breaks a text at spaces so that it fits the terminal; a word that is longer (a path) is left whole, so that it
 * can be copied.
 * @param indent what stands before the first and the further lines
 */
export function wrap(
  text: string,
  indent: { readonly first: string; readonly rest: string } = { first: '', rest: '' },
): string[] {
  const width = columns();
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = lines.length === 0 ? indent.first : indent.rest;
    let empty = true;
    for (const word of paragraph.split(' ')) {
      if (!empty && line.length + 1 + word.length > width) {
        lines.push(line);
        line = indent.rest;
        empty = true;
      }
      line += empty ? word : ` ${word}`;
      empty = false;
    }
    lines.push(line);
  }
  return lines;
}
