import path from 'node:path';
import type { Rights } from '../../../src/host/rights.ts';
import { ProblemError } from '../../../src/output/problem.ts';
import { type Entry, SystemError } from './entries.ts';
import { isAbsent, ROOT, type Tree } from './tree.ts';

const BY_OTHERS = 0o022;
const SET_ID = 0o6000;

/** What root changes, as src/host/files.ts and src/host/within.ts do it: no link is followed in a folder of another account. */
export class RootsFiles {
  readonly #tree: Tree;

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  /** Replaces a file or makes a link, in one step. @throws SystemError, ProblemError */
  replace(file: string, entry: Entry): void {
    this.#tree.replace(this.#within(file), entry, ROOT, entry.type === 'file');
  }

  /** @returns the folders that had to be made, outermost first */
  makeFolders(folder: string): readonly string[] {
    const missing: string[] = [];
    for (let at = folder; this.#status(at) === undefined; at = path.dirname(at)) missing.unshift(at);
    for (const each of missing) this.#tree.makeFolder(this.#within(each));
    return missing;
  }

  remove(file: string): void {
    try {
      const at = this.#within(file);
      if (this.#tree.find(at)?.type === 'directory')
        throw Object.assign(new Error(`Path is a directory: rm returned EISDIR (is a directory) ${file}`), {
          code: 'ERR_FS_EISDIR',
        });
      if (this.#tree.find(at) !== undefined) this.#tree.remove(at);
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
  }

  removeEmptyFolder(folder: string): void {
    this.#tree.remove(this.#within(folder), ROOT, 'rmdir');
  }

  setOwner(file: string, owner: string, group: string): void {
    const entry = this.#entry(this.#within(file), 'lchown');
    entry.owner = owner;
    entry.group = group;
    // chown(2): an executable file loses its set-id bits; the set-group-ID bit without group execute is no such bit.
    if (entry.type === 'file') entry.mode &= (entry.mode & 0o010) !== 0 ? 0o1777 : 0o3777;
  }

  setRights(
    file: string,
    to: { readonly mode: number; readonly owner?: string; readonly group?: string },
  ): void {
    const at = this.#within(file);
    const entry = this.#entry(at, 'open');
    if (entry.type === 'link') throw new SystemError('ELOOP', 'open', file);
    if (entry.type === 'socket') throw new SystemError('ENXIO', 'open', file);
    if (to.owner !== undefined && to.group !== undefined) this.setOwner(at, to.owner, to.group);
    entry.mode = to.mode;
  }

  /** As src/host/rights.ts: below the tree's own folder no link is followed, and what is gone is skipped. */
  giveRights(root: string, rights: readonly Rights[]): void {
    for (const [file, owner, mode] of rights) {
      const at = this.#belowWithoutLinks(root, file);
      const entry = at === undefined ? undefined : this.#tree.find(at);
      if (at === undefined || entry === undefined) continue;
      const [user = '', group = ''] = owner.split(':');
      const owned = entry.owner === user && entry.group === group;
      if (!owned) this.setOwner(at, user, group);
      if (entry.type === 'directory') entry.mode = mode;
      if (entry.type === 'file') entry.mode = (mode & ~SET_ID) | (owned ? entry.mode & mode & SET_ID : 0);
    }
  }

  /** @returns the rights of an entry to which no link of another account's leads */
  rightsHeld(root: string, file: string): Rights | undefined {
    const at = this.#belowWithoutLinks(root, file);
    const entry = at === undefined ? undefined : this.#tree.find(at);
    return entry === undefined ? undefined : [file, `${entry.owner}:${entry.group}`, entry.mode];
  }

  #belowWithoutLinks(root: string, file: string): string | undefined {
    try {
      const top = this.#folder(path.dirname(root));
      const parts = path.relative(path.dirname(root), path.dirname(file)).split('/').filter(Boolean);
      let at = top;
      for (const part of parts) {
        at = path.join(at, part);
        if (this.#tree.find(at)?.type !== 'directory') return undefined;
      }
      return path.join(at, path.basename(file));
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  /** @returns the entry's path without a link on the way. @throws ProblemError for a link that another account could have put there */
  #within(file: string): string {
    const folder = path.dirname(file);
    try {
      return path.join(this.#folder(folder), path.basename(file));
    } catch (error) {
      if (!(error instanceof SystemError) || (error.code !== 'ELOOP' && error.code !== 'ENOTDIR'))
        throw error;
      throw new ProblemError({
        what: `A part of ${folder} is a link, or not a folder, and an account other than root could have put it there: root does not follow it.`,
        remedy: `Check owners along the path (namei -l ${folder}). Replace the link with a real folder, then run again.`,
      });
    }
  }

  #folder(folder: string): string {
    let parts = folder.split('/').filter(Boolean);
    let at = '/';
    for (let name = parts.shift(), links = 0; name !== undefined; name = parts.shift()) {
      if (name === '..') {
        at = path.dirname(at);
        continue;
      }
      const above = this.#entry(at, 'open');
      const next = this.#tree.find(path.join(at, name));
      if (next === undefined) throw new SystemError('ENOENT', 'open', folder);
      const follows = above.owner === 'root' && (above.mode & BY_OTHERS) === 0;
      if (next.type === 'link' && follows && links < 40) {
        links += 1;
        parts = [...next.target.split('/').filter(Boolean), ...parts];
        if (next.target.startsWith('/')) at = '/';
      } else if (next.type === 'link') throw new SystemError('ELOOP', 'open', folder);
      else if (next.type === 'directory') at = path.join(at, name);
      else throw new SystemError('ENOTDIR', 'open', folder);
    }
    return at;
  }

  #entry(at: string, syscall: string): Entry {
    const entry = this.#tree.find(at);
    if (entry === undefined) throw new SystemError('ENOENT', syscall, at);
    return entry;
  }

  #status(file: string): Entry | undefined {
    try {
      return this.#tree.find(file);
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }
}
