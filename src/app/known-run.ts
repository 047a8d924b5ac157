import { UsageError } from './usage.ts';

/** So many of the newest are named. */
const NAMED = 5;

/**
 * @param asked number of a run as typed
 * @param numbers of the runs that are known, in any order
 * @throws UsageError when it is none of them, with the newest that are
 */
export function refuseUnknownRun(asked: string, numbers: readonly string[]): void {
  const known = new Set(numbers.map(Number));
  if (known.has(Number(asked))) return;
  const newest = [...known]
    .sort((a, b) => b - a)
    .slice(0, NAMED)
    .join(', ');
  const list = 'All runs: studio-setup undo --list';
  throw new UsageError({
    what: `There is no run ${asked} on this server.`,
    remedy: newest === '' ? 'No run is recorded here yet.' : `Use one of: ${newest}. ${list}`,
  });
}
