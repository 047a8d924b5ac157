import type { HostEvent } from '../host/events.ts';
import type { Problem } from '../output/problem.ts';

/** How an operation ended. `skipped`: something that it needs failed or was stopped. */
export type Outcome = 'unchanged' | 'changed' | 'failed' | 'skipped';

/** What a front end needs to know about an operation to draw it. */
export interface OperationOutline {
  readonly id: string;
  readonly title: string;
  /** The plan that was agreed to has a change of it. */
  readonly planned?: true;
}

export interface SectionOutline {
  readonly id: string;
  readonly title: string;
  readonly operations: readonly OperationOutline[];
}

/**
 * The one typed stream that every front end draws: listr2's tree, plain lines, JSON, later Ink.
 * Every text in it has passed the redaction funnel. `at` is in milliseconds since the epoch.
 */
export type EngineEvent =
  | HostEvent
  | { type: 'run-started'; at: number; run: string; log: string; sections: readonly SectionOutline[] }
  | { type: 'operation-started'; at: number; operation: string }
  | {
      type: 'change';
      at: number;
      operation: string;
      kind: string;
      summary: string;
      departures: readonly string[];
    }
  | { type: 'warning'; at: number; message: string }
  | {
      type: 'operation-finished';
      at: number;
      operation: string;
      outcome: Outcome;
      ms: number;
      problem?: Problem;
    }
  | {
      type: 'run-finished';
      at: number;
      changed: number;
      unchanged: number;
      failed: number;
      skipped: number;
      restarts: readonly string[];
      ms: number;
    };

/** Takes each event as it happens. Must not throw, and must not block. */
export type Emit = (event: EngineEvent) => void;
