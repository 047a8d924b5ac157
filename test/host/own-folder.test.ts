import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeOwnFolder } from '../../src/host/own-folder.ts';

let folder: string;
const at = (name: string) => path.join(folder, name);
const mode = (name: string) => statSync(at(name)).mode & 0o7777;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'studio-setup-own-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("all that is missing is made, root's alone", () => {
  makeOwnFolder(at('a/b/c'));
  expect(['a', 'a/b', 'a/b/c'].map(mode)).toEqual([0o700, 0o700, 0o700]);
});

test('what is there keeps its rights', () => {
  mkdirSync(at('a'), { mode: 0o755 });
  makeOwnFolder(at('a'));
  makeOwnFolder(at('a/b'));
  expect(['a', 'a/b'].map(mode)).toEqual([0o755, 0o700]);
});

test.each([
  ['a file on the way', () => writeFileSync(at('a'), ''), 'ENOTDIR'],
  ['a link to itself on the way', () => symlinkSync('a', at('a')), 'ELOOP'],
  ['a name that is too long', () => {}, 'ENAMETOOLONG'],
])('%s is told as mkdir(2) tells it', (_, before, code) => {
  before();
  const name = code === 'ENAMETOOLONG' ? 'x'.repeat(300) : 'a/b';
  expect(() => makeOwnFolder(at(name))).toThrow(expect.objectContaining({ code, syscall: 'mkdir' }));
});
