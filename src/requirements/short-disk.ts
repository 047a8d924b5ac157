import type { Host } from '../host/host.ts';

const MEGABYTE = 1024 * 1024;

/**
 * @param needed folders that are there, each with the bytes that will be written below it; several may be on one disk
 * @param spare bytes that stay free on each disk
 * @returns the first disk that has too little room, with megabytes; `undefined` when all have enough
 */
export async function shortDisk(
  host: Host,
  needed: readonly (readonly [folder: string, bytes: number])[],
  spare: number,
): Promise<{ readonly target: string; readonly free: number; readonly wanted: number } | undefined> {
  const folders = needed.map(([folder]) => folder);
  const { stdout } = await host.query(['df', '--output=avail,target', '-B1', ...folders]);
  const disks = new Map<string, { free: number; used: number }>();
  for (const [index, line] of stdout.trim().split('\n').slice(1).entries()) {
    const [, free = '', target = ''] = /^(\d+)\s+(.*)$/.exec(line.trim()) ?? [];
    const used = (disks.get(target)?.used ?? 0) + (needed[index]?.[1] ?? 0);
    disks.set(target, { free: Number(free), used });
  }
  for (const [target, { free, used }] of disks)
    if (free < used + spare)
      return { target, free: Math.floor(free / MEGABYTE), wanted: Math.ceil((used + spare) / MEGABYTE) };
  return undefined;
}
