import { setTimeout as sleep } from 'node:timers/promises';
import { moving } from './moving.ts';
import type { Terminal } from './terminal.ts';

/** Ink asks that pastes be marked: nothing is seen of it, and nothing moves. */
const PASTES = /\x1b\[\?2004[hl]/g;

/** Hears what a program says in a terminal, in its order: what was waited for once is not found again. */
export class Listener {
  readonly #terminal: Terminal;
  #heard = 0;
  /** How long is waited for what should be said, in milliseconds. */
  patience = 20_000;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** @returns all that was said so far */
  async all(): Promise<string> {
    return (await this.#terminal.raw().catch(() => '')).replaceAll('\r\n', '\n');
  }

  /** Waits until it is said, after what was waited for before, and types then. @returns what was said until there */
  async at(wanted: string, ...keys: readonly string[]): Promise<string> {
    const deadline = Date.now() + this.patience;
    for (;;) {
      const rest = (await this.all()).slice(this.#heard);
      const found = rest.indexOf(wanted);
      if (found >= 0) {
        const said = rest.slice(0, found + wanted.length);
        this.#heard += said.length;
        await this.#terminal.press(...keys);
        return said;
      }
      if (Date.now() > deadline) throw new Error(`Waited in vain for ${wanted}:\n${rest.slice(-3000)}`);
      await sleep(50);
    }
  }

  /** What moved the cursor, erased something, or is an escape sequence at all. */
  async moved(): Promise<readonly string[]> {
    const own = (await this.all()).split('ended with')[0] ?? '';
    return moving(own.replaceAll(PASTES, '')).concat(own.match(/\x1b\[[\d;]*m/g) ?? []);
  }
}
