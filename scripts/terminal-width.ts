import { ONE_CELL_EACH } from '../src/wizard/kit/one-cell.ts';

const COLOURS = /\x1b\[[\d;]*m/g;

/**
 * What `string-width` would say, for texts that are plainly one column a character; colours take none.
 * @returns `undefined` when it takes the library to tell
 */
export function plainWidth(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined;
  const shown = text.includes('\x1b') ? text.replace(COLOURS, '') : text;
  return ONE_CELL_EACH.test(shown) ? shown.length : undefined;
}
