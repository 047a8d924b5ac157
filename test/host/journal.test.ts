import {
  appendFile,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Journal, sumOf } from '../../src/host/journal.ts';
import { Secret } from '../../src/output/secret.ts';

let folder: string;
const at = (name: string) => path.join(folder, name);
const before = { type: 'file', mode: 0o600, owner: 'root', group: 'root', size: 3, modified: 0 } as const;
const entries = async () =>
  (await readFile(at('run/journal.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-journal-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const replaced = (content: Uint8Array, after: string) =>
  ({ kind: 'write', path: '/etc/conf', before, after: { sha256: sumOf(after) }, content }) as const;

it('one line per change, with what stood there before', async () => {
  const journal = new Journal(at('run'), at('copies'));
  journal.path('site/conf', replaced(Buffer.from('old\n'), 'new\n'));
  journal.path('site/link', { kind: 'link', path: '/etc/link', before: undefined, after: { target: '/a' } });
  journal.note('site/unit', { kind: 'enabled', unit: 'nginx.service' });
  expect(await entries()).toMatchObject([
    {
      ...{ sequence: 1, operation: 'site/conf', kind: 'write', path: '/etc/conf', copy: '00001' },
      ...{ before: { mode: 0o600, sha256: sumOf('old\n') }, after: { sha256: sumOf('new\n') } },
    },
    { sequence: 2, operation: 'site/link', kind: 'link', before: null, after: { target: '/a' } },
    { sequence: 3, operation: 'site/unit', kind: 'enabled', unit: 'nginx.service' },
  ]);
});

it("old contents are kept byte for byte, root's alone, and not in the state folder", async () => {
  const bytes = Buffer.from([0x70, 0x77, 0x3d, 0xff, 0xfe, 0x00, 0x0a]);
  const secret = new Secret('the-old-word-of-all');
  const journal = new Journal(at('run'), at('copies/0001'));
  journal.path('site/conf', replaced(bytes, 'new\n'));
  journal.path('site/key', {
    ...replaced(Buffer.from(secret.reveal()), 'x'),
    path: '/etc/key',
    secret: true,
  });
  expect(await readFile(at('copies/0001/00001'))).toEqual(bytes);
  expect(await readFile(at('copies/0001/00002'), 'utf8')).toBe(secret.reveal());
  expect((await stat(at('copies/0001/00002'))).mode & 0o777).toBe(0o600);
  expect((await stat(at('copies/0001'))).mode & 0o777).toBe(0o700);
  expect(await readdir(at('run'))).toEqual(['journal.jsonl']);
  expect(await readFile(at('run/journal.jsonl'), 'utf8')).not.toContain(secret.reveal());
});

it('what the run wrote itself is not kept when it writes again', async () => {
  const journal = new Journal(at('run'), at('copies'));
  journal.path('site/one', {
    kind: 'write',
    path: '/etc/conf',
    before: undefined,
    after: { sha256: sumOf('a') },
  });
  journal.path('site/two', replaced(Buffer.from('a'), 'b'));
  journal.path('site/three', replaced(Buffer.from('by hand in between'), 'c'));
  expect(await readdir(at('copies'))).toEqual(['00003']);
});

it('a run that is never undone keeps no copies', async () => {
  const journal = new Journal(at('run'), undefined);
  journal.path('site/conf', replaced(Buffer.from('old\n'), 'new\n'));
  expect((await entries())[0]).not.toHaveProperty('copy');
  await expect(lstat(at('copies'))).rejects.toThrow('ENOENT');
});

it('a line that was cut off takes no other with it', async () => {
  const journal = new Journal(at('run'), undefined);
  journal.note('site/a', { kind: 'one' });
  // What a full disk leaves: the first part of a line, and an error.
  const file = at('run/journal.jsonl');
  await rename(file, at('aside'));
  await mkdir(file);
  expect(() => journal.note('site/b', { kind: 'two' })).toThrow('EISDIR');
  await rmdir(file);
  await rename(at('aside'), file);
  await appendFile(file, '{"sequence":2,"at":"20');
  journal.note('site/c', { kind: 'three' });
  journal.note('site/d', { kind: 'four' });
  const lines = (await readFile(file, 'utf8')).split('\n');
  expect(lines.map((line) => /"kind":"(\w+)"/.exec(line)?.[1])).toEqual([
    'one',
    undefined,
    'three',
    'four',
    undefined,
  ]);
  expect(lines.slice(2, 4).map((line) => JSON.parse(line).sequence)).toEqual([3, 4]);
});
