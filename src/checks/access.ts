import type { Host } from '../host/host.ts';

type Right = 'readable' | 'writable' | 'executable';

/**
 * Tries, as an account: its kernel decides by owner, group, mode, access lists and mounts, on every folder on the way.
 * @param paths absolute; those that are not there are passed over
 * @returns those that the account has the right to
 */
export async function allowed(
  host: Host,
  account: string,
  right: Right,
  paths: readonly string[],
): Promise<readonly string[]> {
  if (paths.length === 0) return [];
  const find = ['find', ...paths, '-maxdepth', '0', `-${right}`, '-print0'];
  const { stdout } = await host.query(find, { as: account, quiet: true, timeoutMs: 8000 });
  return stdout.split('\0').filter((path) => path !== '');
}

/** @returns those of `paths` that are there, as root sees it */
export async function present(host: Host, paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(paths.map((path) => host.status(path)));
  return paths.filter((_, index) => found[index] !== undefined);
}
