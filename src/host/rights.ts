import { constants } from 'node:fs';
import { lchown, lstat, open } from 'node:fs/promises';
import path from 'node:path';
import { openFolder } from './within.ts';

/** Absolute path, `owner:group`, permission bits: short, as a journal may hold thousands. */
export type Rights = readonly [file: string, owner: string, mode: number];

interface Given {
  readonly file: string;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

const ENTRY = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

/**
 * Gives each entry below `root` its owner and mode. Each folder on the way is held open while what is in it changes: the
 * account that owns the tree could swap one for a link to elsewhere, and root would go through it. What is gone is skipped.
 */
export async function giveRights(root: string, entries: readonly Given[]): Promise<void> {
  const byFolder = Map.groupBy(entries, ({ file }) => path.dirname(file));
  // Innermost first: once a folder is somebody else's, nothing in it has to be changed any more.
  const folders = [...byFolder.keys()].sort((a, b) => b.length - a.length);
  for (const folder of folders) {
    const handle = await openFolder(folder, path.dirname(root)).catch(gone);
    if (handle === undefined) continue;
    try {
      for (const each of byFolder.get(folder) ?? []) {
        await give(`/proc/self/fd/${handle.fd}/${path.basename(each.file)}`, each).catch(gone);
      }
    } finally {
      await handle.close();
    }
  }
}

async function give(entry: string, { uid, gid, mode }: Given): Promise<void> {
  const now = await lstat(entry);
  if (now.uid !== uid || now.gid !== gid) await lchown(entry, uid, gid);
  // With another owner a program loses its set-id bits: only who asks for them gets them back.
  if ((!now.isFile() && !now.isDirectory()) || (now.mode & 0o7777) === mode) return;
  const handle = await open(entry, ENTRY);
  try {
    // After the owner: changing that takes set-id bits away.
    await handle.chmod(mode);
  } finally {
    await handle.close();
  }
}

/** Removed, or a link by now. */
function gone(error: NodeJS.ErrnoException): undefined {
  if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(error.code ?? '')) return undefined;
  throw error;
}
