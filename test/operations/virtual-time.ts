import { vi } from 'vitest';

/** How long the host has been up when a test begins. Milliseconds. */
const UP_MS = 24 * 60 * 60_000;

/**
 * From here on time stands still until something takes time: a program that runs, a file that is written, a wait. Both clocks
 * go together, as on a host whose clock nobody sets. Call before each test, and `vi.useRealTimers()` after it.
 */
export function stopTime(): void {
  vi.useFakeTimers({ toFake: ['Date', 'hrtime'], now: Date.UTC(2026, 4, 4, 12) });
  passTime(UP_MS);
}

/** @param ms milliseconds */
export function passTime(ms: number): void {
  vi.advanceTimersByTime(ms);
}

/** A wait ends no sooner than that, as on a busy host: a minute of patience is then some sixty questions. Milliseconds. */
const SHORTEST_MS = 1000;

/** In the place of node:timers/promises: a wait costs no time of this machine. */
export const timers = {
  setTimeout: async (ms: number) => passTime(Math.max(ms, SHORTEST_MS)),
};

/** In the place of uptime() of node:os: seconds. */
export function uptime(): number {
  return Number(process.hrtime.bigint()) / 1e9;
}
