import type { Emit } from '../engine/events.ts';

/** What draws a run. It gets events only, all of them cleaned, and decides nothing. */
export interface Reporter {
  readonly emit: Emit;
  /** Shows a line that is about the run itself, where printing it would be held back or tear the frame. */
  note?(line: string): void;
  /** Resolves when the last frame stands. */
  end(): Promise<void>;
}
