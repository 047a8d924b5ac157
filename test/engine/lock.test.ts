import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leftovers, waitForLeftovers } from '../../src/app/leftovers.ts';
import { holderOf, takeLock } from '../../src/engine/lock.ts';
import { noteAtWork } from '../../src/host/at-work.ts';
import { RUN_MARKER } from '../../src/host/environment.ts';
import { ProblemError } from '../../src/output/problem.ts';

let folder: string;
let children: ChildProcess[];
const lock = () => path.join(folder, 'lock');

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-lock-'));
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** Another studio-setup that holds the lock until it is killed. */
async function holder(): Promise<ChildProcess> {
  const source = path.join(import.meta.dirname, '../../src/engine/lock.ts');
  const script = `import { holderOf, takeLock } from ${JSON.stringify(source)}; await takeLock(${JSON.stringify(lock())}, 'studio-setup run'); console.log('held'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  return child;
}

describe('takeLock', () => {
  it('one at a time; the second is told who holds it', async () => {
    const first = await takeLock(lock(), 'studio-setup run nginx');
    await expect(takeLock(lock(), 'studio-setup run')).rejects.toThrow(
      `studio-setup run nginx, process ${process.pid}`,
    );
    await first.release();
    await (await takeLock(lock(), 'studio-setup run')).release();
  });

  it('who holds it is told without taking it, for as long as it is held', async () => {
    expect(await holderOf(lock())).toBeUndefined();
    const before = Date.now();
    const first = await takeLock(lock(), 'studio-setup run nginx');
    const holder = await holderOf(lock());
    expect(holder).toMatchObject({ command: 'studio-setup run nginx', pid: process.pid });
    expect(holder?.since).toBeGreaterThanOrEqual(before);
    await first.release();
    // What it wrote still stands in the file.
    expect(await readFile(lock(), 'utf8')).toContain('studio-setup run nginx');
    expect(await holderOf(lock())).toBeUndefined();
  });

  it('looking who holds it refuses nobody', async () => {
    const looks = Array.from({ length: 50 }, () => holderOf(lock()));
    const first = await takeLock(lock(), 'studio-setup run');
    await Promise.all(looks);
    await first.release();
  });

  it('a holder that is killed -9 holds it no longer', async () => {
    const child = await holder();
    await expect(takeLock(lock(), 'second')).rejects.toBeInstanceOf(ProblemError);
    child.kill('SIGKILL');
    await once(child, 'exit');
    // The kernel closes the pipe with the process; flock's own end may follow a moment later.
    await expect
      .poll(async () => (await takeLock(lock(), 'third').catch(() => undefined)) !== undefined)
      .toBe(true);
  });

  it('its folder is made, closed to others', async () => {
    const file = path.join(folder, 'own', 'lock');
    const held = await takeLock(file, 'x');
    expect((await stat(path.dirname(file))).mode & 0o777).toBe(0o700);
    await held.release();
  });

  it("a place that can't be locked is said", async () => {
    await expect(takeLock(path.join(folder, 'no/such/folder/lock'), 'x')).rejects.toThrow("can't be taken");
  });
});

describe('what a killed run left at work', () => {
  const state = () => path.join(folder, 'state');
  const leave = (seconds: string, uid = process.getuid?.(), argv = ['sleep', seconds]) => {
    const [program = '', ...args] = argv;
    const child = spawn(program, args, {
      ...(uid === undefined ? {} : { uid }),
      env: { PATH: '/usr/bin:/bin', [RUN_MARKER]: `${state()}/runs/0001` },
    });
    children.push(child);
    return child;
  };

  it('is found by the mark in its environment', async () => {
    const child = leave('30');
    expect(await leftovers(state())).toContainEqual({ pid: child.pid, command: 'sleep 30' });
  });

  it('is not what a run with another state folder started', async () => {
    leave('30');
    expect(await leftovers(path.join(folder, 'other'))).toEqual([]);
  });

  /** 33 is the site's account on every Debian and Ubuntu (base-passwd). */
  it.runIf(process.getuid?.() === 0).each([33, 65534])(
    'is not what the account %i marked: it would hold up every run',
    async (uid) => {
      leave('30', uid);
      await sleep(100);
      expect(await leftovers(state())).toEqual([]);
    },
  );

  it.runIf(process.getuid?.() === 0)(
    'is what root recorded, whoever it runs as, and what that started',
    async () => {
      const child = leave('', 33, ['sh', '-c', 'sleep 30; true']);
      noteAtWork(state(), child.pid ?? 0);
      await expect
        .poll(async () => (await leftovers(state())).map(({ command }) => command), { timeout: 10_000 })
        .toEqual(['sh -c sleep 30; true', 'sleep 30']);
    },
  );

  it('is not what has ended, nor another process that got its number', async () => {
    const [ended, child] = [leave('0', 33), leave('30', 33)];
    const forget = noteAtWork(state(), child.pid ?? 0);
    noteAtWork(state(), ended.pid ?? 0);
    const record = path.join(state(), 'at-work', String(child.pid));
    const [boot = '', started = ''] = (await readFile(record, 'utf8')).split(' ');
    expect((await leftovers(state())).map(({ pid }) => pid)).toContain(child.pid);
    for (const other of [`${boot} ${Number(started) - 1}`, `another-boot ${started}`, '', 'null']) {
      await writeFile(record, other);
      await expect.poll(() => leftovers(state())).toEqual([]);
    }
    forget();
    expect(await readdir(path.dirname(record))).toEqual([]);
  });

  it('is waited for, and that is said once', async () => {
    leave('0.7');
    const said: string[] = [];
    await waitForLeftovers(state(), (line) => said.push(line));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('sleep 0.7');
  });

  it('is named with what to do when it does not end', async () => {
    const child = leave('30');
    const failed = await waitForLeftovers(state(), () => {}, undefined, 10).catch((error: unknown) => error);
    expect((failed as ProblemError).problem.remedy).toContain(`kill ${child.pid}`);
  });

  it('is no longer waited for when the operator stops', async () => {
    leave('30');
    await expect(waitForLeftovers(state(), () => {}, AbortSignal.timeout(50))).rejects.toThrow();
  });
});
