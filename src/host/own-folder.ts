import { mkdirSync } from 'node:fs';
import path from 'node:path';

/**
 * Makes a folder of the product's own, root's alone (0700), and those above it. Not with Node's `recursive`: where a folder
 * can't be made for a reason that Node does not know, as EIO, that looks for it, and says ENOENT.
 * @param folder absolute path
 * @throws what mkdir(2) says
 */
export function makeOwnFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || folder === path.dirname(folder)) throw error;
    makeOwnFolder(path.dirname(folder));
    makeOwnFolder(folder);
  }
}
