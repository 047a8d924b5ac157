import { mkdir, mkdtemp, readlink, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isLater } from '../../../src/engine/operation.ts';
import type { FileStatus, LiveHost } from '../../../src/host/host.ts';
import type { Release, Way } from '../../../src/procedures/update/state.ts';
import { switchedVirtualenv } from '../../../src/procedures/update/virtualenv.ts';
import { VENV, WWW } from '../../../src/site/layout.ts';

/** The real shell, in a folder of this test. */
let www: string;

const from: Release = { commit: 'a'.repeat(40), branch: 'production', virtualenv: 'venv-aaaaaaaaaaaa' };
const to: Release = { commit: 'b'.repeat(40), branch: 'production', virtualenv: 'venv-bbbbbbbbbbbb' };
const way: Way = { from, to, kept: 'x', applied: [], restore: false };
/** Of an installation, long ago. */
const THEN = new Date('2024-01-01');

async function virtualenv(name: string): Promise<void> {
  const packages = join(www, name, 'lib/python3.11/site-packages');
  for (const folder of ['Django-3.2.dist-info', 'django/contrib/admin/static/admin']) {
    await mkdir(join(packages, folder), { recursive: true });
  }
  await writeFile(join(packages, 'django/contrib/admin/static/admin/base.css'), 'x');
  for (const file of ['Django-3.2.dist-info', 'django/contrib/admin/static/admin/base.css'])
    await utimes(join(packages, file), THEN, THEN);
}

beforeEach(async () => {
  www = await mkdtemp(join(tmpdir(), 'switch-'));
  await virtualenv('venv');
  await virtualenv(to.virtualenv);
});
afterEach(() => rm(www, { recursive: true }));

async function bring(now: Release, other: Release): Promise<boolean> {
  const door: Pick<LiveHost, 'run' | 'status' | 'willChange'> = {
    async run(argv, options = {}) {
      expect(options.as).toBe('www-data');
      const [program = '', ...words] = argv.map((word) => (word === WWW ? www : word));
      const { exitCode, stdout, stderr } = await execa(program, words);
      return { code: exitCode ?? 127, stdout, stderr };
    },
    async status(path) {
      expect(path).toBe(VENV);
      const target = await readlink(join(www, 'venv')).catch(() => undefined);
      const found = await stat(join(www, 'venv')).catch(() => undefined);
      if (found === undefined) return undefined;
      return {
        type: target === undefined ? 'directory' : 'link',
        ...(target === undefined ? {} : { target }),
      } as FileStatus;
    },
    willChange: () => false,
  };
  const host = door as LiveHost;
  const change = await switchedVirtualenv('update/virtualenv', now, other, way).observe(host);
  if (change === undefined || isLater(change)) return false;
  await change.apply(host);
  return true;
}

const age = async (file: string) => (await stat(join(www, 'venv/lib/python3.11/site-packages', file))).mtime;

test('a folder, a link, and the old link again; what serves is newer than what did', async () => {
  expect(await bring(to, from)).toBe(true);
  expect(await readlink(join(www, 'venv'))).toBe(to.virtualenv);
  expect((await stat(join(www, from.virtualenv))).isDirectory()).toBe(true);
  for (const file of ['Django-3.2.dist-info', 'django/contrib/admin/static/admin/base.css'])
    expect((await age(file)).getTime()).toBeGreaterThan(THEN.getTime());
  expect(await bring(to, from)).toBe(false);

  expect(await bring(from, to)).toBe(true);
  expect(await readlink(join(www, 'venv'))).toBe(from.virtualenv);
  expect((await age('Django-3.2.dist-info')).getTime()).toBeGreaterThan(THEN.getTime());
  expect(await bring(from, to)).toBe(false);
});

test('cut off when the folder was moved: the next start makes the link', async () => {
  await execa('mv', [join(www, 'venv'), join(www, from.virtualenv)]);
  expect(await bring(from, to)).toBe(true);
  expect(await readlink(join(www, 'venv'))).toBe(from.virtualenv);
});
