import { uptime } from 'node:os';
import type { Host } from '../host/host.ts';
import { SERVICE_UNITS } from './layout.ts';
import { unitState } from './units.ts';

/** Ticks a second in /proc/PID/stat: USER_HZ, 100 on every Linux that Debian ships. */
const TICKS = 100;

/**
 * Uptime and start are cut to a tick each. Said too early, a start costs a needless reload of a config written in the same
 * moment; said too late, the config would never come into force.
 */
const IMPRECISE_MS = 20;

/**
 * @returns when the oldest worker that takes requests was started, in milliseconds since the epoch: a reload starts
 *   new ones, however it was asked for, so a config newer than this is on disk and not in force. `undefined` when
 *   nginx does not run.
 */
export async function configLoadedAt(host: Host): Promise<number | undefined> {
  const { mainPid } = await unitState(host, SERVICE_UNITS.nginx);
  if (mainPid === 0) return undefined;
  const children = await host.read(`/proc/${mainPid}/task/${mainPid}/children`);
  // Both clocks at the same moment: on a busy host a read in between takes longer than nginx needs to start.
  const booted = Date.now() - uptime() * 1000;
  const started: number[] = [];
  for (const pid of children?.trim().split(' ').filter(Boolean) ?? []) {
    const title = await host.read(`/proc/${pid}/cmdline`);
    if (title === undefined || !/nginx: worker process(?! is shutting down)/.test(title)) continue;
    const stat = await host.read(`/proc/${pid}/stat`);
    // The name in brackets may hold spaces; the start time is the 20th field after it.
    const ticks = Number(stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
    started.push(booted + (ticks / TICKS) * 1000 - IMPRECISE_MS);
  }
  return started.length === 0 ? undefined : Math.min(...started);
}
