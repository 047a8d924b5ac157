import type { Ledger } from '../host/ledger.ts';

const HINT = 'operation-times';

/** Remembers how long changes took, in milliseconds, for the estimate before and during a later run. */
export function rememberTimes(ledger: Ledger, times: ReadonlyMap<string, number>): void {
  if (times.size === 0) return;
  const all = { ...Object.fromEntries(operationTimes(ledger)) };
  for (const [operation, ms] of times) all[operation] = Math.round(ms);
  ledger.remember(HINT, JSON.stringify(all));
}

/** @returns by operation, how many milliseconds its change took the last time */
export function operationTimes(ledger: Ledger): ReadonlyMap<string, number> {
  try {
    const stored: unknown = JSON.parse(ledger.hint(HINT) ?? '{}');
    const entries = Object.entries(stored as Record<string, unknown>);
    return new Map(entries.flatMap(([id, ms]) => (typeof ms === 'number' ? [[id, ms] as const] : [])));
  } catch {
    // A damaged hint costs the estimate only.
    return new Map();
  }
}
