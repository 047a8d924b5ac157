import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { localTime } from '../output/local-time.ts';
import { ProblemError } from '../output/problem.ts';

/** Exit code of flock(1) when somebody else holds the lock. */
const HELD = 75;

export interface Lock {
  release(): Promise<void>;
}

/** Somebody else holds the lock. */
class LockHeld extends ProblemError {
  override readonly name = 'LockHeld';
}

/** Who holds the lock. */
export interface Holder {
  /** As typed: `studio-setup run nginx`. */
  readonly command: string;
  /** Number of its process. */
  readonly pid: number;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/**
 * Looks who holds the lock, and takes nothing: to try it with flock(1) would refuse a start that comes at this very moment.
 * @returns `undefined` while nobody does
 */
export async function holderOf(file: string): Promise<Holder | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const [, command, pid, since] = /^(.*), process (\d+), since (\S+)\n?$/.exec(text) ?? [];
  if (command === undefined || !isThere(Number(pid)) || !(await isLocked(file))) return undefined;
  return { command, pid: Number(pid), since: Date.parse(since ?? '') };
}

/**
 * The lock is gone with the process that took it, and the file stays: after every run. To list its locks the kernel makes
 * all that lock a file wait for a moment, and takes 30 ms.
 */
function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** By the kernel's list of locks (proc(5), /proc/locks): `1: FLOCK  ADVISORY  WRITE 4801 00:1a:1234 0 EOF`, device in hex. */
async function isLocked(file: string): Promise<boolean> {
  const status = await stat(file, { bigint: true }).catch(() => undefined);
  if (status === undefined) return false;
  const locks = await readFile('/proc/locks', 'utf8').catch(() => '');
  return locks.split('\n').some((line) => {
    const [, major = '', minor = '', inode] = /\bFLOCK\b.* ([0-9a-f]+):([0-9a-f]+):(\d+) /.exec(line) ?? [];
    return inode === String(status.ino) && deviceOf(major, minor) === status.dev;
  });
}

/** As stat(2) has it (makedev(3)). */
function deviceOf(major: string, minor: string): bigint {
  const [high, low] = [BigInt(`0x${major || '0'}`), BigInt(`0x${minor || '0'}`)];
  return (
    ((high & 0xfffff000n) << 32n) | ((low & 0xffffff00n) << 12n) | ((high & 0xfffn) << 8n) | (low & 0xffn)
  );
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
  // What is wrong with the place flock says itself.
  await mkdir(path.dirname(file), { mode: 0o700 }).catch(() => undefined);
  const holder = spawn('flock', [...FLOCK, file, 'sh', '-c', 'echo held; exec cat >/dev/null'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Its own session: a Ctrl-C at the terminal must not free the lock while a step still runs.
    detached: true,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  });
  const end = await outcomeOf(holder);
  if (end !== 'held') throw await refusal(file, end);
  const release = async () => {
    const gone = once(holder, 'exit');
    holder.stdin.end();
    await gone;
  };
  try {
    await writeFile(file, `${what}, process ${process.pid}, since ${new Date().toISOString()}\n`);
  } catch (error) {
    // Else this process would live as long as the lock, and the lock as long as this process.
    await release();
    throw error;
  }
  return { release };
}

const FLOCK = ['--nonblock', '--conflict-exit-code', String(HELD), '--close'];

/** How it ended when it did not take the lock: `error` when it could not even be started. */
interface Ended {
  readonly code: number | null;
  readonly said: string;
  readonly error?: NodeJS.ErrnoException;
}

function outcomeOf(holder: ChildProcessByStdio<Writable, Readable, Readable>): Promise<'held' | Ended> {
  const { promise, resolve } = Promise.withResolvers<'held' | Ended>();
  let said = '';
  holder.stderr.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  holder.stdout.once('data', () => resolve('held'));
  holder.once('error', (error) => resolve({ code: null, said, error }));
  holder.once('close', (code) => resolve({ code, said }));
  return promise;
}

async function refusal(file: string, { code, said, error }: Ended): Promise<ProblemError> {
  if (code === HELD) {
    const noted = await readFile(file, 'utf8').catch(() => '');
    const by = noted.replace(/\d{4}-\d\d-\d\dT\S+Z/, (at) => localTime(at));
    return new LockHeld({
      what: `Another studio-setup is at work on this server${by === '' ? '.' : `: ${by.trim()}.`}`,
      remedy:
        'Only one can change this server at a time. To watch it: studio-setup follow. Wait for its end, or end it, then start again.',
    });
  }
  if (error !== undefined)
    return new ProblemError({
      what: `flock could not be started (${error.code}), so the lock ${file} can't be taken. Nothing was changed.`,
      remedy:
        'Reinstall the package that brings flock: apt-get install --reinstall util-linux. Then run again.',
    });
  return new ProblemError({
    what: `The lock ${file} can't be taken. Nothing was changed.`,
    remedy:
      'The message of flock above says why. /run must be writable for root, and have free space (df -h /run). Then run again.',
    detail: said.trim().split('\n').filter(Boolean),
  });
}
