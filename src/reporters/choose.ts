import { type LogLevel, outputMode } from '../output/output-mode.ts';
import type { Reporter } from './reporter.ts';

/** @returns what draws this run: JSON when asked for, a tree in a terminal, else lines */
export async function reporterFor(options: {
  readonly json: boolean;
  readonly logLevel: LogLevel;
}): Promise<Reporter> {
  if (options.json) return (await import('./json-events.ts')).jsonEvents;
  if (process.stdout.isTTY === true && !outputMode.lines && options.logLevel !== 'debug')
    return (await import('./tree.ts')).tree();
  return (await import('./lines.ts')).lines(options.logLevel);
}
