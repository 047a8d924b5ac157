import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FileStatus, Host } from '../../../src/host/host.ts';
import { whatComes } from '../../../src/procedures/update/coming.ts';
import {
  askedRelease,
  currentRelease,
  fetched,
  nothingToLose,
} from '../../../src/procedures/update/repository.ts';
import type { Release } from '../../../src/procedures/update/state.ts';
import { CHECKOUT, SETTINGS, VENV } from '../../../src/site/layout.ts';

/** git itself, in folders of this test: what it says is no claim of a stand-in. */
let folder: string;
let host: Host;
let link: string | undefined;

const environment = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  ...Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((who) => [
      [`GIT_${who}_NAME`, 'Somebody'],
      [`GIT_${who}_EMAIL`, 'somebody@example.org'],
    ]),
  ),
};

async function git(where: string, ...args: readonly string[]): Promise<string> {
  return (await execa('git', ['-C', join(folder, where), ...args], { env: environment })).stdout;
}

async function commit(message: string, files: Readonly<Record<string, string>>): Promise<string> {
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, 'work', name);
    await execa('mkdir', ['-p', dirname(file)]);
    await writeFile(file, text);
  }
  await git('work', 'add', '--all');
  await git('work', 'commit', '--quiet', '--allow-empty', '-m', message);
  await git('work', 'push', '--quiet', 'origin', 'HEAD');
  return git('work', 'rev-parse', 'HEAD');
}

const lock = (...packages: readonly string[]) =>
  packages
    .map((each) => `[[package]]\nname = "${each.split(' ')[0]}"\nversion = "${each.split(' ')[1]}"\n`)
    .join('\n');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'update-'));
  link = undefined;
  await execa('git', ['init', '--quiet', '--bare', '--initial-branch=production', join(folder, 'site.git')], {
    env: environment,
  });
  await execa('git', ['init', '--quiet', '--initial-branch=production', join(folder, 'work')], {
    env: environment,
  });
  await git('work', 'remote', 'add', 'origin', join(folder, 'site.git'));
  await commit('First', {
    'poetry.lock': lock('django 3.2.24', 'pytz 2022.1'),
    'manage.py': 'first\n',
    'studio/settings.example.py': "SECRET_KEY = 'CHANGE_ME'\nDEBUG = True\n",
    '.gitignore': 'studio/settings.py\n',
  });
  await execa('git', ['clone', '--quiet', join(folder, 'site.git'), join(folder, 'checkout')], {
    env: environment,
  });
  const door: Pick<Host, 'query' | 'status' | 'read' | 'once'> = {
    async query(argv, options = {}) {
      if (options.as !== 'www-data') throw new Error('git is never asked as root');
      const own = argv.map((word) => word.replaceAll(CHECKOUT, join(folder, 'checkout')));
      const { exitCode, stdout, stderr } = await execa(own[0] ?? '', own.slice(1), {
        env: { ...environment, ...options.env },
        reject: false,
        stripFinalNewline: false,
      });
      return { code: exitCode ?? 127, stdout, stderr };
    },
    status: async (path) =>
      path === VENV
        ? ({ type: link === undefined ? 'directory' : 'link', target: link } as FileStatus)
        : undefined,
    read: async (path) => (path === SETTINGS ? "SECRET_KEY = 'x'\nOWN = 1\n" : undefined),
    once: async (_, compute) => compute(),
  };
  host = door as Host;
});
afterEach(() => rm(folder, { recursive: true }));

async function comes(asked?: string): Promise<{ from: Release; to: Release }> {
  const from = await currentRelease(host, asked);
  await fetched(host);
  return { from, to: await askedRelease(host, from, asked) };
}

describe('what an update is to', () => {
  test('nothing new: the same release', async () => {
    const { from, to } = await comes();
    expect(to).toEqual(from);
    expect(from).toMatchObject({
      branch: 'production',
      virtualenv: expect.stringMatching(/^venv-[0-9a-f]{12}$/),
    });
  });

  test('the newest commit of the branch; the virtualenv follows poetry.lock', async () => {
    const second = await commit('Second', { 'manage.py': 'second\n' });
    const { from, to } = await comes();
    expect(to).toEqual({ ...from, commit: second });
    const third = await commit('Third', { 'poetry.lock': lock('django 3.2.25') });
    const later = await comes();
    expect(later.to.commit).toBe(third);
    expect(later.to.virtualenv).not.toBe(later.from.virtualenv);
  });

  test('a commit by its number, and another branch by its name', async () => {
    const first = await git('checkout', 'rev-parse', 'HEAD');
    await git('work', 'checkout', '--quiet', '-b', 'next');
    const other = await commit('Other', { 'manage.py': 'other\n' });
    expect((await comes('next')).to).toMatchObject({ commit: other, branch: 'next' });
    expect((await comes(other.slice(0, 10))).to).toMatchObject({ commit: other, branch: 'production' });
    expect((await comes(first)).to).toMatchObject({ commit: first, branch: 'production' });
  });

  test.each(['none', '--upload-pack=x', 'production..next', 'HEAD'])(
    'no branch and no commit: %s',
    async (name) => {
      await expect(comes(name)).rejects.toThrow(/no branch or commit.*Nothing was changed/);
    },
  );

  test('no branch is checked out: it has to be named', async () => {
    await git('checkout', 'checkout', '--quiet', '--detach');
    await expect(comes()).rejects.toThrow('No branch is checked out');
    expect((await comes('production')).to.branch).toBe('production');
    await expect(comes(await git('checkout', 'rev-parse', 'HEAD'))).rejects.toThrow(
      'No branch is checked out',
    );
  });

  test('a virtualenv that is a link: to one that an update made, and to something else', async () => {
    link = 'venv-0123456789ab';
    expect((await comes()).from.virtualenv).toBe(link);
    link = '/srv/venv';
    await expect(comes()).rejects.toThrow('/var/www/venv is a link to /srv/venv');
  });

  test('a repository that can not be reached', async () => {
    await git('checkout', 'remote', 'set-url', 'origin', join(folder, 'gone.git'));
    await expect(comes()).rejects.toThrow(/can't be fetched.*Nothing was changed/);
  });
});

describe('what would be lost', () => {
  const rows: readonly (readonly [string, () => Promise<unknown>, RegExp])[] = [
    ['a file that was changed', () => write('manage.py'), /changes that are in no commit: manage\.py\./],
    [
      'one that is only in the index',
      () => write('new.py').then(() => git('checkout', 'add', 'new.py')),
      /new\.py/,
    ],
    ['a file in the way of one that comes', () => write('films.py'), /stand in .* already.*: films\.py\./],
    [
      'a commit of this server alone',
      () => git('checkout', 'commit', '--quiet', '--allow-empty', '-m', 'Only \u001b[31mhere'),
      /commits that its repository has not: [0-9a-f]+ Only here\./,
    ],
  ];
  const write = (name: string) => writeFile(join(folder, 'checkout', name), 'mine\n');

  test.each(rows)('%s: refused, and named', async (_, change, words) => {
    await change();
    await commit('Second', { 'films.py': 'theirs\n' });
    const { from, to } = await comes();
    await expect(nothingToLose(host, from, to)).rejects.toThrow(words);
  });

  test('settings.py, uploads, and a commit that a tag keeps: nothing', async () => {
    await write('studio/settings.py');
    await write('upload.bin');
    await git('checkout', 'commit', '--quiet', '--allow-empty', '-m', 'Kept');
    await git('checkout', 'tag', 'kept');
    await commit('Second', { 'films.py': 'theirs\n' });
    const { from, to } = await comes();
    await expect(nothingToLose(host, from, to)).resolves.toBeUndefined();
  });
});

describe('what comes', () => {
  test('commits without what a terminal obeys, migrations, dependencies, configuration, new settings', async () => {
    await commit('Paint the \u001b[2Jterminal \u202egnp.exe', {});
    await commit('Much', {
      'poetry.lock': lock('django 3.2.25', 'idna 3.4'),
      'films/migrations/0007_length.py': '',
      'films/migrations/__init__.py': '',
      'deploy/etc/systemd/system/studio.service': '[Unit]\n',
      'studio/settings.example.py': "SECRET_KEY = 'CHANGE_ME'\nOWN = 2\nNEW_KEY: str = 'CHANGE_ME'\n",
    });
    const { from, to } = await comes();
    const said = (await whatComes(host, from, to)).join('\n');
    expect(said).toMatch(/production [0-9a-f]{12} → production [0-9a-f]{12}: 2 new commits\./);
    expect(said).toMatch(/Somebody, \d{4}-\d\d-\d\d: Paint the terminal gnp\.exe/);
    expect(said).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(said).toContain('1 migration of the database: films.0007_length.');
    expect(said).toContain(
      'a new virtualenv is made. django 3.2.24 → 3.2.25, idna 3.4 (new), pytz 2022.1 → gone.',
    );
    expect(said).toContain(
      'Configuration files of the repository change: deploy/etc/systemd/system/studio.service.',
    );
    expect(said).toMatch(/settings\.example\.py has new settings: NEW_KEY\. /);
  });

  test('many commits are counted', async () => {
    for (let number = 0; number < 18; number += 1) await commit(`Commit ${number}`, {});
    const { from, to } = await comes();
    const said = await whatComes(host, from, to);
    expect(said.filter((line) => /: Commit \d+$/.test(line))).toHaveLength(15);
    expect(said).toContain('… and 3 commits before these.');
    expect(said).toContain('No migrations come with it.');
    expect(said).toContain('The dependencies stay: poetry.lock is the same.');
    // The other way round, as a rollback goes.
    expect((await whatComes(host, to, from))[0]).toMatch(
      /: 0 new commits, and 18 commits of now no longer\.$/,
    );
  });
});
