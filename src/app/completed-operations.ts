import type { RunReport } from '../engine/run.ts';
import type { Ledger } from '../host/ledger.ts';

const HINT = 'operations-done';

/** Remembers which operations were once up to date: what is missing of these later has drifted. */
export function rememberCompleted(ledger: Ledger, report: RunReport): void {
  const done = new Set(completedOperations(ledger));
  for (const [id, outcome] of report.outcomes) {
    if (outcome === 'changed' || outcome === 'unchanged') done.add(id);
  }
  ledger.remember(HINT, [...done].sort().join(' '));
}

/** They were taken back: what is missing of these is to do, and has not drifted. */
export function forgetCompleted(ledger: Ledger, operations: readonly string[]): void {
  const left = completedOperations(ledger).filter((id) => !operations.includes(id));
  ledger.remember(HINT, left.join(' '));
}

/** @returns ids of operations that an earlier run left up to date */
export function completedOperations(ledger: Ledger): readonly string[] {
  return (ledger.hint(HINT) ?? '').split(' ').filter((id) => id !== '');
}
