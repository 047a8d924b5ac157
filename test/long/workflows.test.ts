import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { must, run } from '../rehearsal/process.ts';
import { installMissing } from '../rehearsal/tools.ts';

/** The newest version that the Go of Debian 12 builds (its go.mod asks for 1.18). */
const ACTIONLINT = 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.7';
const workflows = path.join(import.meta.dirname, '../../.github/workflows');

let folder: string;
beforeAll(async () => {
  const found = await run(['sh', '-c', 'command -v go']);
  if (found.code !== 0) await installMissing({ '/usr/bin/go': 'golang-go' }, 'actionlint', console.log);
  await installMissing({ '/usr/bin/shellcheck': 'shellcheck' }, 'actionlint', console.log);
  folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-workflows-'));
  await must(['go', 'install', ACTIONLINT], { env: { ...process.env, GOBIN: folder } });
  // Below a folder of its own: a workflow that another one calls is looked up by its path.
  await must(['git', 'init', '--quiet', path.join(folder, 'project')]);
  await cp(workflows, path.join(folder, 'project/.github/workflows'), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** actionlint has ShellCheck read the scripts of the steps. */
const lint = () =>
  run([path.join(folder, 'actionlint')], { cwd: path.join(folder, 'project'), env: process.env });

test('actionlint finds nothing in the workflows', async () => {
  expect(await lint()).toEqual({ code: 0, stdout: '', stderr: '' });
});

test.each([
  ['needs: test', 'needs: tests', /job "publish" needs job "tests" which does not exist/],
  ['secrets.MINISIGN_KEY', 'secret.MINISIGN_KEY', /undefined variable "secret"/],
  ['create "$TAG"', 'create $TAG', /shellcheck reported issue in this script: SC2086/],
])('a planted mistake is found: %s', async (right, wrong, words) => {
  const copy = path.join(folder, 'project/.github/workflows/release.yml');
  const text = await readFile(copy, 'utf8');
  expect(text).toContain(right);
  await writeFile(
    copy,
    text.replace(right, () => wrong),
  );
  const { code, stdout } = await lint();
  await writeFile(copy, text);
  expect(code).toBe(1);
  expect(stdout).toMatch(words);
});

test('every action of the workflow that publishes is named by its commit', async () => {
  const text = await readFile(path.join(workflows, 'release.yml'), 'utf8');
  const actions = [...text.matchAll(/uses: (?!\.\/)(\S+)/g)].map(([, action]) => action);
  expect(actions.length).toBeGreaterThan(0);
  for (const action of actions) expect(action).toMatch(/@[0-9a-f]{40}$/);
});
