import { setTimeout as sleep } from 'node:timers/promises';
import { type Guard, standBy } from '../host/guard.ts';
import type { LiveHost } from '../host/host.ts';
import { UWSGI_SOCKET } from './layout.ts';
import { unitState } from './units.ts';
import { askUwsgi } from './uwsgi.ts';
import { LOADED_MS, notGraceful } from './workers.ts';

/** For requests that were begun: they log in to the database at their beginning, and a page takes less. Milliseconds. */
const LAST_REQUESTS_MS = 300;

/**
 * Does something while uWSGI takes no new requests: they wait in its socket, 100 of them at most, so `work` must be short.
 * Afterwards, whatever happens to `work`, and to this process too, uWSGI reloads the site and takes what waits.
 * SIGTSTP pauses a uWSGI with a master, SIGHUP reloads it, paused or not. Without a master, without an answer and without
 * a guard `work` is done as the site runs.
 * @param hostName what the site takes as its own name
 * @returns whether it was paused, and so reloads the site now
 */
export async function whilePaused(
  live: LiveHost,
  unit: string,
  hostName: string,
  work: () => Promise<void>,
): Promise<boolean> {
  const resume = signal('SIGHUP', unit);
  const guard = (await canPause(live, unit, hostName)) ? await standBy(resume) : undefined;
  if (guard === undefined) {
    await work();
    return false;
  }
  try {
    await live.run(signal('SIGTSTP', unit));
    await sleep(LAST_REQUESTS_MS);
    await work();
    return true;
  } finally {
    await goOn(live, resume, guard);
  }
}

async function goOn(live: LiveHost, resume: readonly string[], guard: Guard): Promise<void> {
  try {
    await live.run(resume, { evenWhenStopped: true, timeoutMs: 30_000 });
  } catch (error) {
    guard.act();
    throw error;
  }
  guard.release();
}

/** A second SIGTSTP would let requests through: one that was left paused, and so does not answer, first goes on. */
async function canPause(live: LiveHost, unit: string, hostName: string): Promise<boolean> {
  const { mainPid, active } = await unitState(live, unit);
  if (active !== 'active' || mainPid === 0 || (await notGraceful(live)) !== undefined) return false;
  if ('status' in (await askUwsgi(UWSGI_SOCKET, hostName))) return true;
  await live.run(signal('SIGHUP', unit));
  for (const until = Date.now() + LOADED_MS; Date.now() < until && !live.signal.aborted; await sleep(200))
    if ('status' in (await askUwsgi(UWSGI_SOCKET, hostName))) return true;
  return false;
}

function signal(name: string, unit: string): readonly string[] {
  return ['systemctl', 'kill', '--kill-who=main', `--signal=${name}`, unit];
}
