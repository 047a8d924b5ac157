import { type LogLevel, manner } from '../output/output-mode.ts';
import type { FrontEnd } from './reporter.ts';

/** @returns what draws this run: JSON when asked for, a tree in a terminal, else lines */
export async function frontEnd(options: {
  readonly json: boolean;
  readonly logLevel: LogLevel;
}): Promise<FrontEnd> {
  if (options.json) return (await import('./json-events.ts')).jsonEvents;
  if (process.stdout.isTTY === true && !manner.lines && options.logLevel !== 'debug')
    return (await import('./tree.ts')).tree();
  return (await import('./lines.ts')).lines(options.logLevel);
}
