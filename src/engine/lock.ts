import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ProblemError } from '../output/problem.ts';

/** Exit code of flock(1) when somebody else holds the lock. */
const HELD = 75;

export interface Lock {
  release(): Promise<void>;
}

/**
 * One run at a time on a host. The kernel's own file lock, held by a flock(1) that lives exactly as long as this
 * process: after a kill -9 its standard input closes and the lock is free again.
 * @param file the lock's path, `/run/studio-setup/lock` on a real host; its folder is made when it is not there
 * @param what what this run does, shown to a second start
 * @throws ProblemError naming the holder
 */
export async function takeLock(file: string, what: string): Promise<Lock> {
  // Not in /run/lock, where everybody may write: another account would make the file first and block every run.
  await mkdir(path.dirname(file), { mode: 0o700 }).catch(() => undefined);
  const holder = spawn(
    'flock',
    [
      '--nonblock',
      '--conflict-exit-code',
      String(HELD),
      '--close',
      file,
      'sh',
      '-c',
      'echo held; exec cat >/dev/null',
    ],
    {
      stdio: ['pipe', 'pipe', 'ignore'],
      // Its own session: a Ctrl-C at the terminal must not free the lock while a step still runs.
      detached: true,
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    },
  );
  const held = await Promise.race([
    once(holder.stdout, 'data').then(() => true),
    once(holder, 'exit').then(() => false),
    once(holder, 'error').then(() => false),
  ]);
  if (!held) {
    const by = await readFile(file, 'utf8').catch(() => '');
    if (holder.exitCode === HELD) {
      throw new ProblemError({
        what: `Another studio-setup is at work on this host${by === '' ? '.' : `: ${by.trim()}.`}`,
        remedy: 'Let it end, or end it, then start again: only one changes the host at a time.',
      });
    }
    throw new ProblemError({
      what: `The lock ${file} can't be taken.`,
      remedy: 'It needs flock (package util-linux) and a writable /run, and root.',
    });
  }
  await writeFile(file, `${what}, process ${process.pid}, since ${new Date().toISOString()}\n`);
  return {
    async release() {
      const gone = once(holder, 'exit');
      holder.stdin.end();
      await gone;
    },
  };
}
