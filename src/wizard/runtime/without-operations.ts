import type { Node } from '../../engine/graph.ts';

/** @returns the nodes that are left when these and all that needs them are skipped */
export function withoutOperations(nodes: readonly Node[], left: ReadonlySet<string>): readonly Node[] {
  const out = new Set(left);
  return nodes.filter(({ operation, needs }) => {
    if (!out.has(operation.id) && ![...needs].some((id) => out.has(id))) return true;
    out.add(operation.id);
    return false;
  });
}
