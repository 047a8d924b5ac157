import path from 'node:path';
import type { LiveHost } from '../host/host.ts';
import type { Digested } from './manifest.ts';
import type { WorkFolder } from './work-folder.ts';

/**
 * Looks at each file below some paths; links are not followed, and are no files.
 * @param root where the paths begin, absolute
 * @param paths files and folders, relative to the root
 * @param as words that make a program another account's; none: root
 * @returns each file by its path relative to the root, in the order of the paths
 */
export async function inventory(
  live: LiveHost,
  work: WorkFolder,
  root: string,
  paths: readonly string[],
  as: readonly string[],
): Promise<readonly Digested[]> {
  if (paths.length === 0) return [];
  const find = [...as, 'find', ...paths, '-type', 'f'];
  const sums = await work.outputOf(
    live,
    root,
    [...find, '-exec', 'sha256sum', '--zero', '--', '{}', '+'],
    'sums',
  );
  const sizes = await work.outputOf(live, root, [...find, '-printf', '%s %p\\0'], 'sizes');
  const bytes = new Map(entries(sizes, /^(\d+) (.*)$/s).map(([size, file]) => [file, Number(size)]));
  // sha256sum(1): the digest, a blank, a blank or an asterisk, the name; with --zero no name is escaped.
  return entries(sums, /^([\da-f]{64}) [ *](.*)$/s).map(([sha256, file]) => {
    return { path: path.normalize(file), size: bytes.get(file) ?? -1, sha256 };
  });
}

function entries(text: string, form: RegExp): readonly (readonly [string, string])[] {
  return text.split('\0').flatMap((entry) => {
    const [, first, second] = form.exec(entry) ?? [];
    return first === undefined || second === undefined ? [] : [[first, second] as const];
  });
}
