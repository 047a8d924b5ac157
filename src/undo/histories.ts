import type { FileStatus } from '../host/host.ts';
import type { After } from '../host/journal.ts';
import type { Rights } from '../host/rights.ts';
import { type Entry, isPath, isRights, type PathEntry } from './runs.ts';

/** What a run did with one path, first to last. */
export interface History {
  readonly path: string;
  /** What stood there before the run; `null` for nothing. */
  readonly before: (FileStatus & { readonly sha256?: string }) | null;
  /** Where the bytes of a file are that stood there. */
  readonly copy?: { readonly run: string; readonly name: string };
  /** All that the run left there at some time: a kill may have come before the last. */
  readonly afters: readonly After[];
  /** Only mode and owner were changed: what the file says is none of undo's business. */
  readonly rightsOnly: boolean;
  /** The run made a folder there. */
  readonly folder: boolean;
  readonly as?: string;
  readonly secret: boolean;
  /** What stood there before was the product's own. */
  readonly own: boolean;
}

/** @returns one history per path, in the order in which each was changed last, newest first */
export function historiesOf(entries: readonly Entry[]): readonly History[] {
  const byPath = new Map<string, PathEntry[]>();
  const first = new Map<string, Rights>();
  for (const entry of entries) {
    // Rights that were changed with a whole tree before the path itself was: what it had before that counts.
    if (isRights(entry))
      for (const each of entry.was) if (!byPath.has(each[0]) && !first.has(each[0])) first.set(each[0], each);
    if (!isPath(entry)) continue;
    const known = byPath.get(entry.path) ?? [];
    byPath.delete(entry.path);
    byPath.set(entry.path, [...known, entry]);
  }
  return [...byPath].map(([path, own]) => historyOf(own, first.get(path))).reverse();
}

function historyOf(entries: readonly PathEntry[], rights?: Rights): History {
  const [first] = entries;
  if (first === undefined) throw new TypeError('A path without an entry');
  // The first that replaced something knows what it was; what came before that had changed its rights at most.
  const replaced = entries.find(({ kind }) => kind !== 'mode' && kind !== 'owner');
  const before = replaced === undefined ? first.before : replaced.before;
  const { mode, owner, group } =
    rights === undefined
      ? (first.before ?? {})
      : { mode: rights[2], owner: rights[1].split(':')[0], group: rights[1].split(':')[1] };
  const as = entries.find((entry) => entry.as !== undefined)?.as;
  return {
    path: first.path,
    before:
      before === null || mode === undefined || owner === undefined || group === undefined
        ? before
        : { ...before, mode, owner, group },
    ...(replaced?.copy === undefined ? {} : { copy: { run: replaced.run, name: replaced.copy } }),
    afters: entries.map(({ after }) => after),
    rightsOnly: replaced === undefined,
    folder: entries.some(({ kind }) => kind === 'folder'),
    ...(as === undefined ? {} : { as }),
    secret: entries.some(({ secret }) => secret === true),
    own: replaced?.own === true,
  };
}
