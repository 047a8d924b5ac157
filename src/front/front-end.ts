import type { Emit } from '../engine/events.ts';

/** What draws a run. It gets events only, all of them cleaned, and decides nothing. */
export interface FrontEnd {
  readonly emit: Emit;
  /** Resolves when the last frame stands. */
  end(): Promise<void>;
}
