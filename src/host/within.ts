import { closeSync, constants, fstatSync, openSync, readlinkSync, type Stats } from 'node:fs';
import path from 'node:path';
import { ProblemError } from '../output/problem.ts';

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
/** As many as the kernel follows in one path. */
export const MOST_LINKS = 40;
/** Writable by its group or by everybody. */
const BY_OTHERS = 0o022;

/**
 * Does something to an entry of a folder that is held open all the while. In a folder of its own, an account can put a link
 * to elsewhere in the place of each part of a path, between two looks at it, and root would go through it.
 * @param file absolute path; what it names itself is left to `work`, which must not follow it either
 * @param work gets a path that leads into the open folder, for as long as it runs
 * @throws ProblemError when a link is on the way, in a folder in which another account than root may put one
 */
export async function within<Result>(
  file: string,
  work: (entry: string) => Promise<Result>,
): Promise<Result> {
  const folder = path.dirname(file);
  const open = opened(folder);
  try {
    return await work(`${pathOf(open)}/${path.basename(file)}`).catch((error: unknown) => {
      throw named(error, pathOf(open), folder);
    });
  } finally {
    closeSync(open);
  }
}

function opened(folder: string): number {
  try {
    return openFolder(folder);
  } catch (error) {
    throw isLinked(error) ? linked(folder) : error;
  }
}

/**
 * Opens a folder part by part. Links are followed only in folders that are root's alone, and none below `top`.
 * @param follows whether links in a folder on the way are followed, by its status; what it throws ends the way there
 * @returns the file descriptor, which is the caller's to close
 * @throws ENOTDIR or ELOOP for any other link
 */
export function openFolder(folder: string, top = folder, follows = isRoots): number {
  try {
    const above = walk(openSync('/', FOLDER), top.split('/'), (open) => follows(fstatSync(open)));
    return walk(above, path.relative(top, folder).split('/'), () => false);
  } catch (error) {
    throw named(error, /\/proc\/self\/fd\/\d+/, path.dirname(folder));
  }
}

/** @param follows whether links in a folder are followed @returns the last; all others are closed, `from` too */
function walk(from: number, path: readonly string[], follows: (folder: number) => boolean): number {
  const parts = path.filter(Boolean);
  let open = from;
  let links = 0;
  for (let name = parts.shift(); name !== undefined; name = parts.shift()) {
    const above = open;
    try {
      const part = `${pathOf(above)}/${name}`;
      const target = follows(above) ? linkAt(part) : undefined;
      if (target === undefined) {
        open = openSync(part, FOLDER);
        continue;
      }
      links += 1;
      if (links > MOST_LINKS) throw Object.assign(new Error('Too many links'), { code: 'ELOOP' });
      parts.unshift(...target.split('/').filter(Boolean));
      open = openSync(target.startsWith('/') ? '/' : `${pathOf(above)}/.`, FOLDER);
    } finally {
      closeSync(above);
    }
  }
  return open;
}

/** @returns whether only root can write to a file, or put anything into a folder */
export function isRoots({ uid, mode }: Stats): boolean {
  return uid === 0 && (mode & BY_OTHERS) === 0;
}

function pathOf(folder: number): string {
  return `/proc/self/fd/${folder}`;
}

/** @returns where a link leads to; `undefined` for what is none */
export function linkAt(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EINVAL') return undefined;
    throw error;
  }
}

function isLinked(error: unknown): boolean {
  return ['ELOOP', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}

function linked(folder: string): ProblemError {
  return new ProblemError({
    what: `A part of ${folder} is a link, or not a folder, and an account other than root could have put it there: root does not follow it.`,
    remedy: `Check owners along the path (namei -l ${folder}). Replace the link with a real folder, then run again.`,
  });
}

/** The number of an open folder tells nobody anything: the error gets the name that the caller knows. */
function named(error: unknown, handle: string | RegExp, folder: string): unknown {
  if (!(error instanceof Error) || !('path' in error)) return error;
  error.message = error.message.replace(handle, folder);
  return Object.assign(error, { path: String(error.path).replace(handle, folder) });
}
