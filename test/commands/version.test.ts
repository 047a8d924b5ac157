import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { records } from './sample/sample.ts';
import { ARCHITECTURE, INSTALLED, NEWER, said, updatable } from './sample/update-sample.ts';

const rig = updatable('version');

describe('nothing is fetched', () => {
  test.each([['version'], ['plan', '--yes'], ['doctor'], ['run', '--yes']])('by %s', async (...args) => {
    await rig().typed(args);
    expect(rig().server.asked).toEqual([]);
  });

  test.each([
    ['version', '--check'],
    ['self-update', '--yes'],
  ])('by a build that does not know where its releases are: %s', async (...args) => {
    await rig().build({ releases: undefined });
    const done = await rig().typed(args);
    expect(done.code).toBe(2);
    expect(said(done)).toContain(
      'This build does not know where its releases are. What to do: Download one, and check it as docs/installing.md says.',
    );
    expect(rig().server.asked).toEqual([]);
  });

  test.each<readonly [string, () => Promise<unknown>, number, string]>([
    [
      'that a package owns',
      () => rig().build({ executable: '/usr/bin/xz' }),
      2,
      '/usr/bin/xz belongs to the package xz-utils, and dpkg would not know of another version. Nothing was changed. What to do: Download the package of the newer version, then: apt install ./studio-setup_*.deb',
    ],
    ['that is no executable', () => rig().build({ executable: undefined }), 2, 'is run by Node here'],
    [
      'in a folder that everybody can write to',
      () => chmod(rig().at('bin'), 0o777),
      1,
      'every account can write to',
    ],
    ['in a folder of another account', () => chown(rig().at('bin'), 33, 33), 1, 'belongs to www-data'],
    ['of a group that can write to it', () => chmod(rig().program, 0o775), 1, 'the group root can write to'],
  ])('for an executable %s', async (_, arrange, code, words) => {
    await arrange();
    const done = await rig().typed(['self-update', '--yes']);
    expect(said(done)).toContain(words);
    expect(done.code).toBe(code);
    expect(rig().server.asked).toEqual([]);
  });
});

describe('version', () => {
  test('prints it, as a record too', async () => {
    expect((await rig().typed(['version'])).stdout).toBe(`${INSTALLED}\n`);
    expect(records((await rig().typed(['version', '--json'])).stdout)).toEqual([
      { v: 1, type: 'version', version: INSTALLED },
    ]);
  });

  test('--check: a newer release, whose it is and what to do; exit code 3', async () => {
    const done = await rig().typed(['version', '--check']);
    expect(done.code, done.stderr).toBe(3);
    expect(said(done)).toContain(`studio-setup ${NEWER} is there; this is ${INSTALLED}. Signed today (`);
    expect(said(done)).toMatch(/by the key [0-9A-F]{16}, at https:\/\/127\.0\.0\.1:\d+\/ /);
    expect(said(done)).toContain('To install it: studio-setup self-update');
    expect(rig().server.asked).toEqual(['SHA256SUMS', 'SHA256SUMS.minisig']);
  });

  test('--check needs no root', async () => {
    await chmod(rig().keys, 0o755);
    const env = rig().environment();
    const [node = '', ...argv] = rig().sample.command().argv;
    const child = spawn(node, [...argv, 'version', '--check'], { env, uid: 65_534, gid: 65_534 });
    expect(await once(child, 'close')).toEqual([3, null]);
    await chmod(rig().keys, 0o700);
  });

  test('--check: this is the newest; exit code 0', async () => {
    await rig().server.publish(INSTALLED, { [ARCHITECTURE]: rig().packed });
    const done = await rig().typed(['version', '--check']);
    expect(done.code, done.stderr).toBe(0);
    expect(done.stdout).toContain(`studio-setup ${INSTALLED} is the newest release.`);
    expect(done.stdout).not.toContain('holds newer releases back');
  });

  test('--check --json: one record', async () => {
    const signed = new Date('2026-01-02T03:04:05.678Z');
    await rig().server.publish(NEWER, { [ARCHITECTURE]: rig().packed }, { signed });
    const done = await rig().typed(['version', '--check', '--json']);
    expect(done.code, done.stderr).toBe(3);
    const pub = await readFile(path.join(rig().keys, 'key.pub'), 'utf8');
    // minisign leaves out zeros that a number begins with.
    const id = /public key ([0-9A-F]+)$/m.exec(pub)?.[1]?.padStart(16, '0');
    expect(records(done.stdout)).toEqual([
      {
        ...{ v: 1, type: 'release', version: NEWER, installed: INSTALLED, newer: true },
        ...{ signed: signed.toISOString(), key: id, address: rig().server.address },
      },
    ]);
  });

  test('freeze: a newest release that is old looks like a server that holds newer ones back', async () => {
    const days = (number: number) => new Date(Date.now() - number * 24 * 3_600_000);
    for (const [ago, doubted] of [
      [89, false],
      [92, true],
    ] as const) {
      await rig().server.publish(INSTALLED, { [ARCHITECTURE]: rig().packed }, { signed: days(ago) });
      const done = await rig().typed(['version', '--check']);
      expect(done.code).toBe(0);
      expect(said(done)).toContain(`Signed ${ago} days ago`);
      expect(said(done).includes('A server that holds newer releases back would show the same.')).toBe(
        doubted,
      );
    }
  });
});
