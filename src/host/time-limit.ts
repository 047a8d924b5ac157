/** Exit codes of `ProgramResult`: after a time-out, and 128 + SIGTERM. */
export const TIMED_OUT = 124;
const TERMINATED = 143;

/**
 * Longer than a program is given to end by itself, and its last output to come. A killed program does not always end: one in
 * uninterruptible sleep waits for a dead disk, and one that is being traced for its tracer.
 */
export const LAST_RESORT_MS = 10_000;

/** What is waited for besides a program that may not end. */
export interface TimeLimit {
  /** Settles when the time is over: with the exit code that the program has then. */
  readonly code: Promise<number>;
  /** For when it has ended. */
  clear(): void;
}

/**
 * @param timeoutMs milliseconds that the program has
 * @param signal that stops it before
 * @param more milliseconds that it has after either
 */
export function timeLimit(timeoutMs: number, signal: AbortSignal | undefined, more: number): TimeLimit {
  const { promise, resolve } = Promise.withResolvers<number>();
  const timers = [setTimeout(resolve, timeoutMs + more, TIMED_OUT)];
  const stop = () => timers.push(setTimeout(resolve, more, TERMINATED));
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
