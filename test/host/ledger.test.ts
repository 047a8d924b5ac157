import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Ledger } from '../../src/host/ledger.ts';

let folder: string;
const at = (name: string) => path.join(folder, name);

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-ledger-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('reading makes nothing: a plan leaves no trace', () => {
  const ledger = new Ledger(at('state'));
  expect([ledger.hint('x'), ledger.answers(), ledger.written('/etc/conf')]).toEqual([
    undefined,
    {},
    undefined,
  ]);
  expect(existsSync(at('state'))).toBe(false);
});

it('what is kept is there for the next start, readable by root only', async () => {
  const ledger = new Ledger(at('state'));
  ledger.remember('revision', 'abc');
  ledger.saveAnswers({ domain: 'studio.example.org', names: ['a', 'b'] });
  ledger.noteWritten('/etc/conf', 'content', true);
  const again = new Ledger(at('state'));
  expect(again.hint('revision')).toBe('abc');
  expect(again.answers()).toEqual({ domain: 'studio.example.org', names: ['a', 'b'] });
  expect(again.written('/etc/conf')?.content).toBe('content');
  expect((await stat(at('state'))).mode & 0o777).toBe(0o700);
  expect((await stat(at('state/ledger.json'))).mode & 0o777).toBe(0o600);
});

it('what can wait is known at once, and goes to the disk with what is noted next', async () => {
  const ledger = new Ledger(at('state'));
  ledger.remember('there:/etc/conf', 'now', true);
  expect(ledger.hint('there:/etc/conf')).toBe('now');
  expect(existsSync(at('state'))).toBe(false);
  ledger.noteWritten('/etc/conf', 'content', true);
  ledger.remember('revision', 'abc');
  const again = new Ledger(at('state'));
  expect([again.hint('there:/etc/conf'), again.hint('revision')]).toEqual(['now', 'abc']);
  expect(again.written('/etc/conf')?.content).toBe('content');
});

it('of a file that holds secrets only the sum is kept', async () => {
  const ledger = new Ledger(at('state'));
  ledger.noteWritten('/etc/conf', 'a secret', false);
  expect(ledger.written('/etc/conf')).toEqual({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(await readdir(at('state'))).toEqual(['ledger.json']);
});

it('a kill between the note and the write leaves both sums known', () => {
  const ledger = new Ledger(at('state'));
  ledger.noteWritten('/etc/conf', 'one', true);
  const one = ledger.written('/etc/conf')?.sha256;
  ledger.noteWritten('/etc/conf', 'two', true);
  expect(ledger.written('/etc/conf')).toMatchObject({ before: one, content: 'two' });
  ledger.noteWritten('/etc/conf', 'two', true);
  expect(ledger.written('/etc/conf')?.before).toBe(one);
});

it('runs are numbered on, also after the ledger was lost', () => {
  expect(new Ledger(at('state')).nextRun()).toBe(1);
  expect(new Ledger(at('state')).nextRun()).toBe(2);
  expect(new Ledger(at('other')).nextRun(7)).toBe(8);
});

it('a damaged ledger is left alone by reading, set aside by the first write, and work goes on', async () => {
  new Ledger(at('state')).remember('x', 'y');
  await writeFile(at('state/ledger.json'), '{"hints": {"x"');
  const ledger = new Ledger(at('state'));
  expect(ledger.hint('x')).toBeUndefined();
  expect(ledger.damaged).toBe(at('state/ledger.json'));
  expect(await readFile(at('state/ledger.json'), 'utf8')).toBe('{"hints": {"x"');
  ledger.remember('x', 'z');
  expect(ledger.damaged).not.toBe(at('state/ledger.json'));
  expect(await readFile(ledger.damaged ?? '', 'utf8')).toBe('{"hints": {"x"');
  expect(new Ledger(at('state')).hint('x')).toBe('z');
});
