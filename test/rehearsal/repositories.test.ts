import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeRepositories } from './repositories.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repositories-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function git(repository: string, ...args: readonly string[]): Promise<string> {
  return (await execa('git', [`--git-dir=${repository}`, ...args])).stdout;
}

test('the dependency has the commit that poetry.lock names', async () => {
  await makeRepositories(join(folder, 'lock'));
  const lock = await readFile(join(import.meta.dirname, 'site/poetry.lock'), 'utf8');
  const locked = /^resolved_reference = "(.*)"$/m.exec(lock)?.[1];
  expect(await git(join(folder, 'lock/studio-private.git'), 'rev-parse', 'main')).toBe(locked);
});

test('a clone starts on main, and the deployed branch differs from it visibly', async () => {
  await makeRepositories(join(folder, 'plain'));
  const clone = join(folder, 'clone');
  await execa('git', ['clone', '--quiet', join(folder, 'plain/blender-studio.git'), clone]);
  const release = () => readFile(join(clone, 'studio/release.py'), 'utf8');
  expect(await release()).toBe("NAME = 'main'\n");
  await execa('git', ['-C', clone, 'checkout', '--quiet', 'production']);
  expect(await release()).toBe("NAME = 'production'\n");
  expect((await stat(join(clone, 'manage.py'))).mode & 0o111).toBe(0o111);
});

test('the deployed branch takes another name, and deploy/ can be missing', async () => {
  await makeRepositories(join(folder, 'other'), { branch: 'live', withoutDeploy: true });
  const site = join(folder, 'other/blender-studio.git');
  expect(await git(site, 'branch', '--format=%(refname:short)')).toBe('live\nmain');
  expect(await git(site, 'ls-tree', '--name-only', 'live', 'deploy')).toBe('');
  expect(await git(site, 'ls-tree', '--name-only', 'live', 'manage.py')).toBe('manage.py');
});

test('what a host makes for itself is not in the repository', async () => {
  await makeRepositories(join(folder, 'clean'));
  const files = await git(
    join(folder, 'clean/blender-studio.git'),
    'ls-tree',
    '-r',
    '--name-only',
    'production',
  );
  expect(files.split('\n')).toContain('studio/settings.example.py');
  expect(files).not.toMatch(/__pycache__|^studio\/settings\.py$|^public\//m);
});
