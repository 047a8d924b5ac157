import type { Options } from '../app/options.ts';
import type { FrontEnd } from './reporter.ts';
import { manner } from '../output/output-mode.ts';

/** @returns what draws this run: JSON when asked for, a tree in a terminal, else lines */
export async function frontEnd(options: Options): Promise<FrontEnd> {
  if (options.json) return (await import('./json-events.ts')).jsonEvents;
  if (process.stdout.isTTY === true && !manner.lines && options.logLevel !== 'debug')
    return (await import('./tree.ts')).tree();
  return (await import('./lines.ts')).lines(options.logLevel);
}
