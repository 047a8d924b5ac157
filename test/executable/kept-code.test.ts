import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keepCode, keptCode } from '../../src/executable/kept-code.ts';

const BUILD = 'c0ffee';
const CODE = Buffer.from(Array.from({ length: 5000 }, (_, index) => index % 251));
const WWW_DATA = 33;

let folder: string;
let file: string;
const keep = () => keepCode(file, BUILD, () => CODE);
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'studio-setup-kept-'));
  file = path.join(folder, 'compiled');
});
afterEach(() => rmSync(folder, { recursive: true }));

test("what is kept is had again, root's alone", () => {
  expect(keptCode(file, BUILD)).toBeUndefined();
  keep();
  expect(keptCode(file, BUILD)).toEqual(CODE);
  expect(statSync(file)).toMatchObject({ uid: 0, mode: 0o100600 });
});

function changeByte(at: number) {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}

describe('is not read, and is replaced:', () => {
  test.each<[string, () => void]>([
    ["another build's", () => keepCode(file, 'facade', () => CODE)],
    ['one bit of the code is another one', () => changeByte(2500)],
    ['one bit of what stands behind it', () => changeByte(CODE.length + 2)],
    ['cut off in the code', () => truncateSync(file, 2500)],
    ['cut off behind it', () => truncateSync(file, CODE.length + 2)],
    ['empty', () => truncateSync(file, 0)],
    ["www-data's file", () => chownSync(file, WWW_DATA, 0)],
    ['a file that its group may write', () => chmodSync(file, 0o660)],
    ['a file that all may write', () => chmodSync(file, 0o602)],
    [
      'a link to a file that fits',
      () => {
        renameSync(file, `${file}.real`);
        symlinkSync(`${file}.real`, file);
      },
    ],
    [
      'a pipe',
      () => {
        rmSync(file);
        execFileSync('mkfifo', [file]);
      },
    ],
  ])('%s', (_, spoil) => {
    keep();
    spoil();
    expect(keptCode(file, BUILD)).toBeUndefined();
    keep();
    expect(lstatSync(file).isFile()).toBe(true);
    expect(keptCode(file, BUILD)).toEqual(CODE);
  });
});

describe('in a folder that is not for root alone nothing is read or written:', () => {
  test.each<[string, () => void]>([
    ["www-data's", () => chownSync(folder, WWW_DATA, 0)],
    ['its group may write', () => chmodSync(folder, 0o770)],
    ['all may write', () => chmodSync(folder, 0o1777)],
    [
      'a link to one that is',
      () => {
        renameSync(folder, `${folder}.real`);
        symlinkSync(`${folder}.real`, folder);
      },
    ],
  ])('%s', (_, spoil) => {
    keep();
    const { ino } = statSync(file);
    spoil();
    try {
      expect(keptCode(file, BUILD)).toBeUndefined();
      keepCode(file, BUILD, () => expect.unreachable());
      expect(statSync(file).ino).toBe(ino);
    } finally {
      rmSync(`${folder}.real`, { recursive: true, force: true });
    }
  });
});

test('where the folder is missing, none is made', () => {
  file = path.join(folder, 'state', 'compiled');
  keepCode(file, BUILD, () => expect.unreachable());
  expect(readdirSync(folder)).toEqual([]);
});

test('what a killed start has left is replaced, and no link in its place is followed', () => {
  const other = path.join(folder, 'other');
  writeFileSync(other, 'of somebody');
  symlinkSync(other, `${file}.new`);
  keep();
  expect(keptCode(file, BUILD)).toEqual(CODE);
  expect(readFileSync(other, 'utf8')).toBe('of somebody');
  expect(readdirSync(folder).sort()).toEqual(['compiled', 'other']);
});

test('what can not be kept leaves nothing half done', () => {
  mkdirSync(file);
  keep();
  expect(readdirSync(folder)).toEqual(['compiled']);
});

test('only root keeps any', () => {
  chmodSync(folder, 0o755);
  const module = path.join(import.meta.dirname, '../../src/executable/kept-code.ts');
  const program = `import(${JSON.stringify(module)}).then(({ keepCode }) => keepCode(${JSON.stringify(file)}, 'c0ffee', () => { throw new Error('made'); }))`;
  execFileSync(process.execPath, ['-e', program], { uid: WWW_DATA, gid: WWW_DATA });
  expect(readdirSync(folder)).toEqual([]);
});
