import { isLater } from '../engine/operation.ts';
import type { Planned } from '../engine/plan.ts';
import type { Problem } from '../output/problem.ts';
import { changedAgainBy, type RunRecord } from './runs.ts';
import type { Target } from './target.ts';

/** @returns each file that is neither as the run left it nor as it was before, with the difference that undo would make */
export function undoConflictsOf(planned: readonly Planned[], { run, later }: Target): readonly Problem[] {
  return planned.flatMap(({ observation }) => {
    if (observation === undefined || isLater(observation) || observation.conflict === undefined) return [];
    const { path, diff } = observation.conflict;
    const since = changedAgainBy(path, later);
    return [
      {
        what:
          since === undefined
            ? `${path} was edited after run ${run.number}. Nothing was changed.`
            : `${path} was changed again by run ${since.number} (${since.command}). Nothing was changed.`,
        remedy: `${firstWay(since)} To put it back as it was before run ${run.number}: undo again with --overwrite ${path} (a copy of the current file is kept, and that undo can be undone).`,
        detail: diff
          .split('\n')
          .filter((line) => line !== '')
          .slice(0, 60),
      },
    ];
  });
}

function firstWay(since: RunRecord | undefined): string {
  if (since === undefined) return 'To keep yours: make the change shown here by hand.';
  // A procedure is never undone, and what it replaced is refused by now.
  if (since.procedure)
    return 'What that run wrote is in force: keep it, and make the change shown here by hand around it.';
  return `Undo the newer one first: studio-setup undo ${Number(since.number)}.`;
}
