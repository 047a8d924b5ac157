import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { productVersion } from '../src/app/version.ts';

/** Which state of the sources is built. */
export interface Source {
  /** When it was committed: seconds since 1970 (reproducible-builds.org, SOURCE_DATE_EPOCH). */
  readonly epoch: number;
  /** For Debian: `0.1.0-1`; of a commit that no tag names a version before it, `0.1.0~git20261129143000.0123abc-1`. */
  readonly version: string;
}

/**
 * Asks git for the commit that is checked out. SOURCE_DATE_EPOCH in the environment takes precedence over its date; sources without
 * git are taken for those of a release.
 * @param folder of the sources: absolute path
 * @throws Error when nothing tells the date
 */
export async function sourceState(folder: string = path.join(import.meta.dirname, '..')): Promise<Source> {
  const git = (...args: readonly string[]) => saidByGit(folder, args);
  const [seconds, commit] = ((await git('log', '-1', '--format=%ct %h', '--abbrev=12')) ?? '').split(' ');
  const given = process.env.SOURCE_DATE_EPOCH ?? seconds;
  if (!given || !/^\d+$/.test(given))
    throw new Error(
      'The date of the sources is unknown: this folder is no checkout that git reads. Set SOURCE_DATE_EPOCH to seconds since 1970.',
    );
  const version = productVersion();
  const tagged = commit === undefined || (await git('tag', '--points-at', 'HEAD', `v${version}`)) !== '';
  const stamp = new Date(Number(given) * 1000).toISOString().replaceAll(/\D/g, '').slice(0, 14);
  return { epoch: Number(given), version: tagged ? `${version}-1` : `${version}~git${stamp}.${commit}-1` };
}

/** @returns what git says; `undefined` when it can't tell */
async function saidByGit(folder: string, args: readonly string[]): Promise<string | undefined> {
  try {
    return (await promisify(execFile)('git', args, { cwd: folder })).stdout.trim();
  } catch {
    return undefined;
  }
}
