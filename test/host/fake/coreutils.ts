import { createHash } from 'node:crypto';
import path from 'node:path';
import type { ProgramResult } from '../../../src/host/host.ts';
import { type Entry, entryOf, SystemError, strerror } from './entries.ts';
import type { FakeHost } from './fake-host.ts';
import { found } from './find.ts';
import type { Call, Program } from './programs.ts';
import type { Caller, Tree } from './tree.ts';
import { unlessAbsent } from './tree.ts';

type Work = (tree: Tree, words: readonly string[], as: Caller) => string;

/** What the coreutils and findutils of Debian 12 do with the options that the product gives them, as their manual pages say. */
const PROGRAMS: Readonly<Record<string, Work>> = {
  rm(tree, words, as) {
    const all = words.some((word) => /^-\w*r/.test(word));
    for (const file of operands(words)) {
      const at = unlessAbsent(() => tree.resolve(file, { follow: false, as }));
      const entry = at === undefined ? undefined : tree.find(at);
      if (at === undefined || entry === undefined) continue;
      if (entry.type === 'directory' && !all) throw new SystemError('EISDIR', 'rm', file);
      for (const each of all ? [...tree.below(at)].reverse() : []) tree.remove(each, as);
      tree.remove(at, as);
    }
    return '';
  },
  mv(tree, words, as) {
    const [from, to] = both(tree, words, as);
    const there = tree.find(to);
    // rename(2): a folder takes the place of an empty one, a file that of a file.
    if (there?.type === 'directory') {
      if (tree.find(from)?.type !== 'directory') throw new SystemError('EISDIR', 'mv', to);
      if (tree.below(to).length > 0) throw new SystemError('ENOTEMPTY', 'mv', to);
    }
    tree.rename(from, to, as);
    return '';
  },
  cp(tree, words, as) {
    const [from, to] = both(tree, words, as);
    const bytes = tree.read(from, as);
    tree.replace(
      to,
      { type: 'file', bytes, mode: 0o644, owner: as.name, group: as.group, modified: Date.now() },
      as,
      false,
    );
    return '';
  },
  mkdir(tree, words, as) {
    for (const folder of operands(words)) if (tree.find(folder) === undefined) tree.makeFolder(folder, as);
    return '';
  },
  ln(tree, words, as) {
    // ln(1): with -t the folder comes first; without -s both names are those of one file.
    const symbolic = words.some((word) => /^-\w*s/.test(word));
    const [into = '', ...files] = operands(words);
    for (const file of files) {
      const entry = symbolic ? entryOf({ link: file }, Date.now()) : entryAt(tree, file);
      tree.replace(path.join(into, path.basename(file)), entry, as, true);
    }
    return '';
  },
  chmod(tree, words) {
    const [mode = '', ...files] = operands(words);
    // chmod(1): "chmod -R" goes through a tree and leaves links in it as they are.
    for (const file of files)
      for (const each of words.includes('-R') ? [file, ...tree.below(file)] : [file]) {
        const entry = entryAt(tree, each);
        if (entry.type !== 'link') entry.mode = changedMode(entry.mode, mode);
      }
    return '';
  },
  sha256sum(tree, words, as) {
    return operands(words)
      .map((file) => `${createHash('sha256').update(tree.read(file, as)).digest('hex')}  ${file}\0`)
      .join('');
  },
  stat(tree, words, as) {
    const format = /^--format=(.*)$/.exec(words[0] ?? '')?.[1];
    // stat(1): `%i` is the inode's number; links are not followed without -L.
    if (format !== '%i') throw new TypeError(`stat ${words[0]} is not understood`);
    return words
      .slice(1)
      .map((file) => `${inodeOf(entryAt(tree, tree.resolve(file, { follow: false, as })))}\n`)
      .join('');
  },
  find(tree, words, as) {
    const begin = words.findIndex((word) => /^[-(!]/.test(word));
    const [tops, expression] = [words.slice(0, begin), words.slice(begin)];
    let printed = '';
    for (const top of tops) {
      const at = tree.resolve(top, { follow: false, as });
      const files = [at, ...tree.below(at)].map(
        // Its names begin as the path was given.
        (file) => [`${top}${file.slice(at.length)}`, entryAt(tree, file)] as const,
      );
      printed += found(at, files, expression, ([program = '', ...rest]) =>
        PROGRAMS[program]?.(tree, rest, as),
      );
      if (printed !== '' && expression.includes('-quit')) break;
    }
    return printed;
  },
};

const inodes = new WeakMap<Entry, number>();
let lastInode = 2;

/** @returns a number of its own for each entry, which it keeps when it is renamed, as inode(7) says */
export function inodeOf(entry: Entry): number {
  const known = inodes.get(entry);
  if (known !== undefined) return known;
  lastInode += 1;
  inodes.set(entry, lastInode);
  return lastInode;
}

export function coreutils(host: FakeHost): Program {
  return (call: Call): Partial<ProgramResult> | undefined => {
    const [program = '', ...words] = call.argv;
    const work = PROGRAMS[program];
    if (work === undefined) return undefined;
    try {
      return { stdout: work(host.tree, words, host.accounts.caller(call.options.as)) };
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      return { code: 1, stderr: `${program}: ${error.path}: ${strerror(error.code)}\n` };
    }
  };
}

/** The symbolic modes of chmod(1) that the product uses. */
function changedMode(mode: number, change: string): number {
  if (/^[0-7]+$/.test(change)) return Number.parseInt(change, 8);
  if (change === 'go-w') return mode & ~0o022;
  if (change === 'g+s') return mode | 0o2000;
  throw new TypeError(`chmod ${change} is not understood`);
}

function operands(words: readonly string[]): readonly string[] {
  return words.filter((word) => !word.startsWith('-'));
}

function both(tree: Tree, words: readonly string[], as: Caller): readonly [string, string] {
  const [from = '', to = ''] = operands(words).map((file) =>
    path.join(tree.resolve(path.dirname(file), { as }), path.basename(file)),
  );
  if (tree.find(from) === undefined) throw new SystemError('ENOENT', 'stat', from);
  return [from, to];
}

function entryAt(tree: Tree, file: string): Entry {
  const entry = tree.find(file);
  if (entry === undefined) throw new SystemError('ENOENT', 'stat', file);
  return entry;
}
