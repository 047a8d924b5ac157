import type { Operation } from '../engine/operation.ts';
import type { Host, ProgramResult } from '../host/host.ts';
import { asAccount, quote } from '../host/shell.ts';
import { ProblemError } from '../output/problem.ts';
import { git } from '../site/git.ts';
import { SITE_USER } from '../site/layout.ts';

export interface Checkout extends Pick<Operation, 'id' | 'after' | 'covers' | 'departure'> {
  readonly path: string;
  readonly url: string;
  readonly branch: string;
}

/** No question may wait for a terminal that nobody watches; a new host's key is taken at first sight, a changed one refused. */
export const GIT_ENVIRONMENT = {
  GIT_SSH_COMMAND: 'ssh -o BatchMode=yes -o StrictHostKeyChecking=accept-new -o ConnectTimeout=15',
} as const;

/** The site's source, cloned and on its branch. A clone that was cut off leaves nothing behind at `path`. */
export function checkout(wanted: Checkout): Operation {
  const { path, url, branch } = wanted;
  const partial = `${path}.studio-setup-partial`;
  const shell = [asAccount(SITE_USER, `git clone --branch ${quote(branch)} ${quote(url)} ${quote(path)}`)];
  return {
    id: wanted.id,
    title: `clone ${branch}`,
    ...(wanted.after ? { after: wanted.after } : {}),
    ...(wanted.covers ? { covers: wanted.covers } : {}),
    ...(wanted.departure ? { departure: wanted.departure } : {}),
    async observe(host) {
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
      const current = await branchOf(host, path);
      if (current === undefined) throw unreadable(path);
      if (current === branch) return undefined;
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
              /would be overwritten|Please commit/.test(result.stderr)
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

/** @returns the branch, `HEAD` where none is checked out, `undefined` when git can't tell. */
export async function branchOf(host: Host, path: string): Promise<string | undefined> {
  const { code, stdout } = await host.query(git(path, 'rev-parse', '--abbrev-ref', 'HEAD'), {
    as: SITE_USER,
  });
  return code === 0 ? stdout.trim() : undefined;
}

/** @returns where the checkout came from, `undefined` when there is none. */
export async function originOf(host: Host, path: string): Promise<string | undefined> {
  const { code, stdout } = await host.query(git(path, 'remote', 'get-url', 'origin'), { as: SITE_USER });
  return code === 0 ? stdout.trim() : undefined;
}

/** What a refused or unreachable repository means. @param url shown in the remedy */
export function explainAccess(
  url: string,
  result: ProgramResult,
): { what?: string; remedy: string } | undefined {
  const text = result.stderr;
  if (
    // ssh names the ways it tried in brackets; without them it is a folder of this host. A bare 403 may be a count of objects.
    /Permission denied \(|publickey|Authentication failed|could not read Username|error: 403|403 (Client Error|Forbidden)|Repository not found/i.test(
      text,
    )
  ) {
    return {
      what: `The repository ${url} refuses access.`,
      remedy: [
        'Give this host a deploy key:',
        `  sudo -Hu ${SITE_USER} ssh-keygen -t ed25519 -N '' -f /var/www/.ssh/id_ed25519`,
        '  cat /var/www/.ssh/id_ed25519.pub',
        'Add that public key to the repository as a deploy key (read only is enough), then run again.',
        'Or use an https address that needs no login.',
      ].join('\n'),
    };
  }
  if (/Remote branch .* not found/.test(text)) {
    return {
      remedy:
        'The repository has no such branch: correct the answer repository.branch (git ls-remote --heads shows them).',
    };
  }
  if (
    /Could not resolve|Connection (refused|timed out)|unable to access|Could not read from remote/.test(text)
  ) {
    return {
      what: `The repository ${url} can't be reached.`,
      remedy: 'Check its address and the network of this host, then run again.',
    };
  }
  return undefined;
}

function notACheckout(path: string): ProblemError {
  return new ProblemError({
    what: `${path} holds files and is no git checkout.`,
    remedy: `Look at them; move them away (mv ${path} ${path}.old), then run again: the site is cloned there.`,
  });
}

/** A clone that was cut off, or files that www-data may not read. */
function unreadable(path: string): ProblemError {
  return new ProblemError({
    what: `${path} has a .git folder, and git can't tell which branch is checked out.`,
    remedy: `See what it says: ${asAccount(SITE_USER, `git -C ${quote(path)} status`)}. If it is a clone that was cut off, move it away (mv ${path} ${path}.old), then run again.`,
  });
}
