import { readdir, readFile, readlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { stillAtWork } from '../host/at-work.ts';
import { RUN_MARKER } from '../host/environment.ts';
import { ProblemError } from '../output/problem.ts';

export interface Leftover {
  readonly pid: number;
  readonly command: string;
}

/**
 * Programs that an earlier, killed run started and that are still at work: an apt-get must not be ended in the
 * middle, nor a second one begin beside it. They are known by what only root can say: its own record of what it started,
 * the run's mark in the environment of a process of root's, and what comes from one of those. A mark on a process of the
 * site's account is no word of root's: by it that account held up every run.
 * @param state the state folder whose runs are meant
 */
export async function leftovers(state: string): Promise<readonly Leftover[]> {
  const recorded = new Set(stillAtWork(state));
  const own = await namespaceOf('self');
  const parents = new Map<number, number>();
  const roots = new Set<number>();
  for (const name of await readdir('/proc')) {
    const pid = Number(name);
    if (!/^\d+$/.test(name) || pid === process.pid) continue;
    const { parent, uid } = await statusOf(name);
    if (parent === undefined) continue;
    parents.set(pid, parent);
    const marked = uid === 0 && (await isMarked(name, state)) && (await namespaceOf(name)) === own;
    if (marked || recorded.has(pid)) roots.add(pid);
  }
  const found = [...parents.keys()].filter((pid) => comesFrom(pid, roots, parents));
  return Promise.all(
    found.map(async (pid) => {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return { pid, command: command.replaceAll('\0', ' ').trim().slice(0, 60) };
    }),
  );
}

async function isMarked(process: string, state: string): Promise<boolean> {
  const environment = await readFile(`/proc/${process}/environ`, 'utf8').catch(() => '');
  return environment.split('\0').some((entry) => entry.startsWith(`${RUN_MARKER}=${state}/`));
}

/** Whether a process is one of these, or was started by one of them at whatever distance. */
function comesFrom(pid: number, roots: ReadonlySet<number>, parents: ReadonlyMap<number, number>): boolean {
  const seen = new Set<number>();
  // Read one after the other while processes come and go, the parents may form a circle.
  for (let at: number | undefined = pid; at !== undefined && !seen.has(at); at = parents.get(at)) {
    if (roots.has(at)) return true;
    seen.add(at);
  }
  return false;
}

/** The real account, not the effective one: a set-id program keeps the environment of whoever started it. */
async function statusOf(process: string): Promise<{ readonly parent?: number; readonly uid?: number }> {
  const status = await readFile(`/proc/${process}/status`, 'utf8').catch(() => '');
  const [parent, uid] = [/^PPid:\s+(\d+)/m, /^Uid:\s+(\d+)/m].map((line) => line.exec(status)?.[1]);
  return parent === undefined || uid === undefined ? {} : { parent: Number(parent), uid: Number(uid) };
}

/** A run inside a container on this server is that container's, although its programs show here too. */
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
        what: `An earlier run left programs running: ${names}`,
        remedy: `Find out what they wait for, or end them (kill ${left.map(({ pid }) => pid).join(' ')}). Then run again.`,
      });
    }
    if (!said)
      say(`An earlier run was killed, but programs of it still run: ${names}. Waiting for them to end.`);
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
