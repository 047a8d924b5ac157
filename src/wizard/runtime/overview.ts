import type { Session } from '../../app/session.ts';
import { glanceAt } from '../../app/watch/glance.ts';
import type { Section } from '../../engine/section.ts';
import { cleaned } from '../../output/clean.ts';
import { maintenanceNow } from '../../site/maintenance.ts';
import type { Store } from '../shell/store.ts';
import type { Answering } from './answering.ts';
import { dependentsOf } from './dependents.ts';
import { observe } from './observing.ts';
import type { Running } from './running.ts';

/** How the sections stand: observed in the background, and again when that does not hold any longer. */
export class Overview {
  readonly #session: Session;
  readonly #store: Store;
  readonly #sections: readonly Section[];
  readonly #answering: Answering;
  readonly #running: Running;
  #observation = 0;
  /** Answers were changed since it was observed. */
  #stale = false;

  constructor(
    session: Session,
    store: Store,
    sections: readonly Section[],
    answering: Answering,
    running: Running,
  ) {
    this.#session = session;
    this.#store = store;
    this.#sections = sections;
    this.#answering = answering;
    this.#running = running;
  }

  /** @throws ProblemError when the host can't be observed */
  async observe(): Promise<void> {
    this.#observation += 1;
    const turn = this.#observation;
    this.#store.set({ observing: true, glance: cleaned(glanceAt(this.#session)) });
    try {
      const { collected } = this.#answering;
      const maintained = await maintenanceNow(this.#session.host);
      if (turn === this.#observation) this.#store.set({ maintained });
      await observe(this.#session, this.#sections, collected, this.#running.failed, (section, status) => {
        if (turn !== this.#observation) return;
        this.#store.update((state) => ({ ...state, status: new Map(state.status).set(section, status) }));
      });
    } finally {
      if (turn === this.#observation) this.#store.set({ observing: false });
    }
  }

  /** What was observed of the sections that these answers decide on holds no longer. */
  answersChanged(ids: readonly string[]): void {
    const changed = new Set(ids.flatMap((id) => [...dependentsOf(this.#sections, id)]));
    this.#stale = true;
    this.#store.update((state) => ({
      ...state,
      status: new Map([...state.status].filter(([section]) => !changed.has(section))),
    }));
  }

  /** @returns whether it is to be observed now: once, when it is looked at again, not for each answer of a form */
  takeStale(): boolean {
    if (!this.#stale || this.#running.busy || this.#store.get().screen !== 'overview') return false;
    this.#stale = false;
    return true;
  }
}
