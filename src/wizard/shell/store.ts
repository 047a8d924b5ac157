import type { EngineEvent } from '../../engine/events.ts';
import type { Key } from '../kit/key.ts';
import type { Size } from '../kit/line.ts';
import { isAwaited } from '../screens/questions/rows.ts';
import type { Dispatch } from '../state/intent.ts';
import type { WizardState } from '../state/state.ts';
import { press } from './press.ts';
import { screenOf } from './screens.ts';

/** A frame at most this often for what programs say; a key is drawn at once. */
const FRAME_MS = 50;
/** Spinners and elapsed times. */
const TICK_MS = 120;

/**
 * The one store that the screens draw. Keys and results replace the state at once; a run's events go into its model
 * as they come and are drawn some twenty times a second, whatever comes.
 */
export class Store {
  #state: WizardState;
  readonly #watchers = new Set<() => void>();
  #frame: NodeJS.Timeout | undefined;
  #tick: NodeJS.Timeout | undefined;
  /** What keys ask for; set once the product listens. */
  dispatch: Dispatch = () => {};

  constructor(state: WizardState) {
    this.#state = state;
  }

  readonly get = (): WizardState => this.#state;

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  update(change: (state: WizardState) => WizardState): void {
    const next = change(this.#state);
    if (next === this.#state) return;
    // What was searched on one screen means nothing on the next.
    const left = next.screen !== this.#state.screen && next.search === this.#state.search;
    this.#draw(left ? { ...next, search: { text: '', typing: false } } : next);
  }

  set(change: Partial<WizardState>): void {
    this.update((state) => ({ ...state, ...change }));
  }

  keys(keys: readonly Key[]): void {
    for (const key of keys) {
      const dispatched: Parameters<Dispatch>[0][] = [];
      this.update((state) => press(state, key, (intent) => dispatched.push(intent)));
      // After the key is drawn: what is asked for may take its time.
      for (const intent of dispatched) this.dispatch(intent);
    }
  }

  resize(size: Size): void {
    this.update((state) => {
      const next = { ...state, size };
      return screenOf(next).resized?.(next, state.size) ?? next;
    });
  }

  feed(event: EngineEvent): void {
    this.#state.run.model.feed(event);
    this.#frame ??= setTimeout(() => {
      this.#frame = undefined;
      this.set({});
    }, FRAME_MS);
  }

  /** No timer may keep the process. */
  end(): void {
    clearTimeout(this.#frame);
    clearInterval(this.#tick);
    this.#watchers.clear();
  }

  #draw(next: WizardState): void {
    this.#state = { ...next, now: Date.now() };
    const moving = isMoving(this.#state);
    if (moving) this.#tick ??= setInterval(() => this.set({}), TICK_MS);
    else {
      clearInterval(this.#tick);
      this.#tick = undefined;
    }
    for (const watcher of this.#watchers) watcher();
  }
}

/** Whether something on the screen moves by itself: else nothing is drawn and no CPU is used. */
function isMoving({ screen, observing, busy, answered, run }: WizardState): boolean {
  if (busy !== '' || (run.model.startedAt !== 0 && !run.model.ended)) return true;
  if (screen === 'overview' && observing) return true;
  return (
    screen === 'questions' &&
    [...answered.trials.values()].some((trial) => trial === 'trying' || isAwaited(trial))
  );
}
