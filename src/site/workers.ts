import { iniKeys, iniValue } from '../configs/ini.ts';
import { type Host, SITE_USER } from '../host/host.ts';
import { UWSGI_INI } from './layout.ts';
import { type UnitState, wallClock } from './units.ts';

/** Kernel ticks a second, as /proc counts them; the same on every Linux that Debian builds. */
const TICKS = 100;

/**
 * uWSGI told to reload (SIGHUP to its first process) lets requests end, starts itself anew under the same number with
 * the same socket, and systemd's start time stays: only the age of its workers shows which settings they have.
 * @returns when the oldest worker of a running `studio.service` began, in milliseconds since the epoch, and no later
 *   than it surely did; the unit's own start where workers' ages prove nothing (see {@link notGraceful})
 */
export async function workersSince(host: Host, state: UnitState): Promise<number> {
  const own = wallClock(state.activeSince);
  if (state.mainPid === 0 || (await notGraceful(host)) !== undefined) return own;
  return host.once(`workers:${state.mainPid}`, async () => {
    const children = await host.read(`/proc/${state.mainPid}/task/${state.mainPid}/children`);
    const starts = await Promise.all(
      (children ?? '')
        .split(' ')
        .filter(Boolean)
        .map((pid) => startOf(host, pid)),
    );
    const known = starts.filter((each) => each !== undefined);
    return known.length === 0 || known.length < starts.length ? own : Math.min(...known);
  });
}

/** @returns when a process began, in milliseconds since the epoch, `undefined` when it is gone */
async function startOf(host: Host, pid: string): Promise<number | undefined> {
  // It may end while it is read: ESRCH.
  const stat = await host.read(`/proc/${pid}/stat`).catch(() => undefined);
  const uptime = await host.read('/proc/uptime');
  // The program's name may hold blanks and brackets: what follows the last bracket is fixed (proc(5), field 22).
  const ticks = Number(stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  const seconds = Number(uptime?.split(' ')[0]);
  return Number.isFinite(ticks) && Number.isFinite(seconds)
    ? Date.now() - (seconds - ticks / TICKS) * 1000 - 1000 / TICKS
    : undefined;
}

/** Settings of uWSGI by which workers are made anew from what the first process has loaded long ago. */
const RENEWED =
  /^(max-requests|max-worker-lifetime|min-worker-lifetime|reload-on-|evil-reload-on-|cheap|idle)/;

/** @returns why uWSGI can't reload gracefully, or why nobody could tell afterwards that it did; `undefined` when it can */
export async function notGraceful(host: Host): Promise<string | undefined> {
  const ini = await host.once(`text:${UWSGI_INI}`, () => host.read(UWSGI_INI, { as: SITE_USER }));
  if (ini === undefined) return `there is no ${UWSGI_INI}`;
  const master = iniValue(ini, 'master') ?? iniValue(ini, 'M') ?? '';
  if (!/^(true|1|yes|on)$/i.test(master)) return `${UWSGI_INI} does not say "master = true"`;
  const renewing = iniKeys(ini).find((key) => RENEWED.test(key));
  return renewing === undefined
    ? undefined
    : `${UWSGI_INI} says "${renewing}": workers' ages then tell nothing of what they have loaded`;
}
