import path from 'node:path';
import type { Host, LiveHost } from './host.ts';

/**
 * When a file came to be as it is: what tells whether a program that was started at some time has read it as it is now.
 * By the clock that nobody can set (microseconds since boot), where the product knows it: after the clock was set back a
 * file may be "newer" than all that is started for hours, and after it was set forward older than what never read it.
 * @returns milliseconds since the epoch, by the clock as it is now, as `wallClock`; `undefined` when there is nothing
 */
export async function changedAt(host: Host, file: string): Promise<number | undefined> {
  const modified = await realModified(host, file);
  if (modified === undefined) return undefined;
  const [known, boot, at] = host.hint(key(file))?.split(' ') ?? [];
  if (known !== String(modified) || at === undefined) return modified;
  // Of an earlier boot: it was there before anything that runs now.
  return wallClock(boot === (await bootId(host)) ? Number(at) : 0);
}

/** As many as the kernel follows in one path. */
const MOST_LINKS = 40;

/** Notes that a file is there as it is, once it was written. */
export async function noteChanged(live: LiveHost, file: string): Promise<void> {
  const modified = await realModified(live, file);
  if (modified === undefined) return;
  const now = String(process.hrtime.bigint() / 1000n);
  live.remember(key(file), `${modified} ${await bootId(live)} ${now}`, true);
}

/**
 * Call before a program is started that reads these files. One from the future, as by a clock that was set back since, would
 * look newer than any start; as long as it stays what it is, it is known to have been there before this one.
 */
export async function noteFromTheFuture(live: LiveHost, files: readonly string[]): Promise<void> {
  for (const file of files)
    if (((await changedAt(live, file)) ?? 0) > Date.now()) await noteChanged(live, file);
}

/**
 * @returns when a file of root's was last written, in milliseconds since the epoch, or when a link on the way to it
 *   was last changed (a renewed certificate is a new target); `undefined` when there is nothing.
 */
async function realModified(host: Host, file: string, links = 0): Promise<number | undefined> {
  const status = await host.status(file);
  if (status?.target === undefined || links === MOST_LINKS) return status?.modified;
  const target = path.resolve(path.dirname(file), status.target);
  const isFolder = (await host.status(target))?.type === 'directory';
  return Math.max(status.modified, (isFolder ? undefined : await realModified(host, target, links + 1)) ?? 0);
}

function key(file: string): string {
  return `there:${file}`;
}

function bootId(host: Host): Promise<string> {
  return host.once('boot', async () => ((await host.read('/proc/sys/kernel/random/boot_id')) ?? '').trim());
}

/** @returns `monotonic` (microseconds since boot) in milliseconds since the epoch, by the clock as it is now. */
export function wallClock(monotonic: number): number {
  return Date.now() - (Number(process.hrtime.bigint()) / 1e6 - monotonic / 1000);
}
