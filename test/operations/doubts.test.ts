import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Change } from '../../src/engine/operation.ts';
import { problemOfConflict } from '../../src/engine/run.ts';
import { Accounts } from '../../src/host/accounts.ts';
import { Ledger } from '../../src/host/ledger.ts';
import { LinuxHost } from '../../src/host/linux-host.ts';
import { file } from '../../src/operations/file.ts';

let folder: string;
const unit = () => path.join(folder, 'studio.service');

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'doubts-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function observed(
  doubts: readonly string[],
  overwrite: readonly string[] = [],
): Promise<Change | undefined> {
  const accounts = new Accounts();
  const host = new LinuxHost({
    accounts,
    ledger: new Ledger(path.join(folder, 'state')),
    overwrite: new Set(overwrite),
  });
  const wanted = file({
    id: 'x/unit',
    path: unit(),
    owner: accounts.userName(process.getuid?.() ?? 0),
    group: accounts.groupName(process.getgid?.() ?? 0),
    shell: [],
    content: async () => 'User=root\n',
    pristine: async () => ['User=www-data\n'],
    doubts: async () => doubts,
  });
  return (await wanted.observe(host)) as Change | undefined;
}

test.each([
  ['a first installation', undefined],
  ['a file as the checkout had it', 'User=www-data\n'],
])('%s: what is doubtful is not written without the word', async (_, before) => {
  if (before !== undefined) await writeFile(unit(), before);
  const change = await observed(['User=root', 'the file differs from its commit']);
  expect(change?.conflict).toMatchObject({
    path: unit(),
    doubts: ['User=root', 'the file differs from its commit'],
  });
  const problem = problemOfConflict(change?.conflict ?? { path: '', diff: '' });
  expect(problem.what).toContain('needs your approval: User=root; the file differs from its commit.');
  expect(problem.remedy).toContain(`--overwrite ${unit()}`);
  expect(problem.detail).toContain('+User=root');
  expect((await observed(['User=root'], [unit()]))?.conflict).toBeUndefined();
  expect((await observed([]))?.conflict).toBeUndefined();
});

test('a file that the operator edited is theirs, and doubtful too', async () => {
  await writeFile(unit(), 'User=mine\n');
  expect((await observed([]))?.conflict).toEqual(expect.not.objectContaining({ doubts: expect.anything() }));
  expect((await observed(['User=root']))?.conflict?.doubts).toEqual(['User=root']);
});

test('what stands there already is not asked about', async () => {
  await writeFile(unit(), 'User=root\n');
  expect(await observed(['User=root'])).toBeUndefined();
  expect(await readFile(unit(), 'utf8')).toBe('User=root\n');
});
