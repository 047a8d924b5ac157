import type { Node } from '../../engine/graph.ts';

/**
 * @param nodes each after all that it needs
 * @param planned ids of what would change
 * @param times by operation, milliseconds of an earlier run
 * @returns milliseconds of the longest chain; `undefined` when most of it was never timed
 */
export function estimateOf(
  nodes: readonly Node[],
  planned: ReadonlySet<string>,
  times: ReadonlyMap<string, number>,
): number | undefined {
  const timed = [...planned].filter((id) => times.has(id)).length;
  if (timed === 0 || timed * 2 < planned.size) return undefined;
  const ends = new Map<string, number>();
  for (const { operation, needs } of nodes) {
    const begins = Math.max(0, ...[...needs].map((id) => ends.get(id) ?? 0));
    ends.set(operation.id, begins + (planned.has(operation.id) ? (times.get(operation.id) ?? 0) : 0));
  }
  return Math.max(...ends.values());
}

/** @returns the nodes that are left when these and all that needs them are skipped */
export function withoutOperations(nodes: readonly Node[], left: ReadonlySet<string>): readonly Node[] {
  const out = new Set(left);
  return nodes.filter(({ operation, needs }) => {
    if (!out.has(operation.id) && ![...needs].some((id) => out.has(id))) return true;
    out.add(operation.id);
    return false;
  });
}
