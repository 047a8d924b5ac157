import type { Operation } from '../../engine/operation.ts';
import type { Host, LiveHost, ProgramResult, RunOptions } from '../../host/host.ts';
import { asAccount } from '../../host/shell.ts';
import { GIT_ENVIRONMENT } from '../../operations/checkout.ts';
import { command } from '../../operations/command.ts';
import { removeFolder } from '../../operations/remove-folder.ts';
import { ProblemError } from '../../output/problem.ts';
import { siteProgram, unitEnvironment, withValues } from '../../site/django.ts';
import { git } from '../../site/git.ts';
import { CHECKOUT, SETTINGS, SITE_USER, STAGE, VENV, WWW } from '../../site/layout.ts';
import type { Release } from './state.ts';

const STAGED_SETTINGS = `${STAGE}${SETTINGS.slice(CHECKOUT.length)}`;

/** The newer of two releases beside the site, with the site's settings: there its code is tried, and migrates. */
export function staged(id: string, { commit }: Release): Operation {
  return command({
    id,
    title: `${commit.slice(0, 12)} beside the site`,
    shell: [
      asAccount(SITE_USER, `git -C ${CHECKOUT} worktree add --detach ${STAGE} ${commit}`),
      asAccount(SITE_USER, `cp ${SETTINGS} ${STAGED_SETTINGS}`),
    ],
    touches: [STAGE],
    async missing(host) {
      // The settings come last.
      if ((await host.status(STAGED_SETTINGS)) === undefined) return STAGE;
      const { code, stdout } = await host.query(git(STAGE, 'rev-parse', 'HEAD'), { as: SITE_USER });
      return code === 0 && stdout.trim() === commit ? undefined : STAGE;
    },
    async apply(live) {
      await unstage(live);
      // It gets the settings with all their secrets, and what the site has of its own stays the account's alone.
      await live.run(['mkdir', '-m', '2700', '--', STAGE], { as: SITE_USER });
      await live.run(git(CHECKOUT, 'worktree', 'add', '--quiet', '--force', '--detach', STAGE, commit), {
        as: SITE_USER,
        env: GIT_ENVIRONMENT,
      });
      await live.run(['cp', '--preserve=mode', '--', SETTINGS, STAGED_SETTINGS], { as: SITE_USER });
    },
  });
}

/** Takes it away again, whatever a kill left of it. */
export async function unstage(live: LiveHost): Promise<void> {
  await removeFolder(live, STAGE);
  await live.run(git(CHECKOUT, 'worktree', 'prune'), { as: SITE_USER });
}

/** @returns the folder of a release's virtualenv: beside the link, or the one folder that a first installation made */
async function virtualenvFolder(host: Host, { virtualenv }: Release): Promise<string> {
  const own = `${WWW}/${virtualenv}`;
  return (await host.status(own)) === undefined ? VENV : own;
}

async function options(host: Host): Promise<RunOptions> {
  return { as: SITE_USER, cwd: STAGE, env: await unitEnvironment(host) };
}

/** @returns what one of the staged code's management commands said, which only reads */
export async function askManage(
  host: Host,
  release: Release,
  ...args: readonly string[]
): Promise<ProgramResult> {
  const python = `${await virtualenvFolder(host, release)}/bin/python`;
  return host.query([python, 'manage.py', ...args], { ...(await options(host)), timeoutMs: 5 * 60_000 });
}

/** Runs one of the staged code's management commands. @throws ProblemError with its last lines */
export async function manageStaged(
  live: LiveHost,
  release: Release,
  ...args: readonly string[]
): Promise<void> {
  const python = `${await virtualenvFolder(live, release)}/bin/python`;
  await live.run([python, 'manage.py', ...args], { ...(await options(live)), timeoutMs: 6 * 60 * 60_000 });
}

/**
 * Asks the staged code, under the site's settings.
 * @param body Python that calls `answer(value)`; `values` is a dict of these
 * @throws ProblemError when it does not answer: with Python's last line
 */
export async function askStaged<Value>(
  host: Host,
  release: Release,
  values: Readonly<Record<string, string>>,
  body: string,
): Promise<Value> {
  const python = `${await virtualenvFolder(host, release)}/bin/python`;
  const { code, stdout, stderr } = await host.query([python, '-'], {
    ...(await options(host)),
    input: siteProgram(withValues(values, body)),
    quiet: true,
  });
  const line = stdout.split('\n').findLast((each) => each.startsWith('@@'));
  if (line !== undefined) return JSON.parse(line.slice(2)) as Value;
  throw new ProblemError({
    what: `The code of ${release.commit.slice(0, 12)} does not start with this site's settings: ${stderr.trim().split('\n').at(-1) || `Python ended with exit code ${code}`}`,
    remedy: `Where it asks for a setting, add it to ${SETTINGS}; then update again. The site runs as before.`,
  });
}

/** Has the staged code do something. @throws ProblemError with Python's last lines */
export async function doStaged(
  live: LiveHost,
  release: Release,
  values: Readonly<Record<string, string>>,
  body: string,
): Promise<void> {
  const python = `${await virtualenvFolder(live, release)}/bin/python`;
  await live.run([python, '-'], {
    ...(await options(live)),
    input: siteProgram(withValues(values, body)),
    timeoutMs: 6 * 60 * 60_000,
  });
}
