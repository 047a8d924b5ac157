import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { getPriority, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ProcessOptions, runProcess } from '../../src/host/process.ts';

const environment: ProcessOptions = { env: { PATH: '/usr/bin:/bin' }, timeoutMs: 20_000 };
const shell = (script: string, options: Partial<ProcessOptions> = {}) =>
  runProcess(['/bin/sh', '-c', script], { ...environment, ...options });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-process-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('how a program ended', () => {
  it.each([
    ['well', 'exit 0', 0],
    ['with its own code', 'exit 7', 7],
    ['by a signal', 'kill -KILL $$', 137],
    ['by another signal', 'kill -TERM $$', 143],
    ['with 127 from the shell', 'no-such-program', 127],
  ])('%s', async (_, script, code) => {
    expect((await shell(script)).code).toBe(code);
  });

  it('127 and the reason where there is no such program', async () => {
    const result = await runProcess(['/no/such/program'], environment);
    expect(result.code).toBe(127);
    expect(result.stderr).toContain('ENOENT');
  });
});

describe('what a program is given', () => {
  it('a closed standard input: a program that asks gets no answer and does not wait', async () => {
    expect(await shell('read answer || echo nothing')).toMatchObject({ stdout: 'nothing\n' });
  });

  it('what is fed to it, and only the environment that is named', async () => {
    process.env.PYTHONPATH_OF_THE_OPERATOR = 'x';
    const result = await shell('cat; env', { input: 'fed' });
    expect(result.stdout).toContain('fed');
    expect(result.stdout).not.toContain('OPERATOR');
  });

  it('another account, without the groups of root', async () => {
    const result = await shell('id -u; id -G', { account: { uid: 65534, gid: 65534 } });
    expect(result.stdout).toBe('65534\n65534\n');
  });

  it('arguments that no shell reads', async () => {
    const hostile = '$(touch x); `id` "\' *';
    expect((await runProcess(['printf', '%s', hostile], environment)).stdout).toBe(hostile);
  });
});

describe('the end of a program that does not end', () => {
  it('after its time the whole tree is gone, children of children too', async () => {
    const started = Date.now();
    const mark = path.join(folder, 'survived');
    const result = await shell(`(sleep 2; touch ${mark}) & sleep 60`, { timeoutMs: 300 });
    expect(result.code).toBe(124);
    expect(Date.now() - started).toBeLessThan(5000);
    await sleep(2200);
    expect(existsSync(mark)).toBe(false);
  });

  it('a signal from the operator ends it at once', async () => {
    const controller = new AbortController();
    const started = Date.now();
    setTimeout(() => controller.abort(), 200);
    const result = await shell('sleep 60 & sleep 60; wait', { signal: controller.signal });
    expect(result.code).not.toBe(0);
    expect(Date.now() - started).toBeLessThan(5000);
  });

  it('a daemon that keeps the pipe does not hold up its step', async () => {
    const started = Date.now();
    const result = await shell('setsid sleep 8 & echo started');
    expect(result).toMatchObject({ code: 0, stdout: 'started\n' });
    expect(Date.now() - started).toBeLessThan(4000);
  });
});

describe('output', () => {
  it('arrives line by line while the program works', async () => {
    const seen: { line: string; at: number }[] = [];
    const started = Date.now();
    await shell('echo one; sleep 1; printf "10%%\\r20%%\\r"; echo two >&2', {
      onLine: (line) => seen.push({ line, at: Date.now() - started }),
    });
    expect(seen.map(({ line }) => line).sort()).toEqual(['10%', '20%', 'one', 'two']);
    expect(seen[0]?.at).toBeLessThan(800);
  });

  it('a million lines cost no memory that grows with them', async () => {
    let lines = 0;
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    const result = await shell('seq 1 1000000 | sed "s/$/ some words that make the line longer/"', {
      onLine: () => {
        lines += 1;
      },
    });
    expect(lines).toBe(1_000_000);
    // Whole chunks are dropped, so up to one more than the limit is kept.
    expect(result.stdout.length).toBeLessThanOrEqual(8 * 1024 * 1024 + 64 * 1024);
    expect(result.stdout.endsWith('1000000 some words that make the line longer\n')).toBe(true);
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
  });
});

describe('what takes what others leave of the processors', () => {
  // A child of the program says how nice it is itself (field 19 of proc_pid_stat(5)), and as what session it is shared out.
  const asked = `sleep 0.2; sh -c 'cut -d" " -f19 /proc/self/stat; cat /proc/self/autogroup 2>&1'`;

  it('has a nice value that its children inherit, and its session too', async () => {
    const [nice, session] = (await shell(asked, { yields: true })).stdout.trim().split('\n');
    expect(nice).toBe('10');
    // Kernels without it have no such file, or an empty one.
    expect(session ?? '').toMatch(/^$|No such file|nice 10$/);
  });

  it('another one has none', async () => {
    const [nice, session] = (await shell(asked)).stdout.trim().split('\n');
    // That of the tests themselves: they may be run by nice(1).
    expect(nice).toBe(String(getPriority()));
    expect(session ?? '').not.toMatch(/nice 10$/);
  });
});

it('what a program says in two streams is also kept in the order in which it came', async () => {
  const script = 'for i in 1 2 3; do echo out $i; sleep 0.05; echo err $i >&2; sleep 0.05; done';
  const { inOrder } = await shell(script, { onLine: () => {} });
  expect(inOrder).toBe('out 1\nerr 1\nout 2\nerr 2\nout 3\nerr 3\n');
});
