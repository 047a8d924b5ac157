import {
  chmod,
  lchown,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Accounts } from '../../../src/host/accounts.ts';
import type { LiveHost } from '../../../src/host/host.ts';
import { Journal } from '../../../src/host/journal.ts';
import { Ledger } from '../../../src/host/ledger.ts';
import { LinuxHost } from '../../../src/host/linux-host.ts';
import { LinuxLiveHost } from '../../../src/host/live-host.ts';
import { ProblemError } from '../../../src/output/problem.ts';
import { type Case, SCRIPTS } from './contract-cases.ts';
import { type Entry, entryOf } from './entries.ts';
import { FakeHost } from './fake-host.ts';
import { absent } from './programs.ts';

const accounts = new Accounts();
let folder: string;
let count = 0;

/** Makes the folder below which the real host's files stand. */
export async function start(): Promise<void> {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-contract-'));
  // The account must be able to reach its own folder in it.
  await chmod(folder, 0o755);
}

export function top(): string {
  return folder;
}

/** What a door's work leaves behind. */
interface Left {
  readonly value?: unknown;
  readonly error?: unknown;
  readonly files: unknown;
  readonly journal: unknown;
}

export async function onThisMachine({ before = {}, act }: Case): Promise<Left> {
  count += 1;
  const root = path.join(folder, String(count));
  const at = (name: string) => (name === '' ? root : path.join(root, name));
  await mkdir(root);
  for (const [name, given] of Object.entries(before)) await make(at(name), entryOf(given, Date.now()));
  const state = path.join(folder, `state-${count}`);
  const options = { accounts, ledger: new Ledger(state) };
  const journal = new Journal(path.join(state, 'run'), path.join(state, 'copies'));
  const signal = new AbortController().signal;
  const live = new LinuxLiveHost(
    { ...options, journal, emit: () => {}, signal, run: '0001' },
    'test/operation',
    new LinuxHost(options),
    new Map(),
  );
  const result = await outcome(live, act, at);
  const text = await readFile(path.join(state, 'run/journal.jsonl'), 'utf8').catch(() => '');
  const entries = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return plain({ ...result, files: await filesOf(root), journal: entries }, root);
}

export async function inMemory({ before = {}, act }: Case): Promise<Left> {
  const root = '/tmp/contract';
  const at = (name: string) => (name === '' ? root : path.join(root, name));
  const host = new FakeHost();
  host.programs.add(absent('no-such-program'), ({ argv: [shell, , script = ''] }) =>
    shell === '/bin/sh' ? SCRIPTS[script] : undefined,
  );
  host.arrange({ [root]: { folder: true } });
  for (const [name, given] of Object.entries(before)) host.arrange({ [at(name)]: given });
  const result = await outcome(host, act, at);
  const files = host.tree.below(root).map((file) => {
    const entry = host.tree.find(file);
    const text =
      entry?.type === 'file' ? entry.bytes.toString('latin1') : entry?.type === 'link' ? entry.target : '';
    return [path.relative(root, file), entry?.type, entry?.mode, `${entry?.owner}:${entry?.group}`, text];
  });
  return plain({ ...result, files, journal: host.memory.journal }, root);
}

async function outcome(live: LiveHost, act: Case['act'], at: (name: string) => string) {
  try {
    const value = await act(live, at);
    return { value: value instanceof Uint8Array ? [...value] : value };
  } catch (error) {
    if (error instanceof ProblemError) return { error: error.problem };
    const { code } = error as NodeJS.ErrnoException;
    return { error: { code, words: (error as Error).message.split(/[,(]/)[0] } };
  }
}

/** Without what no two runs share: times, numbers of lines, the folder's name, the size that a file system gives a folder. */
function plain(left: Left, root: string): Left {
  const text = JSON.stringify(left, (key, value) => {
    if (['at', 'sequence', 'modified'].includes(key)) return undefined;
    if (key === 'before' && value?.type === 'directory') return { ...value, size: 0 };
    return value;
  });
  return JSON.parse(text.replaceAll(root, '/root-of-case'));
}

async function make(file: string, entry: Entry): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  if (entry.type === 'link') await symlink(entry.target, file);
  else if (entry.type === 'directory') await mkdir(file);
  else if (entry.type === 'file') await writeFile(file, entry.bytes);
  else {
    const server = createServer();
    await new Promise<void>((ready) => void server.listen(file, ready));
    // Closing it takes the socket's file away: the other name keeps it.
    await link(file, `${file}.kept`);
    await new Promise((closed) => server.close(closed));
    await rename(`${file}.kept`, file);
  }
  await lchown(file, accounts.user(entry.owner)?.uid ?? 0, accounts.groupId(entry.group) ?? 0);
  if (entry.type !== 'link') await chmod(file, entry.mode);
}

/** Every entry below a folder, in order; node:fs itself would go through links. */
async function filesOf(root: string, below = root): Promise<readonly unknown[]> {
  const all: [string, unknown][] = [];
  for (const name of await readdir(below)) {
    const file = path.join(below, name);
    const stats = await lstat(file);
    const type = stats.isFile()
      ? 'file'
      : stats.isDirectory()
        ? 'directory'
        : stats.isSymbolicLink()
          ? 'link'
          : 'socket';
    const text =
      type === 'file' ? await readFile(file, 'latin1') : type === 'link' ? await readlink(file) : '';
    const owner = `${accounts.userName(stats.uid)}:${accounts.groupName(stats.gid)}`;
    const relative = path.relative(root, file);
    all.push([relative, [relative, type, stats.mode & 0o7777, owner, text]]);
    if (type === 'directory')
      for (const each of (await filesOf(root, file)) as [string][]) all.push([each[0], each]);
  }
  return all.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}
