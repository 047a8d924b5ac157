import { lstat, mkdtemp, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Accounts } from '../../src/host/accounts.ts';
import {
  listFolder,
  makeFolders,
  PARTIAL,
  readText,
  replaceFile,
  replaceLink,
  statusOf,
} from '../../src/host/files.ts';

let folder: string;
const at = (name: string) => path.join(folder, name);
const root = { mode: 0o640, uid: 0, gid: 0 };

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-files-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('a file is replaced whole, with its mode and owner, and nothing is left beside it', async () => {
  await writeFile(at('conf'), 'old', { mode: 0o644 });
  await replaceFile(at('conf'), 'new', { mode: 0o600, uid: 65534, gid: 65534 });
  expect(await readFile(at('conf'), 'utf8')).toBe('new');
  expect(statusOf(at('conf'), new Accounts())).toMatchObject({
    type: 'file',
    mode: 0o600,
    owner: 'nobody',
  });
  expect(listFolder(folder)).toEqual(['conf']);
});

it('what an earlier kill left half written is replaced', async () => {
  await writeFile(`${at('conf')}${PARTIAL}`, 'half');
  await replaceFile(at('conf'), 'whole', root);
  expect(listFolder(folder)).toEqual(['conf']);
});

it('a link that somebody planted is replaced, never written through', async () => {
  await writeFile(at('victim'), 'precious');
  await symlink(at('victim'), at('conf'));
  await symlink(at('victim'), `${at('conf')}${PARTIAL}`);
  await replaceFile(at('conf'), 'new', root);
  expect(await readFile(at('victim'), 'utf8')).toBe('precious');
  expect((await lstat(at('conf'))).isFile()).toBe(true);
});

it('a write that fails leaves the old file as it was', async () => {
  await writeFile(at('conf'), 'old');
  const impossible = { mode: 0o600, uid: -5, gid: 0 };
  await expect(replaceFile(at('conf'), 'new', impossible)).rejects.toThrow();
  expect(await readFile(at('conf'), 'utf8')).toBe('old');
  expect(listFolder(folder)).toEqual(['conf']);
});

it('a link is replaced at once', async () => {
  await symlink('/old', at('link'));
  await replaceLink('/new', at('link'));
  expect(await readlink(at('link'))).toBe('/new');
  expect(statusOf(at('link'), new Accounts())).toMatchObject({ type: 'link', target: '/new' });
});

it('what is not there is undefined or empty, also below a file', async () => {
  await writeFile(at('conf'), 'x');
  expect(readText(at('none'))).toBeUndefined();
  expect(readText(at('conf/below'))).toBeUndefined();
  expect(statusOf(at('none'), new Accounts())).toBeUndefined();
  expect(listFolder(at('none'))).toEqual([]);
});

it('says which folders it had to make, outermost first', async () => {
  expect(await makeFolders(at('a/b'))).toEqual([at('a'), at('a/b')]);
  expect(await makeFolders(at('a/b'))).toEqual([]);
});

it('folders that two make at the same time are there in the end, and neither fails', async () => {
  const made = await Promise.all([
    makeFolders(at('c/d/e')),
    makeFolders(at('c/d/e')),
    makeFolders(at('c/d')),
  ]);
  expect((await lstat(at('c/d/e'))).isDirectory()).toBe(true);
  expect(new Set(made.flat()).size).toBe(made.flat().length);
});
