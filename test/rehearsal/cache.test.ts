import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { cached } from './cache.ts';

vi.setConfig({ testTimeout: 60_000 });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cache-test-'));
  vi.stubEnv('STUDIO_REHEARSAL_CACHE', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const said: string[] = [];
const report = (line: string) => said.push(line);
const part = (recipe: unknown, build: (folder: string) => Promise<void>) =>
  cached({ name: 'part', what: 'a part', recipe, build }, report);
const writing = (content: string) => (target: string) => writeFile(join(target, 'content'), content);

test('a part is built once for a recipe, and again for another', async () => {
  const first = await part({ version: 1 }, writing('first'));
  expect(await part({ version: 1 }, writing('never'))).toBe(first);
  expect(await readFile(join(first, 'content'), 'utf8')).toBe('first');
  const second = await part({ version: 2 }, writing('second'));
  expect(await readFile(join(second, 'content'), 'utf8')).toBe('second');
});

test('a build that failed is not taken for whole, and leaves nothing to the next', async () => {
  const broken = async (target: string) => {
    await writeFile(join(target, 'half'), '');
    throw new Error('no space left');
  };
  await expect(part({}, broken)).rejects.toThrow('no space left');
  const whole = await part({}, writing('whole'));
  expect(await readdir(whole)).toEqual(['content']);
});

test('two that want the same part at once build it once', async () => {
  let builds = 0;
  const slow = async (target: string) => {
    builds++;
    await pause(200);
    await writing('x')(target);
  };
  const [first, second] = await Promise.all([part({}, slow), part({}, slow)]);
  expect([first === second, builds]).toEqual([true, 1]);
});

test('a process killed while it builds gives the lock back, and what it ran ends with it', async () => {
  const program = `
    const { cached } = await import(${JSON.stringify(join(import.meta.dirname, 'cache.ts'))});
    const { bound, must } = await import(${JSON.stringify(join(import.meta.dirname, 'process.ts'))});
    const build = (folder) => must(bound(['sh', '-c', 'while :; do date >> "$1/log"; sleep 0.05; done', 'sh', folder]));
    await cached({ name: 'part', what: 'a part', recipe: {}, build }, console.log);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' });
  const log = async () => {
    const [unfinished] = (await readdir(folder)).filter((name) => name.endsWith('.unfinished'));
    return readFile(join(folder, unfinished ?? '', 'log'), 'utf8').catch(() => '');
  };
  await expect.poll(log).not.toBe('');
  child.kill('SIGKILL');
  await once(child, 'exit');
  await pause(100);
  const atTheEnd = await log();
  await pause(200);
  expect(await log()).toBe(atTheEnd);
  expect(await readdir(await part({}, writing('whole')))).toEqual(['content']);
});
