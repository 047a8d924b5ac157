import path from 'node:path';
import { type Entry, entryOf, type FolderEntry, type Given, SystemError } from './entries.ts';

/** path_resolution(7): as many as the kernel follows in one path. */
const MOST_LINKS = 40;
const READ = 4;
const WRITE = 2;
const SEARCH = 1;

/** Who asks: root may do everything, others what the bits of an entry say. */
export interface Caller {
  readonly name: string;
  readonly group: string;
}
export const ROOT: Caller = { name: 'root', group: 'root' };

/** A file system in memory: resolves paths, follows links and checks rights as path_resolution(7) and inode(7) say. */
export class Tree {
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => number;
  /** Files that are made when they are read, below /proc. */
  readonly #made: (path: string) => string | undefined;

  /** @param now milliseconds since the epoch */
  constructor(now: () => number, made: (path: string) => string | undefined = () => undefined) {
    this.#now = now;
    this.#made = made;
    this.#entries.set('/', { type: 'directory', mode: 0o755, owner: 'root', group: 'root', modified: now() });
  }

  /** Puts an entry there with its parents, for a test's arrangement: no rights are asked. */
  put(file: string, given: Given): void {
    for (const folder of parentsOf(file))
      if (!this.#entries.has(folder)) this.#entries.set(folder, entryOf({ folder: true }, this.#now()));
    this.#entries.set(file, entryOf(given, this.#now()));
  }

  /** @returns what stands at `file`; its last part is followed only when asked to. @throws SystemError */
  find(file: string, options: { follow?: boolean; as?: Caller; syscall?: string } = {}): Entry | undefined {
    const { follow = false, as = ROOT, syscall = 'lstat' } = options;
    return this.#entries.get(this.resolve(file, { follow, as, syscall }));
  }

  /** @returns the path without a link in it. @throws SystemError when a part on the way is not there, no folder or not to be searched */
  resolve(file: string, { follow = true, as = ROOT, syscall = 'open' }: Resolving = {}): string {
    let parts = file.split('/').filter(Boolean);
    let at = '/';
    let links = 0;
    for (let name = parts.shift(); name !== undefined; name = parts.shift()) {
      const folder = this.#entries.get(at);
      if (folder === undefined) throw new SystemError('ENOENT', syscall, file);
      if (folder.type !== 'directory') throw new SystemError('ENOTDIR', syscall, file);
      if (!allows(folder, as, SEARCH)) throw new SystemError('EACCES', syscall, file);
      if (name === '.') continue;
      if (name === '..') {
        at = path.dirname(at);
        continue;
      }
      const next = path.join(at, name);
      const entry = this.#entries.get(next);
      if (entry?.type !== 'link' || (parts.length === 0 && !follow)) {
        at = next;
        continue;
      }
      links += 1;
      if (links > MOST_LINKS) throw new SystemError('ELOOP', syscall, file);
      parts = [...entry.target.split('/').filter(Boolean), ...parts];
      if (entry.target.startsWith('/')) at = '/';
    }
    return at;
  }

  read(file: string, as: Caller = ROOT): Buffer {
    const made = this.#made(file);
    if (made !== undefined) return Buffer.from(made);
    const entry = this.find(file, { follow: true, as, syscall: 'open' });
    if (entry === undefined) throw new SystemError('ENOENT', 'open', file);
    if (!allows(entry, as, READ)) throw new SystemError('EACCES', 'open', file);
    if (entry.type === 'directory') throw new SystemError('EISDIR', 'read', file);
    if (entry.type !== 'file') throw new SystemError('ENXIO', 'open', file);
    return entry.bytes;
  }

  list(folder: string, as: Caller = ROOT): readonly string[] {
    const at = this.resolve(folder, { follow: true, as, syscall: 'scandir' });
    const entry = this.#entries.get(at);
    if (entry === undefined) throw new SystemError('ENOENT', 'scandir', folder);
    if (entry.type !== 'directory') throw new SystemError('ENOTDIR', 'scandir', folder);
    if (!allows(entry, as, READ)) throw new SystemError('EACCES', 'scandir', folder);
    return this.below(at)
      .filter((each) => path.dirname(each) === at)
      .map((each) => path.basename(each))
      .sort();
  }

  /**
   * Puts an entry in the place of what is no folder, as rename(2) does.
   * @param at without a link but for its last part
   * @param chowned its group was set; else it gets the folder's where that has the set-group-ID bit, as inode(7) says
   */
  replace(at: string, entry: Entry, as: Caller, chowned: boolean): void {
    const folder = this.#writable(at, as, 'rename');
    if (this.#entries.get(at)?.type === 'directory') throw new SystemError('EISDIR', 'rename', at);
    const inherits = (folder.mode & 0o2000) !== 0 && !chowned;
    this.#entries.set(at, inherits ? { ...entry, group: folder.group } : entry);
    folder.modified = this.#now();
  }

  makeFolder(at: string, as: Caller = ROOT): void {
    const folder = this.#writable(at, as, 'mkdir');
    if (this.#entries.has(at)) throw new SystemError('EEXIST', 'mkdir', at);
    // mkdir(2): the set-group-ID bit is inherited, with the group.
    const inherited = (folder.mode & 0o2000) !== 0;
    const group = inherited ? folder.group : as.group;
    const mode = 0o755 | (folder.mode & 0o2000);
    this.#entries.set(at, { type: 'directory', mode, owner: as.name, group, modified: this.#now() });
    folder.modified = this.#now();
  }

  remove(at: string, as: Caller = ROOT, syscall = 'unlink'): void {
    const entry = this.#entries.get(at);
    if (entry === undefined) throw new SystemError('ENOENT', syscall, at);
    const folder = this.#writable(at, as, syscall);
    if (syscall === 'rmdir' && entry.type !== 'directory') throw new SystemError('ENOTDIR', syscall, at);
    if (this.below(at).length > 0) throw new SystemError('ENOTEMPTY', syscall, at);
    this.#entries.delete(at);
    folder.modified = this.#now();
  }

  /** Moves an entry with all that is below it. */
  rename(from: string, to: string, as: Caller = ROOT): void {
    const entry = this.#entries.get(from);
    if (entry === undefined) throw new SystemError('ENOENT', 'rename', from);
    this.#writable(from, as, 'rename');
    const folder = this.#writable(to, as, 'rename');
    for (const each of [from, ...this.below(from)]) {
      const moved = this.#entries.get(each);
      this.#entries.delete(each);
      if (moved !== undefined) this.#entries.set(`${to}${each.slice(from.length)}`, moved);
    }
    folder.modified = this.#now();
  }

  /** @returns the paths of all that is below a folder, in order */
  below(folder: string): readonly string[] {
    const prefix = folder === '/' ? '/' : `${folder}/`;
    return [...this.#entries.keys()].filter((each) => each !== '/' && each.startsWith(prefix)).sort();
  }

  #writable(at: string, as: Caller, syscall: string): FolderEntry {
    const folder = this.#entries.get(path.dirname(at));
    if (folder === undefined) throw new SystemError('ENOENT', syscall, at);
    if (folder.type !== 'directory') throw new SystemError('ENOTDIR', syscall, at);
    if (!allows(folder, as, WRITE | SEARCH)) throw new SystemError('EACCES', syscall, at);
    return folder;
  }
}

interface Resolving {
  readonly follow?: boolean;
  readonly as?: Caller;
  readonly syscall?: string;
}

/** By the first of owner, group and others that fits, as inode(7) says; root is asked for nothing. */
function allows({ mode, owner, group }: Entry, as: Caller, bits: number): boolean {
  if (as.name === 'root') return true;
  const mine = owner === as.name ? mode >> 6 : group === as.group ? mode >> 3 : mode;
  return (mine & bits) === bits;
}

function parentsOf(file: string): readonly string[] {
  const folder = path.dirname(file);
  return folder === '/' ? [] : [...parentsOf(folder), folder];
}

/** @returns whether a part of the path, or what it names, is not there */
export function isAbsent(error: unknown): boolean {
  return error instanceof SystemError && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

/** @returns what `work` finds, `undefined` when there is nothing on the way or at the end of it */
export function unlessAbsent<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
