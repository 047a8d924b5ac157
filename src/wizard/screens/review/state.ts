import type { Estimate } from '../../../app/estimate.ts';
import type { SectionOutline } from '../../../engine/events.ts';
import type { Conflict, Departure } from '../../../engine/operation.ts';
import type { Fact } from '../../../output/fact.ts';
import type { Problem } from '../../../output/problem.ts';
import type { PlanEntry } from '../../../reporters/plan-view.ts';
import type { Irreversible } from '../../../undo/irreversible.ts';
import type { TaskRequest } from '../../state/task.ts';

export interface ConflictAt {
  readonly operation: string;
  readonly at: string;
  readonly conflict: Conflict;
}

export interface ReviewState {
  /** Ids of the sections it is about; empty: all. */
  readonly names: readonly string[];
  readonly entries: readonly PlanEntry[];
  readonly departures: ReadonlyMap<string, readonly Departure[]>;
  readonly problems: readonly { readonly at?: string | undefined; readonly problem: Problem }[];
  readonly conflicts: readonly ConflictAt[];
  /** Files of the operator's that stay as they are in this run. */
  readonly excluded: ReadonlySet<string>;
  readonly estimate: Estimate | undefined;
  /** What the server will be; none in the review of a task. */
  readonly site: readonly Fact[];
  /** What is downloaded, in words; `undefined`: nothing. */
  readonly downloads: string | undefined;
  readonly folded: ReadonlySet<string>;
  readonly opened: ReadonlySet<string>;
  readonly selected: number;
  /** Absent: it is about the sections of the document. */
  readonly task?: ReviewedTask;
}

/** What stands in the review of a task besides its changes. */
interface ReviewedTask {
  readonly request: TaskRequest;
  readonly title: string;
  /** The headings of its changes. */
  readonly sections: readonly Pick<SectionOutline, 'id' | 'title'>[];
  readonly notices: readonly string[];
  readonly irreversible: readonly Irreversible[];
  readonly mayKeep: boolean;
  /** Told where there is nothing to change. */
  readonly nothing: string;
  /** Whether Enter does something where there is nothing to change. */
  readonly mayDoNothing: boolean;
}

declare module '../../state/state.ts' {
  interface ScreenParts {
    review: { readonly review: ReviewState | undefined };
  }
}

/** @returns what is applied: the operator's files that are excluded are no part of it */
export function applied({ entries, excluded }: ReviewState): readonly PlanEntry[] {
  return entries.filter(({ operation }) => !excluded.has(operation));
}
