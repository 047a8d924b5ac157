import { createHash } from 'node:crypto';
import type { Host, ProgramResult } from '../../host/host.ts';
import { asAccount } from '../../host/shell.ts';
import { branchOf, GIT_ENVIRONMENT, originOf } from '../../operations/checkout.ts';
import { explainAccess } from '../../operations/git-causes.ts';
import { clean } from '../../output/clean.ts';
import { count } from '../../output/duration.ts';
import { ProblemError } from '../../output/problem.ts';
import { git } from '../../site/git.ts';
import { CHECKOUT, SITE_USER, VENV } from '../../site/layout.ts';
import { VIRTUALENV_NAME } from '../../site/releases.ts';
import { BRANCH, type Release } from './state.ts';

const FETCH_MS = 10 * 60_000;
const ASK_MS = 60_000;
/** Of files and commits that a message names. */
const NAMED = 10;

/** @returns git's answer about the checkout, asked as www-data, whose hooks and configuration it has */
export async function askGit(host: Host, ...args: readonly string[]): Promise<ProgramResult> {
  return host.query(git(CHECKOUT, '--no-optional-locks', ...args), {
    as: SITE_USER,
    env: GIT_ENVIRONMENT,
    timeoutMs: args[0] === 'fetch' ? FETCH_MS : ASK_MS,
  });
}

/** @returns what git printed @throws ProblemError when it could not tell */
export async function told(host: Host, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await askGit(host, ...args);
  if (code === 0) return stdout;
  throw new ProblemError({
    what: `git can't tell about ${CHECKOUT} (${args[0]}, exit code ${code}). Nothing was changed.`,
    remedy: `See what it says: ${asAccount(SITE_USER, `git -C ${CHECKOUT} status`)}`,
    detail: clean(stderr).split('\n').filter(Boolean).slice(-NAMED),
  });
}

/** Brings what the repository has; no file of the site changes. @throws ProblemError when it can't be reached */
export async function fetched(host: Host): Promise<void> {
  const url = await originOf(host, CHECKOUT);
  if (url === undefined)
    throw new ProblemError({
      what: `${CHECKOUT} is no checkout that came from a repository. Nothing was changed.`,
      remedy: 'Set the site up first: studio-setup run',
    });
  const result = await askGit(
    host,
    'fetch',
    '--quiet',
    '--prune',
    'origin',
    '+refs/heads/*:refs/remotes/origin/*',
  );
  if (result.code === 0) return;
  const cause = explainAccess(url, result);
  throw new ProblemError({
    what: `${cause?.what ?? `The repository ${url} can't be fetched (git ended with exit code ${result.code}).`} Nothing was changed.`,
    remedy: cause?.remedy ?? 'Fix what git says, then update again.',
    detail: clean(result.stderr).split('\n').filter(Boolean).slice(-NAMED),
  });
}

/** @returns the release that the site has now @throws ProblemError when it is none that an update can come back to */
export async function currentRelease(host: Host, named?: string): Promise<Release> {
  const branch = await branchOf(host, CHECKOUT);
  if (branch === undefined)
    throw new ProblemError({
      what: `There is no checkout of the site in ${CHECKOUT} that git can read. Nothing was changed.`,
      remedy: 'Set the site up first: studio-setup run',
    });
  if (branch === 'HEAD' && named === undefined) throw noBranch();
  const commit = (await told(host, 'rev-parse', 'HEAD')).trim();
  const link = await host.status(VENV);
  if (link?.type === 'link' && !VIRTUALENV_NAME.test(link.target ?? ''))
    throw new ProblemError({
      what: `${VENV} is a link to ${link.target}, which the product did not make. Nothing was changed.`,
      remedy: `Mount that folder at ${VENV} instead (a bind mount), then update again.`,
    });
  return {
    commit,
    branch: branch === 'HEAD' ? (named ?? '') : branch,
    virtualenv: link?.target ?? (await virtualenvOf(host, commit)),
  };
}

/** @param asked a branch of the repository, or a commit; absent: the branch that is checked out */
export async function askedRelease(host: Host, from: Release, asked: string | undefined): Promise<Release> {
  const name = asked ?? from.branch;
  if (!BRANCH.test(name) || name === 'HEAD') throw unknown(name);
  const branch = await askGit(
    host,
    'rev-parse',
    '--verify',
    '--quiet',
    `refs/remotes/origin/${name}^{commit}`,
  );
  const found =
    branch.code === 0 ? branch : await askGit(host, 'rev-parse', '--verify', '--quiet', `${name}^{commit}`);
  // A local branch of that name is no commit of the repository's.
  if (found.code !== 0 || (branch.code !== 0 && !/^[0-9a-f]{7,40}$/.test(name))) throw unknown(name);
  // No branch is checked out: the one that is named takes its place, and a commit is none.
  if (branch.code !== 0 && name === from.branch) throw noBranch();
  const commit = found.stdout.trim();
  return {
    commit,
    branch: branch.code === 0 ? name : from.branch,
    virtualenv: commit === from.commit ? from.virtualenv : await virtualenvOf(host, commit),
  };
}

function noBranch(): ProblemError {
  return new ProblemError({
    what: `No branch is checked out in ${CHECKOUT}: which one the update is of can't be told. Nothing was changed.`,
    remedy: 'Name it: studio-setup update BRANCH',
  });
}

function unknown(name: string): ProblemError {
  return new ProblemError({
    what: `The site's repository has no branch or commit ${clean(name)}. Nothing was changed.`,
    remedy: `Its branches: ${asAccount(SITE_USER, `git -C ${CHECKOUT} branch --remotes`)}`,
  });
}

/** The same dependencies, the same virtualenv: it is made again only when poetry.lock is another one. */
async function virtualenvOf(host: Host, commit: string): Promise<string> {
  const { code, stdout } = await askGit(host, 'show', `${commit}:poetry.lock`);
  if (code !== 0)
    throw new ProblemError({
      what: `The commit ${commit.slice(0, 12)} has no poetry.lock. Nothing was changed.`,
      remedy: 'Choose a state of the site that has one: studio-setup update BRANCH-OR-COMMIT',
    });
  return `venv-${createHash('sha256').update(stdout).digest('hex').slice(0, 12)}`;
}

/**
 * Whether what stands in the checkout can be replaced without a loss.
 * @throws ProblemError that names files with changes of the operator's, files in the way, commits that only this server has
 */
export async function nothingToLose(host: Host, from: Release, to: Release): Promise<void> {
  const status = await told(host, 'status', '--porcelain', '-z', '--no-renames', '--untracked-files=no');
  const changed = status.split('\0').flatMap((entry) => entry.slice(3) || []);
  if (changed.length > 0)
    throw kept(
      `${CHECKOUT} has changes that are in no commit: ${named(changed)}.`,
      `See them: ${asAccount(SITE_USER, `git -C ${CHECKOUT} diff HEAD`)}. Keep them in the repository, or put them aside: ${asAccount(SITE_USER, `git -C ${CHECKOUT} stash push`)}. Then update again.`,
    );
  const added = await told(
    host,
    'diff',
    '--name-only',
    '-z',
    '--no-renames',
    '--diff-filter=A',
    from.commit,
    to.commit,
  );
  const untracked = new Set((await told(host, 'ls-files', '-z', '--others')).split('\0').filter(Boolean));
  const inTheWay = added.split('\0').filter((file) => untracked.has(file));
  if (inTheWay.length > 0)
    throw kept(
      `The update brings files that stand in ${CHECKOUT} already and are in no commit: ${named(inTheWay)}.`,
      'Compare them with what comes, move yours away, then update again.',
    );
  const only = await told(
    host,
    ...['log', '--format=%h %s', `--max-count=${NAMED}`, 'HEAD', '--not', '--remotes=origin', '--tags'],
  );
  const commits = only.split('\n').filter(Boolean);
  if (commits.length > 0)
    throw kept(
      `The checkout has commits that its repository has not: ${commits.map(clean).join('; ')}.`,
      `Push them, or keep them under a name (${asAccount(SITE_USER, `git -C ${CHECKOUT} tag kept`)}), then update again.`,
    );
}

function kept(what: string, remedy: string): ProblemError {
  return new ProblemError({ what: `${what} Nothing was changed.`, remedy });
}

/** @returns the first names of a list, cleaned, and how many there are besides */
export function named(files: readonly string[], most = NAMED): string {
  const shown = files.slice(0, most).map((file) => clean(file).replaceAll('\n', ' '));
  return files.length > most
    ? `${shown.join(', ')} and ${count(files.length - most, 'more', 'more')}`
    : shown.join(', ');
}
