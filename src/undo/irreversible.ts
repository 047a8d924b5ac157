import { LEAVES_NOTHING } from '../engine/operation.ts';
import type { History } from './histories.ts';
import { copyOf } from './put-back.ts';
import type { ChangeEntry, Entry } from './runs.ts';

/** Something that the run did and undo leaves. */
export interface Irreversible {
  /** Title of the operation, or a path. */
  readonly what: string;
  readonly why: string;
}

/** @returns what of a run can't be put back: by the operation's own word, or because nothing of it is a file, link or unit */
export function irreversibleOf(
  entries: readonly Entry[],
  histories: readonly History[],
  copies: string,
): readonly Irreversible[] {
  const putBack = new Set(entries.filter((each) => each.kind !== 'change').map((each) => each.operation));
  const changes = new Map<string, Irreversible>();
  for (const entry of entries) {
    if (entry.kind !== 'change') continue;
    const { operation, title, irreversible } = entry as ChangeEntry;
    if (irreversible === LEAVES_NOTHING || (irreversible === undefined && putBack.has(operation))) continue;
    changes.set(operation, { what: title, why: irreversible ?? 'undo does not take it back' });
  }
  const lost = histories.filter((each) => isLost(each, copies));
  return [
    ...changes.values(),
    ...lost.map(({ path }) => ({ what: path, why: 'no copy of its earlier content is kept' })),
  ];
}

/** Old contents are dropped after some runs, and what is very large was never kept. */
export function isLost(history: History, copies: string): boolean {
  const { before, rightsOnly } = history;
  return before?.type === 'file' && !rightsOnly && copyOf(history, copies) === undefined;
}
