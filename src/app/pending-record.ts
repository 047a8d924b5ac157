import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

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
  try {
    const { procedure, arguments: given, direction, run } = JSON.parse(readFileSync(fileIn(state), 'utf8'));
    if (typeof procedure !== 'string') return undefined;
    return {
      procedure,
      arguments: given ?? {},
      direction: direction === 'backward' ? direction : 'forward',
      run,
    };
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Before the first change of a procedure, so that a kill at any moment is found by the next start. */
export function writePending(state: string, pending: Pending): void {
  mkdirSync(state, { recursive: true, mode: 0o700 });
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
