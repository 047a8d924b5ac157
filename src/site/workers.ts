import { setTimeout as sleep } from 'node:timers/promises';
import { iniKeys, iniValue } from '../configs/ini.ts';
import type { UnitState } from '../engine/service.ts';
import { wallClock } from '../host/clock.ts';
import type { Host, LiveHost } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';
import { SERVICE_UNITS, SITE_USER, UWSGI_INI } from './layout.ts';
import { journalOf, unitState } from './units.ts';

const UNIT = SERVICE_UNITS.studio;

/** uWSGI's first process lets requests end and reloads the site, while it keeps the socket: no visitor notices. */
export const RELOAD_SITE = ['systemctl', 'kill', '--kill-who=main', '--signal=SIGHUP', UNIT];

/** uWSGI gives running requests 60 s to end; then the site is loaded. Milliseconds. */
export const LOADED_MS = 90_000;

/**
 * Reloads the site and waits until workers that were started since take its requests; whether the site is well with its
 * settings is for others to ask.
 * @throws ProblemError when there are none after a minute and a half
 */
export async function reloadSite(live: LiveHost): Promise<void> {
  const { mainPid } = await unitState(live, UNIT);
  const before = await childrenOf(live, mainPid);
  await live.run(RELOAD_SITE);
  for (const until = Date.now() + LOADED_MS; Date.now() < until && !live.signal.aborted; await sleep(100)) {
    const now = await childrenOf(live, mainPid);
    if (now.length > 0 && !now.some((pid) => before.includes(pid))) return;
  }
  throw new ProblemError({
    what: `${UNIT} was told to reload the site, but has no new workers.`,
    remedy: `See why: journalctl -u ${UNIT} -n 50. Then restart it: systemctl restart ${UNIT}`,
    detail: await journalOf(live, UNIT),
  });
}

/** Kernel ticks a second, as /proc counts them; the same on every Linux that Debian builds. */
const TICKS = 100;

/**
 * uWSGI told to reload (SIGHUP to its first process) lets requests end, starts itself again under the same number with
 * the same socket, and systemd's start time stays: only the age of its workers shows which settings they have.
 * @returns when the oldest worker of a running `studio.service` began, in milliseconds since the epoch, and no later
 *   than it surely did; the unit's own start where workers' ages prove nothing (see {@link notGraceful})
 */
export async function workersSince(host: Host, state: UnitState): Promise<number> {
  const own = wallClock(state.activeSince);
  if (state.mainPid === 0 || (await notGraceful(host)) !== undefined) return own;
  return host.once(`workers:${state.mainPid}`, async () => {
    const children = await childrenOf(host, state.mainPid);
    const starts = await Promise.all(children.map((pid) => startOf(host, pid)));
    const known = starts.filter((each) => each !== undefined);
    return known.length === 0 || known.length < starts.length ? own : Math.min(...known);
  });
}

/** @returns their process numbers */
async function childrenOf(host: Host, pid: number): Promise<readonly string[]> {
  const children = await host.read(`/proc/${pid}/task/${pid}/children`);
  return (children ?? '').trim().split(' ').filter(Boolean);
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

/** Settings of uWSGI by which workers are made again from what the first process has loaded long ago. */
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
    : `${UWSGI_INI} sets "${renewing}", so the age of a worker does not tell which settings it has loaded`;
}
