import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, chown, lchown, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAs } from '../../src/host/read-as.ts';
import { race } from './race.ts';

const WWW = { name: 'www-data', uid: 33, gid: 33, home: '/var/www' };
const MOST = 1024;

let top: string;
const at = (name: string) => path.join(top, name);
const put = async (name: string, owner: number, group: number, mode: number) => {
  await writeFile(at(name), name);
  await chown(at(name), owner, group);
  await chmod(at(name), mode);
};

beforeEach(async () => {
  top = await mkdtemp(path.join(tmpdir(), 'studio-setup-read-as-'));
  await chmod(top, 0o755);
  await mkdir(at('site'));
  await chown(at('site'), WWW.uid, WWW.gid);
});
afterEach(() => rm(top, { recursive: true, force: true }));

/** What the account itself reads, `undefined` where it is refused or there is nothing. */
function byItself(name: string): string | undefined {
  const { status, stdout } = spawnSync('cat', ['--', at(name)], { uid: WWW.uid, gid: WWW.gid });
  return status === 0 ? stdout.toString() : undefined;
}

describe('is read as the account itself reads it, or left to it', () => {
  it.each<[string, boolean, () => Promise<unknown>]>([
    ['its own', true, () => put('site/f', 33, 33, 0o600)],
    ['its own, that it may not read, though all others may', false, () => put('site/f', 33, 33, 0o044)],
    ['of its group', true, () => put('site/f', 0, 33, 0o640)],
    ['of its group, that all others alone may read', false, () => put('site/f', 0, 33, 0o604)],
    ["root's, for all", true, () => put('site/f', 0, 0, 0o644)],
    ["root's alone", false, () => put('site/f', 0, 0, 0o600)],
    ['a link of its own to a file of root alone', false, () => link('site/f', '../secret', 33)],
    ['a link of its own to what it may read', false, () => link('site/f', '../open', 33)],
    ['a folder', false, () => mkdir(at('site/f'))],
    ['a pipe', false, async () => execFileSync('/usr/bin/mkfifo', [at('site/f')])],
    ['one that is longer than is read', false, () => writeFile(at('site/f'), 'x'.repeat(MOST + 1))],
    [
      'what lies in a folder that it may not search',
      false,
      async () => {
        await put('site/f', 33, 33, 0o644);
        await chown(at('site'), 0, 0);
        await chmod(at('site'), 0o700);
      },
    ],
    [
      'what lies below a folder that it may not search',
      false,
      async () => {
        await put('site/f', 33, 33, 0o644);
        await chmod(top, 0o700);
      },
    ],
  ])('%s', async (_, settled, prepare) => {
    await put('secret', 0, 0, 0o600);
    await put('open', 0, 0, 0o644);
    await prepare();
    const read = readAs(at('site/f'), WWW, MOST);
    if (settled) expect(String(read)).toBe(byItself('site/f'));
    else expect(read).toBe('not settled');
  });

  it('nothing there', async () => {
    expect(readAs(at('site/none'), WWW, MOST)).toBeUndefined();
    expect(readAs(at('none/none'), WWW, MOST)).toBeUndefined();
    expect(readAs(at('site/none/none'), WWW, MOST)).toBeUndefined();
  });

  it('through a link of root, in a folder of root alone', async () => {
    await put('site/f', 33, 33, 0o600);
    await symlink('site', at('way'));
    await symlink('way/f', at('first'));
    await symlink(at('first'), at('second'));
    expect(String(readAs(at('way/f'), WWW, MOST))).toBe('site/f');
    expect(String(readAs(at('second'), WWW, MOST))).toBe('site/f');
  });

  it('up from where a link of root led to', async () => {
    await mkdir(at('deep/sub'), { recursive: true });
    await put('deep/f', 0, 0, 0o644);
    await put('f', 0, 0, 0o644);
    await symlink('deep/sub', at('way'));
    await symlink('../f', at('deep/sub/up'));
    await symlink('way/../f', at('over'));
    for (const name of ['way/up', 'over'])
      expect(String(readAs(at(name), WWW, MOST)), name).toBe(byItself(name));
    expect(byItself('over')).toBe('deep/f');
  });

  it('a link of root that leads to itself, or to nothing', async () => {
    await symlink('loop', at('loop'));
    await symlink('none', at('dangling'));
    expect(readAs(at('loop'), WWW, MOST)).toBe('not settled');
    expect(readAs(at('dangling'), WWW, MOST)).toBeUndefined();
  });

  it('what a process shows of itself is left to the account', async () => {
    expect(readAs('/proc/self/environ', WWW, MOST)).toBe('not settled');
  });
});

it('while the account swaps a folder for a link to one of root, nothing of root is read', async () => {
  await mkdir(at('site/sub'));
  await mkdir(at('victim'), { mode: 0o755 });
  await put('site/sub/f', 33, 33, 0o644);
  // Readable by all, so that only the refusal to follow keeps it apart.
  await put('victim/f', 0, 0, 0o644);
  await symlink(at('victim'), at('site/other'));
  await using _ = await race(at('site/sub'), at('site/other'), WWW.uid);
  const seen = new Map<string, number>();
  for (let round = 0; round < 2000; round += 1) {
    const read = String(readAs(at('site/sub/f'), WWW, MOST));
    seen.set(read, (seen.get(read) ?? 0) + 1);
  }
  expect([...seen.keys()].sort()).toEqual(['not settled', 'site/sub/f']);
});

async function link(name: string, target: string, owner: number): Promise<void> {
  await symlink(target, at(name));
  await lchown(at(name), owner, owner);
}
