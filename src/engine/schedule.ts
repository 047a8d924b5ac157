import type { Node } from './graph.ts';

export type Verdict = 'done' | 'failed';

/**
 * Visits each node once, after all that it needs; nodes that don't need each other are visited side by side.
 * @param visit does the work; `failed` keeps everything that needs the node from being visited. It may call `usable` before it
 *   ends: what needs the node is visited from then on, except what installs packages, as apt is still at work
 * @param limit most visits at the same time
 * @param stopped asked before each start: `true` starts nothing more
 * @returns the nodes that were not visited
 */
export async function schedule(
  nodes: readonly Node[],
  visit: (node: Node, usable: () => void) => Promise<Verdict>,
  limit: number,
  stopped: () => boolean = () => false,
): Promise<readonly Node[]> {
  const inside = new Set(nodes.map((node) => node.operation.id));
  const done = new Set<string>();
  const usable = new Set<string>();
  const running = new Map<string, Promise<void>>();
  let waiting = [...nodes];
  const ready = ({ operation, needs }: Node) =>
    [...needs].every((id) => !inside.has(id) || done.has(id) || usable.has(id)) &&
    (operation.packages === undefined || usable.size === 0);

  let more = Promise.withResolvers<void>();

  for (;;) {
    while (running.size < limit && !stopped()) {
      const next = waiting.find(ready);
      if (next === undefined) break;
      waiting = waiting.filter((node) => node !== next);
      const { id } = next.operation;
      const visited = visit(next, () => {
        usable.add(id);
        more.resolve();
      });
      running.set(
        id,
        visited.then((verdict) => {
          running.delete(id);
          usable.delete(id);
          if (verdict === 'done') done.add(id);
        }),
      );
    }
    if (running.size === 0) return waiting;
    await Promise.race([...running.values(), more.promise]);
    more = Promise.withResolvers<void>();
  }
}
