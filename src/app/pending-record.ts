import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeOwnFolder } from '../host/own-folder.ts';
import { isRecord, parsedJson } from '../output/json.ts';

/** A procedure that has begun and not ended. Plain data without secrets; those stand in the procedure's own transaction record. */
export interface Pending {
  readonly procedure: string;
  readonly arguments: Readonly<Record<string, string>>;
  /** `backward`: the way forward failed, and the old state is being brought back. */
  readonly direction: 'forward' | 'backward';
  /** Number of the run that works on it, four digits: its journal and log tell more. */
  readonly run: string;
}

/**
 * @param state the state folder
 * @returns what is recorded as pending; `undefined` for nothing, and for a record that can't be read: the host shows it too
 */
export function readPending(state: string): Pending | undefined {
  if (!existsSync(fileIn(state))) return undefined;
  const stored = parsedJson(readFileSync(fileIn(state), 'utf8'));
  if (!isRecord(stored) || typeof stored.procedure !== 'string') return undefined;
  const { procedure, arguments: given, direction, run } = stored;
  return {
    procedure,
    arguments: isRecord(given) ? Object.fromEntries(Object.entries(given).filter(isText)) : {},
    direction: direction === 'backward' ? direction : 'forward',
    run: typeof run === 'string' ? run : '',
  };
}

function isText(entry: readonly [string, unknown]): entry is [string, string] {
  return typeof entry[1] === 'string';
}

/** Before the first change of a procedure, so that a kill at any moment is found by the next start. */
export function writePending(state: string, pending: Pending): void {
  makeOwnFolder(state);
  const file = fileIn(state);
  writeFileSync(`${file}.partial`, `${JSON.stringify(pending)}\n`, { mode: 0o600, flush: true });
  renameSync(`${file}.partial`, file);
}

export function removePending(state: string): void {
  if (existsSync(fileIn(state))) rmSync(fileIn(state));
}

function fileIn(state: string): string {
  return path.join(state, 'pending.json');
}
