import { dirname } from 'node:path';
import type { Operation } from '../../engine/operation.ts';
import { requirement } from '../../operations/command.ts';
import { ProblemError } from '../../output/problem.ts';
import { RELEASES, VENV, WWW } from '../../site/layout.ts';

/** Bytes that stay free beside all else: a copy of the code, logs, what visitors upload meanwhile. */
const SPARE = 300 * 1024 * 1024;
const MEGABYTE = 1024 * 1024;

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
        [dirname(RELEASES), database],
        [WWW, Number.parseInt(du?.stdout ?? '0', 10) || 0],
      ] as const;
      const { stdout } = await host.query([
        'df',
        '--output=avail,target',
        '-B1',
        ...needed.map(([path]) => path),
      ]);
      const disks = new Map<string, { free: number; used: number }>();
      for (const [index, line] of stdout.trim().split('\n').slice(1).entries()) {
        const [, free = '', target = ''] = /^(\d+)\s+(.*)$/.exec(line.trim()) ?? [];
        const used = (disks.get(target)?.used ?? 0) + (needed[index]?.[1] ?? 0);
        disks.set(target, { free: Number(free), used });
      }
      for (const [target, { free, used }] of disks) {
        if (free >= used + SPARE) continue;
        throw new ProblemError({
          what: `Only ${Math.floor(free / MEGABYTE)} MB are free on ${target}; the database's dump and the new code may take ${Math.ceil((used + SPARE) / MEGABYTE)} MB.`,
          remedy: `Make room there (df -h, du -xh --max-depth=2 ${target} | sort -h), then update again.`,
        });
      }
    },
  });
}
