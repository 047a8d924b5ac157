import type { ProgramResult } from '../../../src/host/host.ts';
import type { ErrorCode } from './entries.ts';

/** What goes wrong at one step of a change; steps are counted from 1. A kill ends the product there, before anything is done. */
export type Failure =
  | { readonly write: number; readonly code: ErrorCode | 'killed' }
  | { readonly exec: number; readonly result: Partial<ProgramResult> | 'killed' };

/** The product was killed: nothing that it would have done afterwards is done. */
export class Killed extends Error {}

/** Counts what changes the host, and says which step is to fail. */
export class Steps {
  writes = 0;
  execs = 0;
  readonly #failure: Failure | undefined;

  constructor(failure?: Failure) {
    this.#failure = failure;
  }

  /** @returns the error that the file system is to give. @throws Killed */
  write(): ErrorCode | undefined {
    this.writes += 1;
    const failure = this.#failure;
    if (failure === undefined || !('write' in failure) || failure.write !== this.writes) return undefined;
    if (failure.code === 'killed') throw new Killed();
    return failure.code;
  }

  /** @returns how the program is to end, without having done anything. @throws Killed */
  exec(): Partial<ProgramResult> | undefined {
    this.execs += 1;
    const failure = this.#failure;
    if (failure === undefined || !('exec' in failure) || failure.exec !== this.execs) return undefined;
    if (failure.result === 'killed') throw new Killed();
    return failure.result;
  }
}
