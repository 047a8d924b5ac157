import type { Node } from './graph.ts';

export type Verdict = 'done' | 'failed';

/**
 * Visits each node once, after all that it needs; nodes that don't need each other are visited side by side.
 * @param visit does the work; `failed` keeps everything that needs the node from being visited
 * @param limit most visits at the same time
 * @param stopped asked before each start: `true` starts nothing more
 * @returns the nodes that were not visited
 */
export async function schedule(
  nodes: readonly Node[],
  visit: (node: Node) => Promise<Verdict>,
  limit: number,
  stopped: () => boolean = () => false,
): Promise<readonly Node[]> {
  const inside = new Set(nodes.map((node) => node.operation.id));
  const done = new Set<string>();
  const running = new Map<string, Promise<void>>();
  let waiting = [...nodes];
  const ready = (node: Node) => [...node.needs].every((id) => done.has(id) || !inside.has(id));

  for (;;) {
    while (running.size < limit && !stopped()) {
      const next = waiting.find(ready);
      if (next === undefined) break;
      waiting = waiting.filter((node) => node !== next);
      const { id } = next.operation;
      running.set(
        id,
        visit(next).then((verdict) => {
          running.delete(id);
          if (verdict === 'done') done.add(id);
        }),
      );
    }
    if (running.size === 0) return waiting;
    await Promise.race(running.values());
  }
}
