import type { Host } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';

const MEGABYTE = 1024 * 1024;
/** What else is written on the same disk meanwhile must still find room, in bytes. */
const SPARE = 200 * MEGABYTE;

/** What will be written: bytes, below an absolute path. */
export interface Room {
  readonly path: string;
  readonly bytes: number;
}

/**
 * @param needs what will be written where; paths on one file system add up
 * @throws ProblemError where there is not enough room, before anything is written
 */
export async function enoughRoom(host: Host, needs: readonly Room[]): Promise<void> {
  const paths = needs.map(({ path }) => path);
  const { stdout } = await host.query(['df', '--output=avail,target', '--block-size=1', '--', ...paths]);
  const disks = new Map<string, { readonly free: number; readonly bytes: number }>();
  for (const [index, line] of stdout.trim().split('\n').slice(1).entries()) {
    const [, free = '0', target = ''] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
    const bytes = (disks.get(target)?.bytes ?? 0) + (needs[index]?.bytes ?? 0);
    disks.set(target, { free: Number(free), bytes });
  }
  for (const [target, { free, bytes }] of disks) {
    if (free >= bytes + SPARE) continue;
    throw new ProblemError({
      what: `${megabytes(free)} MB are free on ${target}; this needs up to ${megabytes(bytes + SPARE)} MB there. Nothing was written.`,
      remedy:
        'Make room there (du -xh --max-depth=2 FOLDER | sort -h | tail), or use a folder on another disk.',
    });
  }
}

export function megabytes(bytes: number): number {
  return Math.ceil(bytes / MEGABYTE);
}
