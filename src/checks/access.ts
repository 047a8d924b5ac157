import type { Host } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';

const RIGHTS = ['readable', 'writable', 'executable'] as const;
export type Right = (typeof RIGHTS)[number];

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
  const stdout = await found(host, find, { as: account });
  return stdout.split('\0').filter((path) => path !== '');
}

/**
 * The same of every right at once.
 * @returns path → what the account may do there
 */
export async function rightsTo(
  host: Host,
  account: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<Right>>> {
  const rights = new Map(paths.map((path) => [path, new Set<Right>()]));
  if (paths.length === 0) return rights;
  const each = RIGHTS.flatMap((right) => ['(', `-${right}`, '-printf', `${right} %p\\0`, '-o', '-true', ')']);
  const stdout = await found(host, ['find', ...paths, '-maxdepth', '0', ...each], { as: account });
  for (const line of stdout.split('\0')) {
    const blank = line.indexOf(' ');
    rights.get(line.slice(blank + 1))?.add(line.slice(0, blank) as Right);
  }
  return rights;
}

/**
 * What find(1) prints. That it can't enter a folder (exit code 1) is an answer, as it was asked what an account can do.
 * @param find the whole command
 * @throws ProblemError when it was not carried out to its end: what it did not come to is not therefore closed
 */
export async function found(
  host: Host,
  find: readonly string[],
  options: { readonly as?: string } = {},
): Promise<string> {
  const { code, stdout, stderr } = await host.query(find, { ...options, quiet: true, timeoutMs: 8000 });
  if (code <= 1) return stdout;
  throw new ProblemError({
    what: `File permissions could not be checked: ${stderr.trim() || `find ended with exit code ${code}`}`,
    remedy: 'Exit code 124 is a timeout: check whether a disk or network share hangs (df). Then run again.',
  });
}

/** @returns those of `paths` that are there, as root sees it */
export async function present(host: Host, paths: readonly string[]): Promise<readonly string[]> {
  const statuses = await Promise.all(paths.map((path) => host.status(path)));
  return paths.filter((_, index) => statuses[index] !== undefined);
}
