/** Longer than a program is given to end by itself, and its last output to come. */
const LAST_MS = 10_000;

/** Exit codes of `ProgramResult`: after a time-out, and 128 + SIGTERM. */
const TIMED_OUT = 124;
const TERMINATED = 143;

/** What is waited for besides a program that may never end. */
export interface LastResort {
  /** Settles when the program ought to have ended long ago: with its exit code as if it had. */
  readonly code: Promise<number>;
  /** For when it has ended. */
  clear(): void;
}

/**
 * A killed program does not always end: one in uninterruptible sleep waits for a dead disk, and one that is being traced for its
 * tracer.
 * @param timeoutMs after which it is ended
 * @param signal by which it is ended before
 */
export function lastResort(timeoutMs: number, signal?: AbortSignal): LastResort {
  const { promise, resolve } = Promise.withResolvers<number>();
  const timers = [setTimeout(resolve, timeoutMs + LAST_MS, TIMED_OUT)];
  const stop = () => timers.push(setTimeout(resolve, LAST_MS, TERMINATED));
  if (signal?.aborted === true) stop();
  signal?.addEventListener('abort', stop);
  return {
    code: promise,
    clear() {
      for (const timer of timers) clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    },
  };
}
