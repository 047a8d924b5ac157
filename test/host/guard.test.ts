import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { standBy } from '../../src/host/guard.ts';

let folder: string;
const done = () => path.join(folder, 'done');
const command = () => ['touch', done()];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-guard-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('does it when the process that wanted it is killed -9', async () => {
  const source = path.join(import.meta.dirname, '../../src/host/guard.ts');
  const script = `import { standBy } from ${JSON.stringify(source)}; console.log(typeof await standBy(${JSON.stringify(command())}, [])); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(child.stdout, 'data');
  expect([String(said), existsSync(done())]).toEqual(['object\n', false]);
  child.kill('SIGKILL');
  await expect.poll(() => existsSync(done())).toBe(true);
});

it('does nothing once it is released', async () => {
  const guard = await standBy(command(), []);
  guard?.release();
  await sleep(300);
  expect([typeof guard, existsSync(done())]).toEqual(['object', false]);
});

it('does it when it is told to', async () => {
  (await standBy(command(), []))?.act();
  await expect.poll(() => existsSync(done())).toBe(true);
});

it('does it when it is ended itself', async () => {
  const pid = path.join(folder, 'pid');
  await standBy(command(), ['sh', '-c', 'echo $$ > "$0"; exec "$@"', pid]);
  process.kill(Number(await readFile(pid, 'utf8')), 'SIGTERM');
  await expect.poll(() => existsSync(done())).toBe(true);
});

it("is not there where it can't be started", async () => {
  expect(await standBy(command(), ['/no/such/program'])).toBeUndefined();
  expect(await standBy(command(), ['false'])).toBeUndefined();
});
