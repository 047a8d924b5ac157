import { printError } from '../output/print.ts';

/** @param titles of what is running @returns what is said at the first Ctrl-C */
export function stoppingWords([first, ...others]: readonly string[]): string {
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return `Stopping after ${first === undefined ? 'what is running' : `${first}${more}`}`;
}

/** What a second one does. */
export const AGAIN = 'Press Ctrl-C again to stop at once.';

/** How the operator, or the system, ends a run. */
export interface Stop {
  /** Nothing new starts; what is running ends. */
  readonly stopping: () => boolean;
  /** Everything ends now, children too. */
  readonly signal: AbortSignal;
  /** From now on the first Ctrl-C stops gently, and a lost terminal stops nothing: something is being changed. */
  beginChanging(): void;
  readonly changing: () => boolean;
  /** What a Ctrl-C means; for a screen that gets it as a key. */
  interrupt(): void;
  /** The operator goes on after a gentle stop. */
  goOn(): void;
  /** Whether the terminal went away: nobody can be asked any more. */
  readonly lost: () => boolean;
  /** For a screen: told of a gentle stop and of a lost terminal, instead of a printed line. */
  watch(changed: () => void): void;
}

/**
 * Ctrl-C while something is being changed stops after what is running; a second one, or SIGTERM, ends at once.
 * While nothing is changed yet, the first one ends at once. SIGHUP is then ignored: an ssh connection that is lost
 * must not leave a half-installed package; the run goes on without a terminal, and its log tells the end. Programs
 * run in sessions of their own, so neither signal reaches them from the terminal.
 */
export function listenForStop(): Stop {
  const controller = new AbortController();
  let changing = false;
  let stopping = false;
  let lost = false;
  let tell = () => {
    if (stopping) printError('', `${stoppingWords([])}. ${AGAIN}`);
  };
  const interrupt = () => {
    if (!changing || stopping) return controller.abort();
    stopping = true;
    tell();
  };
  const listeners = {
    SIGHUP: () => {
      if (!changing) return controller.abort();
      lost = true;
      tell();
    },
    SIGTERM: () => controller.abort(),
    SIGINT: interrupt,
  };
  for (const [signal, listener] of Object.entries(listeners)) process.on(signal, listener);
  return {
    stopping: () => stopping || controller.signal.aborted,
    signal: controller.signal,
    beginChanging() {
      changing = true;
      // conf's when-exit sends the first signal to this process once more: one Ctrl-C would count as two.
      for (const [signal, listener] of Object.entries(listeners)) {
        process.removeAllListeners(signal);
        process.on(signal, listener);
      }
    },
    changing: () => changing,
    interrupt,
    goOn() {
      stopping = false;
    },
    lost: () => lost,
    watch(changed) {
      tell = changed;
    },
  };
}
