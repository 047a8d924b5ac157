import { closeSync, constants } from 'node:fs';
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

/** What runs as its owner or group. A file is never given these: whoever can write to the tree chooses what stands in it. */
export const SET_ID = 0o6000;

/**
 * @returns the rights that each entry has now; of what a link leads to, or is gone, none. Each folder on the way is held open,
 *   as below.
 */
export async function rightsHeld(
  root: string,
  files: readonly string[],
): Promise<ReadonlyMap<string, { readonly uid: number; readonly gid: number; readonly mode: number }>> {
  const held = new Map<string, { uid: number; gid: number; mode: number }>();
  await inFolders(
    root,
    files,
    (file) => file,
    async (entry, file) => {
      const { uid, gid, mode } = await lstat(entry);
      held.set(file, { uid, gid, mode: mode & 0o7777 });
    },
  );
  return held;
}

/**
 * Gives each entry below `root` its owner and mode. Each folder on the way is held open while what is in it changes: the
 * account that owns the tree could swap one for a link to elsewhere, and root would go through it. What is gone is skipped.
 */
export async function giveRights(root: string, entries: readonly Given[]): Promise<void> {
  await inFolders(root, entries, ({ file }) => file, give);
}

async function inFolders<Entry>(
  root: string,
  entries: readonly Entry[],
  fileOf: (entry: Entry) => string,
  work: (entry: string, each: Entry) => Promise<void>,
): Promise<void> {
  const byFolder = Map.groupBy(entries, (each) => path.dirname(fileOf(each)));
  // Innermost first: once a folder is somebody else's, nothing in it has to be changed any more.
  const folders = [...byFolder.keys()].sort((a, b) => b.length - a.length);
  for (const folder of folders) {
    const open = openedFolder(folder, path.dirname(root));
    if (open === undefined) continue;
    try {
      for (const each of byFolder.get(folder) ?? []) {
        await work(`/proc/self/fd/${open}/${path.basename(fileOf(each))}`, each).catch(gone);
      }
    } finally {
      closeSync(open);
    }
  }
}

function openedFolder(folder: string, top: string): number | undefined {
  try {
    return openFolder(folder, top);
  } catch (error) {
    return gone(error as NodeJS.ErrnoException);
  }
}

async function give(entry: string, { uid, gid, mode }: Given): Promise<void> {
  const found = await lstat(entry);
  if (!found.isFile() && !found.isDirectory()) {
    if (found.uid !== uid || found.gid !== gid) await lchown(entry, uid, gid);
    return;
  }
  const handle = await open(entry, ENTRY);
  try {
    // Of what is open: the name may stand for another one by now.
    const now = await handle.stat();
    if (!now.isFile() && !now.isDirectory()) return;
    const owned = now.uid === uid && now.gid === gid;
    if (!owned) await handle.chown(uid, gid);
    const right = now.isFile() ? (mode & ~SET_ID) | (owned ? now.mode & mode & SET_ID : 0) : mode;
    // After the owner: changing that takes set-id bits away.
    if ((now.mode & 0o7777) !== right || !owned) await handle.chmod(right);
  } finally {
    await handle.close();
  }
}

/** Removed, or a link by now. */
function gone(error: NodeJS.ErrnoException): undefined {
  if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(error.code ?? '')) return undefined;
  throw error;
}
