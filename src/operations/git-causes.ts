import type { ProgramResult } from '../host/host.ts';
import { SITE_USER, WWW } from '../site/layout.ts';

/** What a program's end means, as far as it is known. */
export interface Cause {
  readonly what?: string;
  readonly remedy: string;
  /** What would help: a key of this server that the repository knows. */
  readonly wants?: 'key';
}

type Words = (url: string, match: RegExpExecArray) => Cause;

/**
 * Git's exit code is 128 for every failure, so its causes are told by whole lines, as the sources of git (`http.c`, `remote-curl.c`,
 * `credential.c`, `connect.c`, `clone.c`) and OpenSSH (`sshconnect.c`, `sshconnect2.c`) print them under LC_ALL=C. A line that
 * is not here is an unknown cause: git's own words are shown, and nothing is guessed from one of them.
 */
const CAUSES: readonly (readonly [line: RegExp, words: Words])[] = [
  [/^(?:\S+@)?\S+: Permission denied \([a-z0-9,-]+\)\.$/m, noKey],
  [/^(?:remote: )?ERROR: Repository not found\.$/m, noKey],
  [/^fatal: could not read (?:Username|Password) for '[^']+': /m, noLogin],
  [/^fatal: Authentication failed for '[^']+'$/m, noLogin],
  [/^fatal: unable to access '[^']+': The requested URL returned error: (401|403)\b/m, noLogin],
  [/^fatal: repository '[^']+' not found$/m, notFound],
  [/^fatal: unable to access '[^']+': The requested URL returned error: (\d+)\b/m, serverError],
  [/^Host key verification failed\.$/m, hostKey],
  [/^(?:fatal|warning): Remote branch (?:.+) not found in upstream origin/m, noBranch],
  [/^fatal: could not create (?:work tree dir|leading directories of) '([^']+)': (.+)$/m, notWritable],
  [/^fatal: unable to access '[^']+': (?!The requested URL returned error)(.+)$/m, unreachable],
  [/^ssh: (Could not resolve hostname .+|connect to host .+)$/m, unreachable],
];

/** @returns what git's words mean; `undefined` for a cause that is not known @param url shown in the remedy */
export function explainAccess(url: string, { stderr }: Pick<ProgramResult, 'stderr'>): Cause | undefined {
  for (const [line, words] of CAUSES) {
    const match = line.exec(stderr.replaceAll('\r\n', '\n'));
    if (match !== null) return words(url, match);
  }
  return undefined;
}

function noKey(url: string): Cause {
  return {
    what: `The repository ${url} refuses access.`,
    wants: 'key',
    remedy: [
      'Give this server a deploy key:',
      `  sudo -Hu ${SITE_USER} ssh-keygen -t ed25519 -N '' -f ${WWW}/.ssh/id_ed25519`,
      `  cat ${WWW}/.ssh/id_ed25519.pub`,
      'Add that public key to the repository as a deploy key (read only is enough), then run again.',
      'Or use an https address that needs no login.',
    ].join('\n'),
  };
}

function noLogin(url: string): Cause {
  return {
    what: `The repository ${url} requires a login, or refused the one given.`,
    remedy: `Put a login with read access into ${WWW}/.netrc (owner ${SITE_USER}, mode 600), or use the repository's SSH address with a deploy key. Then run again.`,
  };
}

function notFound(url: string): Cause {
  return {
    what: `The server has no repository ${url}, or shows it only after a login.`,
    remedy: `Correct the address (answer repository.url). For a private repository, put a login into ${WWW}/.netrc (owner ${SITE_USER}, mode 600). Then run again.`,
  };
}

function serverError(url: string, [, status]: RegExpExecArray): Cause {
  return {
    what: `The server of the repository ${url} returned HTTP ${status}.`,
    remedy:
      'The fault is on that server, or on a proxy before it. Ask its operators, or wait, then run again.',
  };
}

function hostKey(url: string): Cause {
  return {
    what: `The server of ${url} presents an SSH host key that differs from the known one.`,
    remedy: `Ask its operators whether the key was changed. If so: sudo -Hu ${SITE_USER} ssh-keygen -R HOST; then run again.`,
  };
}

function noBranch(): Cause {
  return {
    remedy:
      'The repository has no such branch: correct the answer repository.branch (git ls-remote --heads shows them).',
  };
}

function notWritable(_: string, [, path, why]: RegExpExecArray): Cause {
  return {
    what: `git can't write ${path} as ${SITE_USER}: ${why}.`,
    remedy: `Check owners and modes along the path (namei -l ${path}), and free space (df -h). Then run again.`,
  };
}

function unreachable(url: string, [, why]: RegExpExecArray): Cause {
  return {
    what: `The repository ${url} can't be reached: ${why}`,
    remedy: 'Check its address and the network of this server, then run again.',
  };
}
