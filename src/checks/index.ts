import type { Check } from './check.ts';

/** What `doctor` runs, in the order of its scorecard. */
export const checks: readonly Check[] = [];
