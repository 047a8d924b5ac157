import { type RunRecord, readRuns } from '../undo/runs.ts';
import { changedSomething, takenBack } from '../undo/target.ts';
import type { Session } from './session.ts';

/** A run that changed something, as `undo` sees it. */
export interface ListedRun {
  readonly record: RunRecord;
  readonly state: 'done' | 'undone' | 'cut off';
  /** Operations that changed something. */
  readonly changes: number;
}

/** @returns the runs that changed something, newest first: what `undo RUN` takes */
export function runsOf({ product }: Pick<Session, 'product'>): readonly ListedRun[] {
  const all = readRuns(product.paths.state);
  const back = takenBack(all);
  return all
    .filter(changedSomething)
    .reverse()
    .map((record) => ({
      record,
      state: back.has(record.number) ? 'undone' : record.complete ? 'done' : 'cut off',
      changes: new Set(record.entries.map(({ operation }) => operation)).size,
    }));
}
