import type { Host } from '../host/host.ts';
import { unitState } from './units.ts';

/** Ticks a second in /proc/PID/stat: USER_HZ, 100 on every Linux that Debian ships. */
const TICKS = 100;

/**
 * @returns when the oldest worker that takes requests was started, in milliseconds since the epoch: a reload starts
 *   new ones, however it was asked for, so a config newer than this is on disk and not in force. `undefined` when
 *   nginx does not run.
 */
export async function configLoadedAt(host: Host): Promise<number | undefined> {
  const { mainPid } = await unitState(host, 'nginx.service');
  if (mainPid === 0) return undefined;
  const children = await host.read(`/proc/${mainPid}/task/${mainPid}/children`);
  const uptime = Number((await host.read('/proc/uptime'))?.split(' ')[0]);
  const started: number[] = [];
  for (const pid of children?.trim().split(' ').filter(Boolean) ?? []) {
    const title = await host.read(`/proc/${pid}/cmdline`);
    if (title === undefined || !/nginx: worker process(?! is shutting down)/.test(title)) continue;
    const stat = await host.read(`/proc/${pid}/stat`);
    // The name in brackets may hold spaces; the start time is the 20th field after it.
    const ticks = Number(stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
    started.push(Date.now() - uptime * 1000 + (ticks / TICKS) * 1000);
  }
  return started.length === 0 ? undefined : Math.min(...started);
}
