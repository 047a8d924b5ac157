import type { LiveHost } from '../host/host.ts';
import type { Node } from './graph.ts';

/**
 * Fetches the Debian packages of operations whose turn is still to come, in order, while others run: apt installs for only one
 * operation at a time. This changes nothing but a cache, so a failure does not matter: the operation fetches what is missing.
 */
export class PackagesAhead {
  readonly #nodes: readonly Node[];
  readonly #live: (operation: string) => LiveHost;
  readonly #stopped: () => boolean;
  readonly #fetched = new Map<string, Promise<boolean>>();
  readonly #turns = new Set<string>();
  #all = Promise.resolve();

  /**
   * @param live the door through which one operation writes
   * @param stopped asked before each fetch: `true` begins nothing more
   */
  constructor(nodes: readonly Node[], live: (operation: string) => LiveHost, stopped: () => boolean) {
    this.#nodes = nodes;
    this.#live = live;
    this.#stopped = stopped;
  }

  /** Waits for what is being fetched for the operation whose turn it is; nothing more is fetched for it. */
  async turnOf({ operation }: Node): Promise<void> {
    if (operation.packages === undefined) return;
    this.#turns.add(operation.id);
    // On a new server the first one fetches the lists, without which nothing is known.
    if (this.#turns.size > 1) this.#all = this.#all.then(() => this.#fetchAll());
    await this.#fetched.get(operation.id);
  }

  /** Waits for what is being fetched. */
  async end(): Promise<void> {
    await this.#all;
  }

  async #fetchAll(): Promise<void> {
    for (const { operation } of this.#nodes) {
      const { id, packages } = operation;
      if (this.#stopped()) return;
      if (packages?.fetch === undefined || this.#turns.has(id) || this.#fetched.has(id)) continue;
      const fetched = packages.fetch(this.#live(id)).catch(() => true);
      this.#fetched.set(id, fetched);
      if (!(await fetched)) this.#fetched.delete(id);
    }
  }
}
