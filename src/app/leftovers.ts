import { readdir, readFile, readlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Accounts } from '../host/accounts.ts';
import { RUN_MARKER } from '../host/environment.ts';
import { ProblemError } from '../output/problem.ts';
import { SITE_USER } from '../site/layout.ts';

export interface Leftover {
  readonly pid: number;
  readonly command: string;
}

/**
 * Programs that an earlier, killed run started and that are still at work: an apt-get must not be ended in the
 * middle, nor a second one begin beside it.
 * @param state the state folder whose runs are meant
 * @returns them, found by the run's mark in their environment; only those of accounts that a run works as, since any
 *   account of the host can give its own programs such a mark, and would block every run
 */
export async function leftovers(state: string): Promise<readonly Leftover[]> {
  const found: Leftover[] = [];
  const accounts = new Accounts();
  const own = ['root', SITE_USER, 'postgres'].map((name) => accounts.user(name)?.uid);
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    const environment = await readFile(`/proc/${name}/environ`, 'utf8').catch(() => '');
    if (!environment.split('\0').some((entry) => entry.startsWith(`${RUN_MARKER}=${state}/`))) continue;
    if ((await namespaceOf(name)) !== (await namespaceOf('self'))) continue;
    if (!own.includes(await realUid(name))) continue;
    const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    found.push({ pid: Number(name), command: command.replaceAll('\0', ' ').trim().slice(0, 60) });
  }
  return found;
}

/** Not the effective one: a set-id program keeps the environment of whoever started it. */
async function realUid(process: string): Promise<number | undefined> {
  const status = await readFile(`/proc/${process}/status`, 'utf8').catch(() => '');
  const uid = /^Uid:\s+(\d+)/m.exec(status)?.[1];
  return uid === undefined ? undefined : Number(uid);
}

/** A run inside a container on this host is that container's, although its programs show here too. */
async function namespaceOf(process: string): Promise<string> {
  return readlink(`/proc/${process}/ns/pid`).catch(() => '');
}

/**
 * Waits until nothing of an earlier run is left.
 * @param state the state folder whose runs are meant
 * @param say tells the operator what is waited for
 * @param signal ends the waiting
 * @param timeoutMs then it stops waiting
 * @throws ProblemError naming what is still there, AbortError when `signal` ends it
 */
export async function waitForLeftovers(
  state: string,
  say: (line: string) => void,
  signal?: AbortSignal,
  timeoutMs = 15 * 60_000,
): Promise<void> {
  const until = Date.now() + timeoutMs;
  let said = false;
  for (;;) {
    const left = await leftovers(state);
    if (left.length === 0) return;
    const names = left.map(({ pid, command }) => `${command} (process ${pid})`).join(', ');
    if (Date.now() > until) {
      throw new ProblemError({
        what: `An earlier run left programs at work: ${names}`,
        remedy: `Find out what they wait for; end them with kill ${left.map(({ pid }) => pid).join(' ')}; then run again.`,
      });
    }
    if (!said) say(`An earlier run was killed and left at work: ${names}. Waiting for its end.`);
    said = true;
    await sleep(300, undefined, signal ? { signal } : {});
  }
}

/** How long programs may take to end by themselves once they are told to, in milliseconds. */
const PATIENCE_MS = 5000;

/**
 * Ends what a stopped run started and what its process groups do not hold: apt gives dpkg a session of its own.
 * What dpkg leaves half done it finishes itself when it is told to configure what is pending.
 */
export async function endLeftovers(state: string): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const until = Date.now() + PATIENCE_MS;
    for (
      let left = await leftovers(state);
      left.length > 0 && Date.now() < until;
      left = await leftovers(state)
    ) {
      for (const { pid } of left) end(pid, signal);
      await sleep(50);
    }
  }
}

function end(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended in the meantime.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
