import type { Host } from '../host/host.ts';
import type { LinuxHost } from '../host/linux-host.ts';
import { type Problem, problemOf } from '../output/problem.ts';
import type { Node } from './graph.ts';
import type { Change, Later } from './operation.ts';
import { schedule } from './schedule.ts';

/** What observing one operation told. */
export interface Planned {
  readonly node: Node;
  readonly observation: Change | Later | undefined;
  /** It can't go on as the host is: a requirement that is not met, say. */
  readonly problem?: Problem;
  /** Nothing is missing because there is nothing yet that it could be missing of. */
  readonly nothingYet?: boolean;
}

/** Observations wait for other programs, and a dozen of them for the one start of Django: the others need not wait with them. */
const OBSERVED_AT_ONCE = 24;

/**
 * Observes every operation and writes nothing.
 * @param each called with each entry as soon as it is known
 * @returns one entry per node, in the nodes' order
 */
export async function plan(
  nodes: readonly Node[],
  host: Host & Pick<LinuxHost, 'expect' | 'forget'>,
  each: (planned: Planned) => void = () => {},
): Promise<readonly Planned[]> {
  const found = new Map<string, Planned>();
  const keep = (planned: Planned) => {
    found.set(planned.node.operation.id, planned);
    each(planned);
  };
  // What fails is asked again by whoever needs it, and said there.
  for (const { operation } of nodes) operation.early?.(host).catch(() => {});
  await schedule(
    nodes,
    async (node) => {
      try {
        const observation = await node.operation.observe(host);
        host.expect(observation?.touches ?? []);
        const nothingYet = observation === undefined && (await node.operation.nothingYet?.(host)) === true;
        keep({ node, observation, ...(nothingYet ? { nothingYet } : {}) });
      } catch (error) {
        keep({ node, observation: undefined, problem: problemOf(error) });
      }
      return 'done';
    },
    OBSERVED_AT_ONCE,
  );
  host.forget();
  return nodes.flatMap((node) => found.get(node.operation.id) ?? []);
}
