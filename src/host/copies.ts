import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

/** Runs whose copies are kept. Old contents may hold old secrets: they are not kept for ever. */
const RUNS_KEPT = 10;

/**
 * Old contents of files, a folder per run, root's alone (0700). They stand in /var/backups, where Debian keeps its own
 * copy of /etc/shadow, and not in the state folder, which never holds a secret.
 * @returns the runs of which there are copies, four digits each, oldest first
 */
export function runsWithCopies(copies: string): readonly string[] {
  if (!existsSync(copies)) return [];
  return readdirSync(copies)
    .filter((name) => /^\d{4,}$/.test(name))
    .sort((a, b) => Number(a) - Number(b));
}

/** Removes all but the newest. */
export function dropOldCopies(copies: string): void {
  dropCopies(copies, runsWithCopies(copies).slice(0, -RUNS_KEPT));
}

/** @param runs four digits each; from then on what these replaced or removed can't be put back */
export function dropCopies(copies: string, runs: readonly string[]): void {
  for (const run of runs) rmSync(path.join(copies, run), { recursive: true, force: true });
}
