import type { Change, Operation } from '../engine/operation.ts';
import type { Host } from '../host/host.ts';
import { asAccount, quote, wordsOf } from '../host/shell.ts';
import { localTime } from '../output/local-time.ts';
import { ProblemError } from '../output/problem.ts';
import { word } from '../script/words.ts';
import { git } from '../site/git.ts';
import { SITE_USER } from '../site/layout.ts';
import { diffOf } from './diff.ts';
import { explainAccess } from './git-causes.ts';
import { noLink } from './no-link.ts';

export interface Checkout extends Pick<Operation, 'id' | 'after' | 'covers' | 'departure'> {
  readonly path: string;
  readonly url: string;
  readonly branch: string;
}

/** No question may wait for a terminal that nobody watches; a new host's key is taken at first sight, a changed one refused. */
export const GIT_ENVIRONMENT = {
  GIT_SSH_COMMAND: 'ssh -o BatchMode=yes -o StrictHostKeyChecking=accept-new -o ConnectTimeout=15',
} as const;

/** git's own sentence (unpack-trees.c), in the C locale. */
const EDITED =
  /^error: (Your local changes to the following files|The following untracked working tree files) would be overwritten by checkout:$/m;

/** The site's source, cloned and on its branch. A clone that was cut off leaves nothing behind at `path`. */
export function checkout(wanted: Checkout): Operation {
  const { path, url, branch } = wanted;
  const partial = `${path}.studio-setup-partial`;
  const shell = [asAccount(SITE_USER, `git clone --branch ${quote(branch)} ${quote(url)} ${quote(path)}`)];
  return {
    id: wanted.id,
    title: `clone ${branch}`,
    downloads: "the site's repository",
    script: scriptOf(wanted, partial),
    ...(wanted.after ? { after: wanted.after } : {}),
    ...(wanted.covers ? { covers: wanted.covers } : {}),
    ...(wanted.departure ? { departure: wanted.departure } : {}),
    async observe(host) {
      await noLink(host, path, 'folder');
      const names = await host.list(path);
      if (names.length === 0) {
        return {
          kind: 'create',
          summary: `${path} from ${url}, branch ${branch}`,
          shell,
          irreversible: 'the checkout stays: files may have been added to it since',
          async apply(live) {
            await live.run(['rm', '-rf', '--', partial], { as: SITE_USER });
            await live.run(['git', 'clone', '--progress', '--branch', branch, '--', url, partial], {
              as: SITE_USER,
              env: GIT_ENVIRONMENT,
              explain: (result) => explainAccess(url, result),
            });
            // An empty folder may stand there already; anything else makes mv fail, and is not lost.
            await live.run(['mv', '-T', '--', partial, path], { as: SITE_USER });
          },
        };
      }
      if (!names.includes('.git')) throw notACheckout(path);
      const elsewhere = await otherOrigin(host, path, url);
      if (elsewhere !== undefined) return elsewhere;
      const current = await branchOf(host, path);
      if (current === undefined) throw unreadable(path);
      if (current === branch) return undefined;
      await notLocked(host, path);
      return {
        kind: 'update',
        summary: `${path}: branch ${current} → ${branch}`,
        shell: [asAccount(SITE_USER, `git -C ${quote(path)} checkout ${quote(branch)}`)],
        async apply(live) {
          await live.note({ kind: 'branch', path, from: current, to: branch });
          // git itself refuses where a local change would be lost.
          await live.run(git(path, 'checkout', branch), {
            as: SITE_USER,
            env: GIT_ENVIRONMENT,
            explain: (result) =>
              EDITED.test(result.stderr)
                ? {
                    remedy: `Files in ${path} were edited (git status shows them): commit or copy them, then run again.`,
                  }
                : undefined,
          });
        },
      };
    },
  };
}

function scriptOf({ path, url, branch }: Checkout, partial: string): readonly string[] {
  return [
    `if [ ! -e ${path}/.git ]; then`,
    `  as_site rm -rf -- ${partial}`,
    `  as_site env ${wordsOf(GIT_ENVIRONMENT)} \\`,
    `    git clone --branch ${word(branch)} -- ${word(url)} ${partial}`,
    `  as_site mv -T -- ${partial} ${path}`,
    'fi',
    `as_site git -C ${path} checkout --quiet ${word(branch)}`,
  ];
}

/**
 * The answer names another repository than the checkout came from. Nobody's work is replaced for it: a conflict, until the operator
 * decides which of the two is right.
 * @returns that the checkout's address would change, `undefined` when it is the same, or has none that can be told
 */
async function otherOrigin(host: Host, path: string, url: string): Promise<Change | undefined> {
  const origin = await originOf(host, path);
  if (origin === undefined || bareUrl(origin) === bareUrl(url)) return undefined;
  // That was as `insteadOf` makes it; this is as it stands in the file.
  const written = await host.query(git(path, 'config', '--get', 'remote.origin.url'), { as: SITE_USER });
  if (written.code === 0 && bareUrl(written.stdout.trim()) === bareUrl(url)) return undefined;
  const config = `${path}/.git/config`;
  const diff = diffOf(config, `url = ${origin}\n`, `url = ${url}\n`);
  const argv = git(path, 'remote', 'set-url', 'origin', url);
  return {
    kind: 'update',
    summary: `${path}: repository ${origin} → ${url}`,
    diff,
    shell: [asAccount(SITE_USER, `git -C ${quote(path)} remote set-url origin ${quote(url)}`)],
    ...(host.mayOverwrite(config) ? {} : { conflict: { path: config, diff } }),
    async apply(live) {
      await live.run(argv, { as: SITE_USER });
    },
  };
}

/** `site`, `site/` and `site.git` are one repository to every server that is known. */
function bareUrl(url: string): string {
  return url.replace(/\/+$/, '').replace(/\.git$/, '');
}

/**
 * A git that was killed leaves its lock, and every later one refuses to begin.
 * @throws ProblemError that says whose it is and since when, and whether a git runs that may hold it
 */
async function notLocked(host: Host, path: string): Promise<void> {
  const lock = `${path}/.git/index.lock`;
  const status = await host.status(lock);
  if (status === undefined) return;
  const since = localTime(status.modified);
  const { code, stdout } = await host.query(['pgrep', '--exact', 'git']);
  const facts = `${lock} has been there since ${since} (owner ${status.owner})`;
  // pgrep(1): 0 one runs, 1 none does, else it could not be asked.
  if (code === 0)
    throw new ProblemError({
      what: `${facts}, and git is running (process ${stdout.trim().split(/\s+/).join(', ')}).`,
      remedy: 'Wait until it is done, then run again.',
    });
  throw new ProblemError({
    what:
      code === 1
        ? `${facts}, and git is not running: one that was killed left the lock.`
        : `${facts}; whether git is running could not be determined.`,
    remedy: `If you know of no git that is running there: rm ${quote(lock)}; then run again.`,
  });
}

/** @returns the branch, `HEAD` where none is checked out, `undefined` when git can't tell. */
export function branchOf(host: Host, path: string): Promise<string | undefined> {
  return askedOnce(host, git(path, 'rev-parse', '--abbrev-ref', 'HEAD'));
}

/** @returns where the checkout came from, `undefined` when there is none. */
export function originOf(host: Host, path: string): Promise<string | undefined> {
  return askedOnce(host, git(path, 'remote', 'get-url', 'origin'));
}

function askedOnce(host: Host, argv: readonly string[]): Promise<string | undefined> {
  return host.once(argv.join(' '), async () => {
    const { code, stdout } = await host.query(argv, { as: SITE_USER });
    return code === 0 ? stdout.trim() : undefined;
  });
}

function notACheckout(path: string): ProblemError {
  return new ProblemError({
    what: `${path} contains files, but is not a git checkout.`,
    remedy: `Check these files and move them away (mv ${path} ${path}.old), then run again: the site will be cloned there.`,
  });
}

/** A clone that was cut off, or files that www-data may not read. */
function unreadable(path: string): ProblemError {
  return new ProblemError({
    what: `${path} has a .git folder, but git can't tell which branch is checked out.`,
    remedy: `See why: ${asAccount(SITE_USER, `git -C ${quote(path)} status`)}. If the clone was interrupted, move it away (mv ${path} ${path}.old), then run again.`,
  });
}
