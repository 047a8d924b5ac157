import {
  closeSync,
  constants,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  type Stats,
} from 'node:fs';
import { lchown, lstat, mkdir, open, rename, rm, rmdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import type { Accounts } from './accounts.ts';
import type { FileStatus } from './host.ts';
import { decodedText } from './text.ts';
import { within } from './within.ts';

/** The suffix of a file that is being written; one left by a kill is replaced by the next write. */
export const PARTIAL = '.studio-setup-partial';

// Reads are synchronous: a plan makes about a thousand, of some microseconds each, and handing one to a thread takes ten times as
// long.

/** @returns what `file` is, without following it when it is a link; `undefined` when there is nothing. */
export function statusOf(file: string, accounts: Accounts): FileStatus | undefined {
  const stats = present(() => lstatSync(file));
  if (stats === undefined) return undefined;
  const type = typeOf(stats);
  return {
    type,
    mode: stats.mode & 0o7777,
    owner: accounts.userName(stats.uid),
    group: accounts.groupName(stats.gid),
    size: stats.size,
    modified: stats.mtimeMs,
    ...(type === 'link' ? { target: readlinkSync(file) } : {}),
  };
}

function typeOf(stats: Stats): FileStatus['type'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'link';
  return stats.isSocket() ? 'socket' : 'other';
}

/**
 * @returns the text of `file`, `undefined` when there is none. Follows links: root's own files only.
 * @throws ProblemError when it is not UTF-8
 */
export function readText(file: string): string | undefined {
  const bytes = readBytes(file);
  if (bytes === undefined) return undefined;
  // Nobody writes these back, and a process may call itself anything.
  return file.startsWith('/proc/') ? bytes.toString('utf8') : decodedText(bytes, file);
}

/** @returns the bytes of `file`, `undefined` when there is none. Follows links: root's own files only. */
export function readBytes(file: string): Buffer | undefined {
  // O_NONBLOCK: opening a FIFO must not wait for a writer.
  const open = present(() => openSync(file, constants.O_RDONLY | constants.O_NONBLOCK));
  if (open === undefined) return undefined;
  try {
    // A process ended between the opening and the reading of its file in /proc: the file is gone with it (ESRCH).
    return present(() => readFileSync(open));
  } finally {
    closeSync(open);
  }
}

/** @returns the names in `folder`, sorted; none when there is no such folder */
export function listFolder(folder: string): readonly string[] {
  return (present(() => readdirSync(folder)) ?? []).sort();
}

/** @returns `undefined` where there is nothing */
function present<Result>(look: () => Result): Result | undefined {
  try {
    return look();
  } catch (error) {
    return absent(error as NodeJS.ErrnoException);
  }
}

/**
 * Replaces a file whole, so that a reader and a crash see the old one or the new one: the temp file stands
 * beside the target, has its mode and owner before any content, and is on the disk before the rename.
 */
export async function replaceFile(
  file: string,
  content: string | Uint8Array,
  to: { readonly mode: number; readonly uid: number; readonly gid: number },
): Promise<void> {
  await within(file, async (entry) => {
    const partial = `${entry}${PARTIAL}`;
    await rm(partial, { force: true });
    const handle = await open(
      partial,
      constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
      0o600,
    );
    try {
      await handle.chown(to.uid, to.gid);
      await handle.chmod(to.mode);
      await handle.writeFile(content);
      await handle.sync();
      await rename(partial, entry);
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
    await syncFolder(path.dirname(entry));
  });
}

export async function replaceLink(target: string, file: string): Promise<void> {
  await within(file, async (entry) => {
    const partial = `${entry}${PARTIAL}`;
    await rm(partial, { force: true });
    await symlink(target, partial);
    await rename(partial, entry).catch(async (error: unknown) => {
      await rm(partial, { force: true });
      throw error;
    });
    await syncFolder(path.dirname(entry));
  });
}

/** Removes a file or link; nothing is as good as gone. */
export async function removeFile(file: string): Promise<void> {
  await within(file, (entry) => rm(entry, { force: true })).catch(absent);
}

/** @throws ENOTEMPTY when something is in it */
export async function removeEmptyFolder(folder: string): Promise<void> {
  await within(folder, (entry) => rmdir(entry));
}

/** @returns the folders that had to be made, outermost first. */
export async function makeFolders(folder: string): Promise<readonly string[]> {
  const missing: string[] = [];
  for (let at = folder; (await lstat(at).catch(absent)) === undefined; at = path.dirname(at))
    missing.unshift(at);
  const made: string[] = [];
  for (const each of missing) {
    try {
      await within(each, (entry) => mkdir(entry, 0o755));
      made.push(each);
    } catch (error) {
      // A package that is installed beside this (certbot) made it in the meantime.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  return made;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (['ENOENT', 'ENOTDIR', 'ESRCH'].includes(error.code ?? '')) return undefined;
  throw error;
}

/** Gives what stands at `file` itself, a link too, to another account. */
export async function setOwnerOf(file: string, uid: number, gid: number): Promise<void> {
  await within(file, (entry) => lchown(entry, uid, gid));
}

/**
 * Sets rights on what stands at `file` itself: chmod(2) and chown(2) go through a link, and in a folder of another account a
 * link may take the file's place between two looks at it.
 * @throws ELOOP when it is a link
 */
export async function setRightsOf(
  file: string,
  to: { readonly mode: number; readonly uid?: number; readonly gid?: number },
): Promise<void> {
  await within(file, async (entry) => {
    const handle = await open(entry, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    try {
      if (to.uid !== undefined && to.gid !== undefined) await handle.chown(to.uid, to.gid);
      // After the owner: changing that takes set-id bits away.
      await handle.chmod(to.mode);
    } finally {
      await handle.close();
    }
  });
}
