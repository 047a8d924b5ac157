import { describe, expect, it } from 'vitest';
import { isLater } from '../../src/engine/operation.ts';
import type { FileStatus, Host, ProgramResult } from '../../src/host/host.ts';
import { checkout } from '../../src/operations/checkout.ts';

const path = '/var/www/blender-studio';
const url = 'git@git.example.org:site.git';

interface Clone {
  readonly origin?: string;
  /** What stands in .git/config, where `insteadOf` makes another address of it. */
  readonly written?: string;
  readonly branch?: string;
  readonly lock?: FileStatus;
  /** pgrep's exit code (its manual: 0 found, 1 none, 2 and 3 errors). */
  readonly git?: number;
  readonly overwrite?: boolean;
}

function hostWith({
  origin,
  written = origin,
  branch = 'production',
  lock,
  git = 1,
  overwrite,
}: Clone): Host {
  const said = (stdout: string | undefined): ProgramResult => ({
    code: stdout === undefined ? 1 : 0,
    stdout: `${stdout ?? ''}\n`,
    stderr: '',
  });
  const host: Partial<Host> = {
    list: async () => ['.git', 'manage.py'],
    status: async (file) => (file.endsWith('index.lock') ? lock : undefined),
    mayOverwrite: () => overwrite === true,
    query: async (argv) => {
      const words = argv.join(' ');
      if (argv[0] === 'pgrep') return { code: git, stdout: git === 0 ? '4711\n' : '', stderr: '' };
      if (words.includes('get-url')) return said(origin);
      if (words.includes('remote.origin.url')) return said(written);
      return said(branch);
    },
  };
  return host as Host;
}

async function observed(clone: Clone): Promise<string> {
  try {
    const found = await checkout({ id: 'x', path, url, branch: 'production' }).observe(hostWith(clone));
    if (found === undefined) return 'nothing';
    if (isLater(found)) return found.later;
    return `${found.conflict === undefined ? '' : 'conflict: '}${found.summary}`;
  } catch (error) {
    return `refused: ${(error as Error).message}`;
  }
}

describe('the repository that the checkout comes from', () => {
  it.each<[string, Clone, string]>([
    ['the same', { origin: url }, 'nothing'],
    ['the same without .git', { origin: 'git@git.example.org:site' }, 'nothing'],
    ['the same with a slash', { origin: `${url}/` }, 'nothing'],
    ['the same by insteadOf', { origin: 'https://mirror.example.org/site', written: url }, 'nothing'],
    ['none that can be told', {}, 'nothing'],
    [
      'another',
      { origin: 'git@git.example.org:fork.git' },
      `conflict: ${path}: repository git@git.example.org:fork.git → ${url}`,
    ],
    [
      'another, and the answer was confirmed',
      { origin: 'git@git.example.org:fork.git', overwrite: true },
      `${path}: repository git@git.example.org:fork.git → ${url}`,
    ],
  ])('%s', async (_case, clone, expected) => {
    expect(await observed(clone)).toBe(expected);
  });
});

describe('a lock that a git left', () => {
  const lock: FileStatus = {
    type: 'file',
    mode: 0o644,
    owner: 'root',
    group: 'root',
    size: 0,
    modified: Date.UTC(2026, 10, 28, 3, 12),
  };
  const other = { origin: url, branch: 'master' };
  it.each<[string, Clone, string]>([
    ['none', other, `${path}: branch master → production`],
    [
      'left behind',
      { ...other, lock },
      `refused: ${path}/.git/index.lock is there, root's, since 2026-11-28 03:12 UTC, and no git runs: one that was killed left it.`,
    ],
    ['held', { ...other, lock, git: 0 }, 'and git runs (process 4711)'],
    ['of whom nobody can tell', { ...other, lock, git: 127 }, 'whether a git runs could not be asked'],
    ['where nothing has to change', { origin: url, lock }, 'nothing'],
  ])('%s', async (_case, clone, expected) => {
    expect(await observed(clone)).toContain(expected);
  });
});
