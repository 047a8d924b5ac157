import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveHost } from '../host/host.ts';
import { unitState } from './units.ts';
import { notGraceful } from './workers.ts';

/** For requests that were begun: they log in to the database at their beginning, and a page takes less. Milliseconds. */
const LAST_REQUESTS_MS = 300;

/**
 * Does something while uWSGI takes no new requests: they wait in its socket, 100 of them at most, so `work` must be short.
 * Afterwards, whatever happens to `work`, and to this process too, uWSGI loads the site anew and takes what waits.
 * SIGTSTP pauses a uWSGI with a master, SIGHUP reloads it, paused or not. Without a master `work` is done as the site runs.
 * @returns whether it was paused, and so loads the site anew now
 */
export async function whilePaused(live: LiveHost, unit: string, work: () => Promise<void>): Promise<boolean> {
  const { mainPid, active } = await unitState(live, unit);
  if (active !== 'active' || mainPid === 0 || (await notGraceful(live)) !== undefined) {
    await work();
    return false;
  }
  const guard = reloadAtOurEnd(mainPid);
  try {
    await live.run(signal('SIGTSTP', unit));
    await sleep(LAST_REQUESTS_MS);
    await work();
    return true;
  } finally {
    await live.run(signal('SIGHUP', unit)).finally(() => guard.release());
  }
}

function signal(name: string, unit: string): readonly string[] {
  return ['systemctl', 'kill', '--kill-who=main', `--signal=${name}`, unit];
}

/** After a kill -9 of this process its end of the pipe closes: a site must not stay paused until somebody starts again. */
function reloadAtOurEnd(pid: number): { release(): void } {
  const guard = spawn('sh', ['-c', 'read -r released || kill -HUP "$1"', 'sh', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  });
  guard.unref();
  // Without a shell there is no guard, and all else goes on.
  guard.on('error', () => undefined);
  guard.stdin.on('error', () => undefined);
  return { release: () => guard.stdin.end('released\n') };
}
