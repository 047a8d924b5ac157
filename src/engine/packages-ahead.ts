import type { LiveHost } from '../host/host.ts';
import type { Node } from './graph.ts';

/**
 * Fetches Debian packages of operations whose turn is still to come, in their order and beside what runs: apt installs for one at a
 * time. Only a cache changes by it, so no failure of it counts: what was not fetched is fetched by the operation itself.
 */
export class PackagesAhead {
  readonly #nodes: readonly Node[];
  readonly #live: (operation: string) => LiveHost;
  readonly #fetched = new Map<string, Promise<void>>();
  readonly #turns = new Set<string>();
  #all = Promise.resolve();
  #over = false;

  /** @param live the door through which one operation writes */
  constructor(nodes: readonly Node[], live: (operation: string) => LiveHost) {
    this.#nodes = nodes;
    this.#live = live;
  }

  /** Waits for what is being fetched for an operation whose turn it is. From then on nothing is. */
  async turnOf({ operation }: Node): Promise<void> {
    if (operation.packages === undefined) return;
    this.#turns.add(operation.id);
    // The first one fetches the lists of what there is.
    if (this.#turns.size === 2) this.#all = this.#fetchAll();
    await this.#fetched.get(operation.id);
  }

  /** Waits for what is being fetched, and begins nothing more. */
  async end(): Promise<void> {
    this.#over = true;
    await this.#all;
  }

  async #fetchAll(): Promise<void> {
    for (const { operation } of this.#nodes) {
      const { id, packages } = operation;
      if (packages?.fetch === undefined || this.#turns.has(id) || this.#over) continue;
      const fetched = packages.fetch(this.#live(id)).catch(() => {});
      this.#fetched.set(id, fetched);
      await fetched;
    }
  }
}
