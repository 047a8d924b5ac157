import { SMALLEST } from '../wizard/smallest.ts';
import type { Options } from './options.ts';

/**
 * @returns whether the full-screen wizard can be used: somebody at a terminal that can move its cursor and is large
 *   enough, no screen reader, and nothing said that asks for plain lines
 */
export function wizardFits({ plain, json, yes, section }: Options): boolean {
  const { stdin, stdout, env } = process;
  if (stdin.isTTY !== true || stdout.isTTY !== true) return false;
  if (plain || json || yes || section.length > 0) return false;
  if (env.TERM === undefined || env.TERM === 'dumb' || env.INK_SCREEN_READER === 'true') return false;
  return stdout.columns >= SMALLEST.columns && stdout.rows >= SMALLEST.rows;
}
