import { printError } from '../front/print.ts';

/** How the operator, or the system, ends a run. */
export interface Stop {
  /** Nothing new starts; what is running ends. */
  readonly stopping: () => boolean;
  /** Everything ends now, children too. */
  readonly signal: AbortSignal;
  /** From now on the first Ctrl-C stops gently, and a lost terminal stops nothing: something is being changed. */
  beginChanging(): void;
  readonly changing: () => boolean;
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
  const listeners = {
    SIGHUP: () => {
      if (!changing) controller.abort();
    },
    SIGTERM: () => controller.abort(),
    SIGINT: () => {
      if (changing && !stopping) {
        stopping = true;
        printError('', 'Stopping after what is running. Press Ctrl-C again to stop at once.');
        return;
      }
      controller.abort();
    },
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
  };
}
