import type { Host } from '../host/host.ts';

export const MEGABYTE = 1024 * 1024;

/** What will be written: bytes, below an absolute path that is there. */
export interface Room {
  readonly path: string;
  readonly bytes: number;
}

/** A disk that has too little room; in bytes. */
export interface ShortDisk {
  /** Where it is mounted. */
  readonly target: string;
  readonly free: number;
  /** What will be written, and what stays free besides. */
  readonly wanted: number;
}

/**
 * @param needs several may be on one disk: they add up
 * @param spare bytes that stay free on each disk
 * @returns the first disk that has too little room; `undefined` when all have enough
 */
export async function shortDisk(
  host: Host,
  needs: readonly Room[],
  spare: number,
): Promise<ShortDisk | undefined> {
  const paths = needs.map(({ path }) => path);
  const { stdout } = await host.query(['df', '--output=avail,target', '--block-size=1', '--', ...paths]);
  const disks = new Map<string, { readonly free: number; readonly bytes: number }>();
  for (const [index, line] of stdout.trim().split('\n').slice(1).entries()) {
    const [, free = '0', target = ''] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
    const bytes = (disks.get(target)?.bytes ?? 0) + (needs[index]?.bytes ?? 0);
    disks.set(target, { free: Number(free), bytes });
  }
  for (const [target, { free, bytes }] of disks)
    if (free < bytes + spare) return { target, free, wanted: bytes + spare };
  return undefined;
}

/** @returns as much as an operator is told of: no more is free, and no less is wanted */
export function inMegabytes({ free, wanted }: ShortDisk): { readonly free: number; readonly wanted: number } {
  return { free: Math.floor(free / MEGABYTE), wanted: Math.ceil(wanted / MEGABYTE) };
}
