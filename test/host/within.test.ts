import { chown, lstat, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  makeFolders,
  removeEmptyFolder,
  removeFile,
  replaceFile,
  replaceLink,
  setOwnerOf,
  setRightsOf,
} from '../../src/host/files.ts';
import { giveRights } from '../../src/host/rights.ts';
import { race } from './race.ts';

/** An account that is nobody's friend; `nobody` on Debian. */
const OTHER = 65534;

let top: string;
let swapper: AsyncDisposable | undefined;
const at = (name: string) => path.join(top, name);

beforeEach(async () => {
  top = await mkdtemp(path.join(tmpdir(), 'studio-setup-within-'));
  await mkdir(at('site/sub'), { recursive: true });
  await mkdir(at('victim'));
  await writeFile(at('site/sub/file'), 'of the site');
  await writeFile(at('victim/file'), "root's own");
  for (const each of ['site', 'site/sub', 'site/sub/file']) await chown(at(each), OTHER, OTHER);
  await chown(top, 0, 0);
  await setRightsOf(top, { mode: 0o755 });
});
afterEach(async () => {
  await swapper?.[Symbol.asyncDispose]();
  swapper = undefined;
  await rm(top, { recursive: true, force: true });
});

/** From now on `site/sub` is a folder one moment, and a link to `victim` the next. */
async function swap(): Promise<void> {
  await symlink(at('victim'), at('site/other'));
  swapper = await race(at('site/sub'), at('site/other'), OTHER);
}

describe('while the account that owns a folder swaps it for a link to a folder of root', () => {
  it.each<[string, (round: number) => Promise<unknown>]>([
    ['owners', () => setOwnerOf(at('site/sub/file'), OTHER, OTHER)],
    ['rights', () => setRightsOf(at('site/sub/file'), { mode: 0o666, uid: OTHER, gid: OTHER })],
    [
      'rights of a tree',
      () => giveRights(at('site'), [{ file: at('site/sub/file'), uid: OTHER, gid: OTHER, mode: 0o666 }]),
    ],
    ['files', () => replaceFile(at('site/sub/file'), 'new', { mode: 0o666, uid: OTHER, gid: OTHER })],
    ['links', () => replaceLink('/nowhere', at('site/sub/file'))],
    ['new folders', (round) => makeFolders(at(`site/sub/new${round}`))],
    ['what goes', () => removeFile(at('site/sub/file'))],
    ['folders that go', () => removeEmptyFolder(at('site/sub/empty'))],
  ])('%s: nothing of root is touched', async (_, change) => {
    await mkdir(at('victim/empty'));
    await mkdir(at('site/sub/empty'));
    const before = await lstat(at('victim/file'));
    await swap();
    let done = 0;
    for (let round = 0; round < 400; round += 1)
      await change(round).then(
        () => {
          done += 1;
        },
        () => undefined,
      );
    const { uid, gid, mode, ino, size } = await lstat(at('victim/file'));
    expect({ uid, gid, mode, ino, size }).toEqual({
      uid: 0,
      gid: 0,
      mode: before.mode,
      ino: before.ino,
      size: before.size,
    });
    expect((await lstat(at('victim'))).nlink).toBe(3);
    // It had its chances: as the folder, it is changed.
    expect(done).toBeGreaterThan(0);
  });
});

describe('a link on the way', () => {
  it('is followed where root alone can put one', async () => {
    await symlink('site', at('way'));
    await symlink(at('way/sub'), at('sub'));
    await setOwnerOf(at('sub/file'), 0, 0);
    expect((await lstat(at('site/sub/file'))).uid).toBe(0);
  });

  it('is named in an error where somebody else can, with what to do', async () => {
    await symlink(at('victim'), at('site/way'));
    await expect(replaceFile(at('site/way/file'), 'new', { mode: 0o600, uid: 0, gid: 0 })).rejects.toThrow(
      `A part of ${at('site/way')} is a link`,
    );
  });

  it('that leads to itself ends', async () => {
    await symlink('loop', at('loop'));
    await expect(setOwnerOf(at('loop/file'), 0, 0)).rejects.toThrow('is a link');
  });
});

it('an error names the path that was asked for', async () => {
  await expect(setOwnerOf(at('site/none/file'), 0, 0)).rejects.toThrow(at('site/none'));
  await expect(setOwnerOf(at('site/none'), 0, 0)).rejects.toThrow(at('site/none'));
});
