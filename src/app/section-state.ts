import { isLater } from '../engine/operation.ts';
import type { Planned } from '../engine/plan.ts';
import type { Section } from '../engine/section.ts';

/** `drifted`: it was up to date once; `blocked`: it can't go on as the host is. */
export type State = 'done' | 'to do' | 'drifted' | 'blocked';

/** Whether something of it is not up to date, or not there yet. */
export function isOpen({ observation, problem, nothingYet }: Planned): boolean {
  return observation !== undefined || problem !== undefined || nothingYet === true;
}

/** @returns the states of the sections that a section needs, as far as they are known */
export function neededBy<Each>({ needs }: Section, states: ReadonlyMap<string, Each>): readonly Each[] {
  return needs.flatMap((need) => states.get(need.split('/')[0] ?? '') ?? []);
}

/**
 * @param own all that was planned of a section
 * @param once ids of what once was up to date
 * @param needed states of the sections that it needs: one that changes nothing itself (the scorecard) is done with them
 */
export function stateOf(own: readonly Planned[], once: readonly string[], needed: readonly string[]): State {
  const open = own.filter(isOpen);
  if (own.length === 0) return needed.every((state) => state === 'done') ? 'done' : 'to do';
  if (open.length === 0) return 'done';
  if (open.some(({ problem }) => problem !== undefined)) return 'blocked';
  const drifted = open.some(
    ({ node, observation }) =>
      once.includes(node.operation.id) ||
      (observation !== undefined && !isLater(observation) && observation.conflict !== undefined),
  );
  return drifted ? 'drifted' : 'to do';
}
