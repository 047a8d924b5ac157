import { closeSync, constants, fstatSync, openSync, readlinkSync, readSync, type Stats } from 'node:fs';
import path from 'node:path';
import type { Account } from './accounts.ts';
import { isRoots, linkAt, MOST_LINKS, openFolder } from './within.ts';

/** Bits of inode(7) for others; those of the owner stand six to the left of them, those of the group three. */
const READ = 4;
const SEARCH = 1;

/**
 * Reads a file that `account` can reach and read by the modes of path_resolution(7), in its main group alone: what it
 * could read itself, without a process of its own. Root goes through no link that the account could have put there.
 * @param file absolute path
 * @param most bytes of a file that is read
 * @param links of root's that led to it
 * @returns its bytes, `undefined` where there is none, `'not settled'` where only the account itself can tell: links of its own,
 *   access control lists, what is no plain file
 */
export function readAs(
  file: string,
  account: Account,
  most: number,
  links = 0,
): Buffer | undefined | 'not settled' {
  // Those ask who reads.
  if (file.startsWith('/proc/')) return 'not settled';
  const check = (stats: Stats, bit: number) => {
    if (!allows(stats, account, bit)) throw new Error('not settled');
    return stats;
  };
  try {
    const parent = path.dirname(file);
    const folder = openFolder(parent, parent, (above) => isRoots(check(above, SEARCH)));
    try {
      const within = `/proc/self/fd/${folder}`;
      const entry = `${within}/${path.basename(file)}`;
      if (isRoots(check(fstatSync(folder), SEARCH)) && links < MOST_LINKS) {
        const target = linkAt(entry);
        if (target !== undefined) {
          // Not by path.resolve(): `..` leads up from where the links led to, which is not where their names stand.
          const to = target.startsWith('/') ? target : `${readlinkSync(within)}/${target}`;
          return readAs(to, account, most, links + 1);
        }
      }
      const open = openSync(entry, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
      try {
        const stats = check(fstatSync(open), READ);
        if (!stats.isFile() || stats.size > most) throw new Error('not settled');
        return readWhole(open, stats.size);
      } finally {
        closeSync(open);
      }
    } finally {
      closeSync(folder);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    // Whatever it is: the account itself is asked, and says it.
    return 'not settled';
  }
}

/** Reads at most `size` bytes and one, as the file may grow meanwhile. @throws {Error} if it did */
function readWhole(open: number, size: number): Buffer {
  const bytes = Buffer.alloc(size + 1);
  let length = 0;
  for (let read = -1; read !== 0 && length <= size; length += read)
    read = readSync(open, bytes, length, bytes.length - length, null);
  if (length > size) throw new Error('not settled');
  return bytes.subarray(0, length);
}

function allows({ uid, gid, mode }: Stats, account: Account, bit: number): boolean {
  const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0;
  return ((mode >> shift) & bit) !== 0;
}
