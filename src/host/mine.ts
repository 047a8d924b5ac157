import type { Host } from './host.ts';
import type { Ledger } from './ledger.ts';

/** The hint with the paths that the operator declared theirs, one a line. */
export const MINE = 'mine';

/** @returns whether the operator declared the file theirs: it is shown, and left alone */
export function isMine(host: Pick<Host, 'hint'>, path: string): boolean {
  return minePaths(host).includes(path);
}

/** @returns all files that the operator declared theirs */
export function minePaths(host: Pick<Host, 'hint'>): readonly string[] {
  return pathsIn(host.hint(MINE));
}

/** @returns the paths of a hint, with those declared now */
export function withMine(hint: string | undefined, paths: readonly string[]): string | undefined {
  const all = [...new Set([...pathsIn(hint), ...paths])];
  return all.length === 0 ? undefined : all.join('\n');
}

/**
 * Keeps what was declared, until it is taken back.
 * @param paths declared now @param takenBack paths that the product may replace again
 */
export function rememberMine(ledger: Ledger, paths: readonly string[], takenBack: readonly string[]): void {
  const before = ledger.hint(MINE);
  const kept = pathsIn(withMine(before, paths)).filter((path) => !takenBack.includes(path));
  if (before !== undefined || kept.length > 0) ledger.remember(MINE, kept.join('\n'));
}

function pathsIn(hint: string | undefined): readonly string[] {
  return (hint ?? '').split('\n').filter(Boolean);
}
