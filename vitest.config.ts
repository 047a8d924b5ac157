import { defineConfig } from 'vitest/config';
import LongestFirst from './test/longest-first.ts';

/**
 * One more than the two processors of a usual CI machine: a test on a throwaway host waits now and then, for services, timers
 * and visitors. All projects have as many, so that vitest runs them side by side.
 */
const WORKERS = 3;

/** Tests that boot throwaway hosts: each takes minutes. */
const HOSTS = ['test/install/**/*.test.ts', 'test/rehearsal/rehearsal.test.ts', 'test/wizard/host.test.ts'];
/** Not part of `npm test`: `npm run test:long`. */
const LONG = ['test/long/**/*.test.ts'];
/** `npm run test:faults`. */
const FAULTS = ['test/faults/**/*.test.ts'];

export default defineConfig({
  test: {
    // In words without colours as well, for programs that read what CI prints.
    reporters: ['default', './test/closing-line.ts'],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'code',
          include: ['test/**/*.test.ts'],
          exclude: [...HOSTS, ...LONG, ...FAULTS],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // Where other tests, or other programs, want the processors too.
          expect: { poll: { timeout: 30_000 } },
          maxWorkers: WORKERS,
        },
      },
      {
        test: {
          name: 'hosts',
          include: HOSTS,
          // The first host on a machine builds the cache.
          hookTimeout: 15 * 60_000,
          testTimeout: 10 * 60_000,
          maxWorkers: WORKERS,
          // Files share the site that their worker installed (`test/rehearsal/installed.ts`).
          isolate: false,
        },
      },
      ...(process.env.STUDIO_SETUP_FAULTS ? [{ test: { name: 'faults', include: FAULTS } }] : []),
      ...(process.env.STUDIO_SETUP_LONG
        ? [
            {
              test: {
                name: 'long',
                include: LONG,
                hookTimeout: 15 * 60_000,
                testTimeout: 30 * 60_000,
                maxWorkers: 2,
                sequence: { groupOrder: 1 },
              },
            },
          ]
        : []),
    ],
  },
});
