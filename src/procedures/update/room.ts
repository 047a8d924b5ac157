import { dirname } from 'node:path';
import type { Operation } from '../../engine/operation.ts';
import { requirement } from '../../operations/command.ts';
import { ProblemError } from '../../output/problem.ts';
import { inMegabytes, MEGABYTE, shortDisk } from '../../requirements/short-disk.ts';
import { RELEASES, VENV, WWW } from '../../site/layout.ts';

/** Bytes that stay free beside all else: a copy of the code, logs, what visitors upload meanwhile. */
const SPARE = 300 * MEGABYTE;

/**
 * Room for the dump and a new virtualenv. A dump is compressed: it is smaller than its database.
 * @param database bytes @param virtualenv whether a new one is made
 */
export function enoughRoom(id: string, database: number, virtualenv: boolean): Operation {
  return requirement({
    id,
    title: 'room on the disk',
    async check(host) {
      const du = virtualenv ? await host.query(['du', '-sb', `${VENV}/`]) : undefined;
      const needed = [
        { path: dirname(RELEASES), bytes: database },
        { path: WWW, bytes: Number.parseInt(du?.stdout ?? '0', 10) || 0 },
      ];
      const short = await shortDisk(host, needed, SPARE);
      if (short === undefined) return;
      const { target } = short;
      const { free, wanted } = inMegabytes(short);
      throw new ProblemError({
        what: `Only ${free} MB are free on ${target}; the database's dump and the new code may take ${wanted} MB.`,
        remedy: `Make room there (df -h, du -xh --max-depth=2 ${target} | sort -h), then update again.`,
      });
    },
  });
}
