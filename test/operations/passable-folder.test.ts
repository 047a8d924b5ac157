import { chmodSync, lstatSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { isLater } from '../../src/engine/operation.ts';
import { folder } from '../../src/operations/folder.ts';
import { temporaryHost } from '../host/temporary.ts';

const mode = (file: string) => statSync(file).mode & 0o7777;

// neighbours.md 1: made under umask 077, `/var/lib/letsencrypt` was 0700, and each challenge answered with 403.
test.each([
  { passable: true, way: 0o700, after: 0o711 },
  { passable: true, way: 0o750, after: 0o751 },
  { passable: true, way: 0o755, after: 0o755 },
  { passable: false, way: 0o700, after: 0o700 },
])('passable $passable: a folder on the way goes from $way to $after', async ({ passable, way, after }) => {
  using given = temporaryHost();
  chmodSync(given.folder, 0o755);
  const above = path.join(given.folder, 'letsencrypt');
  const wanted = { path: path.join(above, 'webroot'), owner: 'root', group: 'root', mode: 0o755 };
  mkdirSync(wanted.path, { recursive: true });
  chmodSync(above, way);
  const operation = folder({ id: 'test/folder', ...wanted, ...(passable ? { passable } : {}) });

  const change = await operation.observe(given.host);
  expect(change !== undefined).toBe(way !== after);
  if (change !== undefined && !isLater(change)) {
    expect(change.shell).toEqual([`chmod a+x ${above}`]);
    await change.apply(given.live);
  }
  expect(mode(above)).toBe(after);
  expect(await operation.observe(given.host)).toBeUndefined();
});

test('a folder that is not there is made, and what is above it opened', async () => {
  using given = temporaryHost();
  const wanted = { path: path.join(given.folder, 'webroot'), owner: 'root', group: 'root', mode: 0o755 };
  const operation = folder({ id: 'test/folder', ...wanted, passable: true });
  const change = await operation.observe(given.host);
  if (change === undefined || isLater(change)) throw new Error('nothing to do');
  await change.apply(given.live);
  expect([mode(given.folder), mode(wanted.path)]).toEqual([0o711, 0o755]);
});

test('/etc/letsencrypt is a link to another disk: files are written through it', async () => {
  using given = temporaryHost();
  mkdirSync(path.join(given.folder, 'disk'));
  symlinkSync(path.join(given.folder, 'disk'), path.join(given.folder, 'letsencrypt'));
  const hook = path.join(given.folder, 'letsencrypt/renewal-hooks/deploy/reload-nginx');
  await given.live.write(hook, '#!/bin/sh\n', { mode: 0o755 });
  expect(await given.host.read(hook)).toBe('#!/bin/sh\n');
  expect(lstatSync(path.join(given.folder, 'letsencrypt')).isSymbolicLink()).toBe(true);
});
