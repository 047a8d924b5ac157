import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Sample } from './sample/sample.ts';

let sample: Sample;
beforeEach(async () => {
  sample = await Sample.make();
});
afterEach(() => sample.remove());

/** Starts a run and waits until its program is at work. */
async function working(seconds: number): Promise<ChildProcess> {
  await sample.program(`touch ${sample.at('begun')}; sleep ${seconds}; touch ${sample.at('ended')}`);
  const child = sample.start(['run', '--yes', '--answers', sample.at('answers.yaml')]);
  child.stdout?.resume();
  await expect.poll(() => existsSync(sample.at('begun'))).toBe(true);
  return child;
}

async function codeOf(child: ChildProcess): Promise<number | null> {
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

describe('a run that is stopped', () => {
  it('once: what is running ends; the next run goes on from there', async () => {
    const child = await working(1);
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.kill('SIGINT');
    // The program was the last one, so nothing was left to skip and all is up to date.
    expect(await codeOf(child)).toBe(0);
    expect(said).toContain('Stopping after run /bin/sh. Press Ctrl-C again to stop at once.');
    expect(existsSync(sample.at('ended'))).toBe(true);
  });

  it('twice: the program is ended with it, exit code 130', async () => {
    const child = await working(30);
    child.kill('SIGINT');
    await sleep(200);
    child.kill('SIGINT');
    expect(await codeOf(child)).toBe(130);
    expect(existsSync(sample.at('ended'))).toBe(false);
    await sample.program('true');
    expect((await sample.unattended('run')).stdout).toMatch(/up to date: 1 change,/);
  });

  it('by SIGTERM: at once', async () => {
    const child = await working(30);
    child.kill('SIGTERM');
    expect(await codeOf(child)).toBe(130);
  });

  it('by kill -9: the next run waits for what it left at work, and then goes on', async () => {
    const child = await working(2);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const next = await sample.unattended('run');
    expect(next.stderr).toContain('An earlier run was killed, but programs of it still run');
    expect(next.code).toBe(0);
    expect(existsSync(sample.at('ended'))).toBe(true);
  });
});

describe('a second start', () => {
  it('is refused, naming the first', async () => {
    const child = await working(5);
    const second = await sample.unattended('run');
    expect(second.code).toBe(1);
    expect(second.stderr.replace(/\s+/g, ' ')).toContain(`process ${child.pid}`);
    expect(await codeOf(child)).toBe(0);
  });

  it('of a command that only reads is not', async () => {
    const child = await working(30);
    expect((await sample.unattended('plan')).code).toBe(3);
    child.kill('SIGTERM');
    await codeOf(child);
  });
});
