import type { Trial } from '../answers/question.ts';
import type { Host, ProgramResult } from '../host/host.ts';
import { SITE_USER } from '../site/layout.ts';
import { GIT_ENVIRONMENT } from './checkout.ts';
import { DEPLOY_KEY } from './deploy-key.ts';
import { explainAccess } from './git-causes.ts';

/** Milliseconds after which it is tried again, once a key can have been added. */
const AGAIN_MS = 5000;

/** `user@host:path`, as scp writes it, and `ssh://user@host:port/path`. */
const SCP = /^([\w.-]+@[\w.-]+):(.+)$/;
const SSH = /^ssh:\/\/([^/:@]+@[^/:]+|[^/:@]+)(?::(\d+))?(\/.+)$/;

/** The first line that git-upload-pack says: its length in hexadecimal, and the name of a commit (gitprotocol-pack(5)). */
const ADVERTISED = /^[0-9a-f]{4}(?:[0-9a-f]{40,64} |version )/m;

/**
 * Whether the site's account may read a repository. Where git is not installed yet, as on a bare server, the repository is asked
 * as git would ask it: over ssh for its `git-upload-pack`, over http for `info/refs`.
 * @param url as git takes it
 */
export async function tryRepository(url: string, host: Host): Promise<Trial> {
  const asked = await host.query(['git', 'ls-remote', '--heads', '--', url], {
    as: SITE_USER,
    env: GIT_ENVIRONMENT,
    timeoutMs: 30_000,
  });
  if (asked.code !== 127) return asked.code === 0 ? answers() : refused(url, asked);
  return (await overSsh(url, host)) ?? (await overHttp(url, host)) ?? notTried();
}

async function overSsh(url: string, host: Host): Promise<Trial | undefined> {
  const [, scpHost, scpPath] = SCP.exec(url) ?? [];
  const [, sshHost, port, sshPath] = SSH.exec(url) ?? [];
  const [at, path] = [scpHost ?? sshHost, scpPath ?? sshPath];
  if (at === undefined || path === undefined) return undefined;
  const [program = 'ssh', ...options] = GIT_ENVIRONMENT.GIT_SSH_COMMAND.split(' ');
  const wanted = `git-upload-pack '${path.replaceAll("'", String.raw`'\''`)}'`;
  const asked = await host.query(
    [program, ...options, ...(port === undefined ? [] : ['-p', port]), '--', at, wanted],
    { as: SITE_USER, timeoutMs: 30_000 },
  );
  if (asked.code === 127) return undefined;
  return ADVERTISED.test(asked.stdout) ? answers() : refused(url, asked);
}

async function overHttp(url: string, host: Host): Promise<Trial | undefined> {
  if (!/^https?:\/\//.test(url)) return undefined;
  const { status, error } = await host.request(`${url}/info/refs?service=git-upload-pack`, {
    timeoutMs: 15_000,
  });
  if (status === 200) return answers();
  // In git's own words, so that each cause is told once.
  const stderr =
    status === 404
      ? `fatal: repository '${url}/' not found`
      : `fatal: unable to access '${url}/': ${status === 0 ? error : `The requested URL returned error: ${status}`}`;
  return refused(url, { stderr });
}

function answers(): Trial {
  return { ok: true, message: 'The repository answers.' };
}

function notTried(): Trial {
  return { ok: true, message: 'Not tried: git is installed first.' };
}

function refused(url: string, result: Pick<ProgramResult, 'stderr'>): Trial {
  const why = explainAccess(url, result);
  const message = `${why?.what ?? result.stderr.trim()}\n${why?.remedy ?? ''}`.trim();
  return why?.wants === 'key'
    ? { ok: false, message, offer: DEPLOY_KEY.id, againMs: AGAIN_MS }
    : { ok: false, message };
}
