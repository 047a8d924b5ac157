import { createHash } from 'node:crypto';
import path from 'node:path';
import type { ProgramResult } from '../../../src/host/host.ts';
import { type Entry, SystemError, strerror } from './entries.ts';
import type { FakeHost } from './fake-host.ts';
import { findTests } from './find.ts';
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
  chmod(tree, words) {
    const [mode = '', file = ''] = operands(words);
    entryAt(tree, file).mode = Number.parseInt(mode, 8);
    return '';
  },
  sha256sum(tree, words, as) {
    return operands(words)
      .map((file) => `${createHash('sha256').update(tree.read(file, as)).digest('hex')}  ${file}\0`)
      .join('');
  },
  find(tree, words, as) {
    const [top = '', ...rest] = words;
    const end = rest.findIndex((word) => /^-print/.test(word));
    const wanted = findTests(rest.slice(0, end));
    const at = tree.resolve(top, { follow: false, as });
    const found = [at, ...tree.below(at)].filter((file) => wanted(entryAt(tree, file)));
    if (rest[end] === '-print')
      return found
        .slice(0, 1)
        .map((file) => `${file}\n`)
        .join('');
    const format = rest[end + 1] ?? '';
    return found.map((file) => printed(format, file, entryAt(tree, file))).join('');
  },
};

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

/** As find(1) explains -printf. */
function printed(format: string, file: string, { owner, group, mode }: Entry): string {
  const words: Readonly<Record<string, string>> = {
    '%u': owner,
    '%g': group,
    '%m': mode.toString(8),
    '%p': file,
    '\\0': '\0',
    '\\n': '\n',
  };
  return format.replaceAll(/%[ugmp]|\\[0n]/g, (word) => words[word] ?? word);
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
