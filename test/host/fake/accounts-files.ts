import path from 'node:path';
import { type Entry, type ErrorCode, SystemError, strerror } from './entries.ts';
import type { Caller, Tree } from './tree.ts';

/** What dash and the coreutils of Debian 12 say of an error, by the program that meets it. */
const SAYS: Readonly<Record<string, (file: string, code: ErrorCode) => string>> = {
  // dash, redir.c (openredirect): "cannot create %s: %s", with a word of its own for a folder that is not there.
  sh: (file, code) =>
    `sh: 6: cannot create ${file}: ${code === 'ENOENT' || code === 'ENOTDIR' ? 'Directory nonexistent' : strerror(code)}`,
  cat: (file, code) =>
    code === 'ENOSPC' || code === 'EIO'
      ? `cat: write error: ${strerror(code)}`
      : `cat: ${file}: ${strerror(code)}`,
  // basenc.c: quotef(infile) where it can't be opened; a folder can be, and fails at the first read.
  base64: (file, code) =>
    code === 'EISDIR' ? `base64: read error: ${strerror(code)}` : `base64: ${file}: ${strerror(code)}`,
  rm: (file, code) => `rm: cannot remove '${file}': ${strerror(code)}`,
  rmdir: (file, code) => `rmdir: failed to remove '${file}': ${strerror(code)}`,
  chmod: (file, code) =>
    code === 'EPERM'
      ? `chmod: changing permissions of '${file}': ${strerror(code)}`
      : `chmod: cannot access '${file}': ${strerror(code)}`,
  // By the locale C.UTF-8, in which the product starts programs.
  mkdir: (file, code) => `mkdir: cannot create directory ‘${file}’: ${strerror(code)}`,
  ln: (file, code) => `ln: failed to create symbolic link '${file}': ${strerror(code)}`,
  mv: (file, code) =>
    code === 'EISDIR'
      ? `mv: cannot overwrite directory '${file}' with non-directory`
      : `mv: cannot move '${file}.studio-setup-partial' to '${file}': ${strerror(code)}`,
};

/** What a program of the account says on its standard error. */
export class Said extends Error {}

/** What another account changes by itself, as the scripts in src/host/live-host.ts have it done: the kernel follows links and asks for rights. */
export class AccountsFiles {
  readonly #tree: Tree;
  readonly #now: () => number;

  constructor(tree: Tree, now: () => number) {
    this.#tree = tree;
    this.#now = now;
  }

  /** @throws Said */
  read(file: string, as: Caller): Buffer {
    return this.#by('base64', file, () => this.#tree.read(file, as));
  }

  write(file: string, bytes: Uint8Array, mode: number, as: Caller): void {
    const partial = `${file}.studio-setup-partial`;
    const at = this.#by('sh', partial, () => this.#tree.resolve(file, { follow: false, as }));
    const entry: Entry = { type: 'file', bytes: Buffer.from(bytes), ...this.#rights(as, mode) };
    // The temp file is made beside it first: that is what a folder that is not the account's refuses.
    this.#by('sh', partial, () => {
      this.#tree.replace(`${at}.studio-setup-partial`, entry, as, false);
      this.#tree.remove(`${at}.studio-setup-partial`, as);
    });
    this.#by('mv', file, () => this.#tree.replace(at, entry, as, false));
  }

  makeFolder(folder: string, mode: number, as: Caller): void {
    const missing: string[] = [];
    this.#by('mkdir', folder, () => {
      for (let at = folder; this.#found(at, as) === undefined; at = path.dirname(at)) missing.unshift(at);
    });
    for (const each of missing)
      this.#by('mkdir', each, () =>
        this.#tree.makeFolder(this.#tree.resolve(each, { follow: false, as }), as),
      );
    const there = this.#by('mkdir', folder, () => this.#tree.find(folder, { follow: true, as }));
    if (there?.type !== 'directory')
      throw new Said(`mkdir: cannot create directory ‘${folder}’: File exists`);
    this.setMode(folder, mode, as);
  }

  link(target: string, file: string, as: Caller): void {
    const at = this.#by('ln', file, () => this.#tree.resolve(file, { follow: false, as }));
    if (this.#tree.find(at)?.type === 'directory') throw new Said(`ln: ${file}: cannot overwrite directory`);
    this.#by('ln', file, () =>
      this.#tree.replace(at, { type: 'link', target, ...this.#rights(as, 0o777) }, as, false),
    );
  }

  remove(file: string, as: Caller): void {
    this.#by('rm', file, () => {
      const at = this.#absent(() => this.#tree.resolve(file, { follow: false, as }));
      const entry = at === undefined ? undefined : this.#tree.find(at);
      if (at === undefined || entry === undefined) return;
      if (entry.type === 'directory') throw new SystemError('EISDIR', 'unlink', file);
      this.#tree.remove(at, as);
    });
  }

  removeFolder(folder: string, as: Caller): void {
    this.#by('rmdir', folder, () =>
      this.#tree.remove(this.#tree.resolve(folder, { follow: false, as }), as, 'rmdir'),
    );
  }

  setMode(file: string, mode: number, as: Caller): void {
    this.#by('chmod', file, () => {
      const entry = this.#tree.find(file, { follow: true, as });
      if (entry === undefined) throw new SystemError('ENOENT', 'chmod', file);
      if (as.name !== 'root' && entry.owner !== as.name) throw new SystemError('EPERM', 'chmod', file);
      // chmod(1): a number of up to four digits leaves set-id bits of a folder as they are.
      entry.mode = entry.type === 'directory' ? mode | (entry.mode & 0o6000) : mode;
    });
  }

  /** @throws Said what the program says when the kernel gives it this error */
  fail(program: string, file: string, code: ErrorCode): never {
    throw new Said(SAYS[program]?.(file, code) ?? `${program}: ${file}: ${strerror(code)}`);
  }

  #rights(as: Caller, mode: number) {
    return { mode, owner: as.name, group: as.group, modified: this.#now() };
  }

  #by<Result>(program: string, file: string, work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      return this.fail(program, file, error.code);
    }
  }

  /** What the account can't see is not there for it. */
  #found(file: string, as: Caller): Entry | undefined {
    try {
      return this.#tree.find(file, { follow: true, as });
    } catch (error) {
      if (error instanceof SystemError && ['ENOENT', 'ENOTDIR', 'EACCES'].includes(error.code))
        return undefined;
      throw error;
    }
  }

  #absent<Result>(work: () => Result): Result | undefined {
    try {
      return work();
    } catch (error) {
      if (error instanceof SystemError && error.code === 'ENOENT') return undefined;
      if (error instanceof SystemError && error.code === 'ENOTDIR') return undefined;
      throw error;
    }
  }
}
