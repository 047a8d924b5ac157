import { isPath, isUnit, readRuns } from './runs.ts';
import { begun } from './target.ts';

/**
 * What this undo did so far, its earlier starts that were cut off included: read from the journals each time, as a
 * restart that is still due after a kill shows nowhere else.
 */
export interface Progress {
  /** @returns whether one of the paths was changed after `unit` was last restarted or reloaded by this undo */
  stale(paths: (path: string) => boolean, unit: string): boolean;
}

/** The name under which a daemon-reload stands in the journal. */
export const SYSTEMD = 'systemd';

/** @param state the state folder @param number of the run that is taken back */
export function progressOf(state: string, number: string): Progress {
  const entries = begun(readRuns(state), number).flatMap((run) => run.entries);
  return {
    stale(paths, unit) {
      const changed = entries.findLastIndex((entry) => isPath(entry) && paths(entry.path));
      const done = entries.findLastIndex(
        (entry) =>
          isUnit(entry) && entry.unit === unit && (entry.kind === 'restarted' || entry.kind === 'reloaded'),
      );
      return changed > done;
    },
  };
}
