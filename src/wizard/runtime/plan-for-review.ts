import { isLater } from '../../engine/operation.ts';
import type { Planned } from '../../engine/plan.ts';
import { departuresOf } from '../../engine/run.ts';
import { cleaned } from '../../output/clean.ts';
import type { ConflictAt, ReviewState } from '../screens/review/state.ts';

/** @returns by operation, where it does other than the document says */
export function departuresAt(planned: readonly Planned[]): ReviewState['departures'] {
  return new Map(planned.map(({ node }) => [node.operation.id, departuresOf(node.operation)]));
}

/** @returns the operator's files that would be overwritten */
export function conflictsAt(planned: readonly Planned[]): readonly ConflictAt[] {
  return planned.flatMap(({ node, observation }) =>
    observation === undefined || isLater(observation) || observation.conflict === undefined
      ? []
      : [
          cleaned({
            operation: node.operation.id,
            at: `${node.section.title} › ${node.operation.title}`,
            conflict: observation.conflict,
          }),
        ],
  );
}
