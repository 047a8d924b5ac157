import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';

/**
 * Where a backup is put together, and an archive opened: it holds any secret of the site, so it stands where the copies of old
 * contents do, and not in the state folder. It goes with the command that made it.
 * @param copies root's own folder (0700)
 */
export function workFolderIn(copies: string): string {
  return path.join(copies, 'backup');
}

/** Also what a kill left: the caller holds the lock. */
export function clearWorkFolder(copies: string): void {
  const folder = workFolderIn(copies);
  // A program that was just stopped may still write its last file there.
  if (existsSync(folder)) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
