import { cutLines, type Line, line, paragraph, type Size } from '../kit/line.ts';
import { cut } from '../kit/width.ts';
import type { LogBlock, Output } from './block.ts';
import { remembered } from './remembered.ts';

/** @returns lines of an output on one page: the first row says where one is */
export function logPage({ rows }: Size): number {
  return Math.max(1, rows - 1);
}

/** @returns where it is, and the lines from there on, each with all its rows */
export const logLines = remembered(({ output, from: asked, file }: LogBlock, size) => {
  const page = logPage(size);
  if (output.length === 0) return [line('No output yet.', 'dim')];
  const last = lastFrom(output, size);
  const from = Math.min(asked ?? last, last);
  const shown = output.slice(from, from + page).map((each) => textLines(each, size));
  let rows = 0;
  const whole = shown.filter((each) => {
    rows += each.length;
    return rows <= page;
  }).length;
  const to = from + Math.max(1, whole);
  const { dropped, length } = output;
  const where = `Lines ${dropped + from + 1} to ${dropped + to} of ${dropped + length}${asked === undefined ? ', following' : ''}. Full log: ${file}`;
  return [line(cut(where, size.columns), 'dim'), ...shown.flat().slice(0, page)];
});

/** @returns the first line of the last page: as many from the end as fit with all their rows */
export function lastFrom(output: Output, size: Size): number {
  const page = logPage(size);
  const tail = output.slice(Math.max(0, output.length - page), output.length);
  let rows = 0;
  const fitting = tail.toReversed().findIndex((each) => {
    rows += textLines(each, size).length;
    return rows > page;
  });
  return output.length - Math.max(1, fitting < 0 ? tail.length : fitting);
}

/** In full, but for a line that is taller than the whole page: that one is read in the log file. */
function textLines(text: string, size: Size): readonly Line[] {
  const lines = paragraph(text, size.columns, text.startsWith('$ ') ? 'strong' : 'plain');
  return cutLines(lines, logPage(size), size.columns);
}
