import { constants, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { Account } from './accounts.ts';
import { isRoots, openFolder } from './within.ts';

/** Bits of inode(7) for others; those of the owner stand six to the left of them, those of the group three. */
const READ = 4;
const SEARCH = 1;

/** What the modes alone don't settle: links of the account's own, access control lists, what is no plain file. */
class NotSettled extends Error {}

/**
 * Reads a file that `account` can reach and read by the modes of path_resolution(7), in its main group alone: what it
 * could read itself, without a process of its own. Root goes through no link that the account could have put there.
 * @param file absolute path
 * @param most bytes of a file that is read
 * @returns its bytes, `undefined` where there is none, `'not settled'` where only the account itself can tell
 */
export async function readAs(
  file: string,
  account: Account,
  most: number,
): Promise<Buffer | undefined | 'not settled'> {
  // Those ask who reads.
  if (file.startsWith('/proc/')) return 'not settled';
  const check = (stats: Stats, bit: number) => {
    if (!allows(stats, account, bit)) throw new NotSettled();
    return stats;
  };
  try {
    const folder = await openFolder(path.dirname(file), path.dirname(file), async (above) =>
      isRoots(check(await above.stat(), SEARCH)),
    );
    try {
      check(await folder.stat(), SEARCH);
      const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;
      const handle = await open(`/proc/self/fd/${folder.fd}/${path.basename(file)}`, flags);
      try {
        const stats = check(await handle.stat(), READ);
        if (!stats.isFile() || stats.size > most) throw new NotSettled();
        return await handle.readFile();
      } finally {
        await handle.close();
      }
    } finally {
      await folder.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    // Whatever it is: the account itself is asked, and says it.
    return 'not settled';
  }
}

function allows({ uid, gid, mode }: Stats, account: Account, bit: number): boolean {
  const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0;
  return ((mode >> shift) & bit) !== 0;
}
