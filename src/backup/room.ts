import type { Host } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';
import { MEGABYTE, type Room, shortDisk } from '../requirements/short-disk.ts';

/** What else is written on the same disk meanwhile must still find room, in bytes. */
const SPARE = 200 * MEGABYTE;

/**
 * @param needs what will be written where; paths on one file system add up
 * @throws ProblemError where there is not enough room, before anything is written
 */
export async function enoughRoom(host: Host, needs: readonly Room[]): Promise<void> {
  const short = await shortDisk(host, needs, SPARE);
  if (short === undefined) return;
  throw new ProblemError({
    what: `${megabytes(short.free)} MB are free on ${short.target}; this needs up to ${megabytes(short.wanted)} MB there. Nothing was written.`,
    remedy:
      'Make room there (du -xh --max-depth=2 FOLDER | sort -h | tail), or use a folder on another disk.',
  });
}

export function megabytes(bytes: number): number {
  return Math.ceil(bytes / MEGABYTE);
}
