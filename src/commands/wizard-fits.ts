import type { Options } from '../app/options.ts';
import { outputMode } from '../output/output-mode.ts';
import { SMALLEST } from '../wizard/kit/smallest.ts';

/**
 * To be asked once the output mode is decided.
 * @returns whether the full-screen wizard can be used: somebody at a terminal that can move its cursor and is large
 *   enough, or for whom the screens are said, and nothing typed that asks for plain lines
 */
export function wizardFits({ json, yes, section }: Options): boolean {
  const { stdin, stdout } = process;
  if (stdin.isTTY !== true || stdout.isTTY !== true) return false;
  if (json || yes || section.length > 0) return false;
  if (outputMode.speaks) return true;
  if (outputMode.lines) return false;
  return stdout.columns >= SMALLEST.columns && stdout.rows >= SMALLEST.rows;
}
