import type { LiveHost, ProgramResult } from '../host/host.ts';
import { asAccount } from '../host/shell.ts';
import { ProblemError } from '../output/problem.ts';
import { CHECKOUT, SITE_USER, VENV, WWW } from '../site/layout.ts';
import { NEWER_POETRY, POETRY } from '../site/python.ts';
import { installedVersion } from '../site/virtualenv.ts';
import { GIT_ENVIRONMENT } from './checkout.ts';
import { explainAccess } from './git-causes.ts';
import { explainIndex, inheritGroup } from './in-virtualenv.ts';
import { giveToSite } from './ownership.ts';

/** Where the repository's own configuration of poetry keeps downloads. */
export const CACHE = `${WWW}/.cache/pypoetry`;

export const POETRY_ENVIRONMENT = {
  // As in the site's own update script: a Rust compiler is not wanted on the host.
  CRYPTOGRAPHY_DONT_BUILD_RUST: '1',
  PYTHON_KEYRING_BACKEND: 'keyring.backends.null.Keyring',
};

/** A virtualenv and the checkout whose poetry.lock it follows. Absolute paths. */
export interface Place {
  readonly venv: string;
  readonly checkout: string;
}

/** What the services run. */
export const LIVE: Place = { venv: VENV, checkout: CHECKOUT };

/** Installs the document's poetry, or the newer one where that does not run. */
export async function installPoetry(live: LiveHost, { venv }: Place): Promise<void> {
  // Half of the time would go to byte code of modules that poetry never loads.
  await live.run([`${venv}/bin/pip`, 'install', '--no-input', '--no-compile', `poetry==${POETRY}`], {
    as: SITE_USER,
    yields: true,
    explain: explainIndex,
  });
  // It installs on a Python that is too new for it, and does not run there.
  if (!(await runs(live, venv)))
    await newerPoetry(live, venv, `poetry ${POETRY} does not run with this Python`);
  await inheritGroup(live, venv);
}

/** Where it runs, it keeps the byte code that it needs. */
async function runs(live: LiveHost, venv: string): Promise<boolean> {
  const { code } = await live.query([`${venv}/bin/poetry`, '--version'], {
    as: SITE_USER,
    env: { PYTHONDONTWRITEBYTECODE: '' },
  });
  return code === 0;
}

async function newerPoetry(live: LiveHost, venv: string, why: string): Promise<void> {
  live.say(`${why}. Installing poetry ${NEWER_POETRY} instead, which reads the same lock file.`);
  await live.run([`${venv}/bin/pip`, 'install', '--no-input', `poetry==${NEWER_POETRY}`], {
    as: SITE_USER,
    yields: true,
    explain: explainIndex,
  });
}

/** As a person would type what {@link installLocked} does. @param venv absolute path */
export function pipShell(venv: string): string {
  return `${asAccount(SITE_USER, `${venv}/bin/pip install --no-deps --require-hashes --requirement /dev/stdin`)}  # what poetry export prints, as far as it has digests`;
}

/**
 * Poetry starts a pip for each package, and each start takes its time. So one pip installs all that poetry.lock has a digest of.
 * What that can't is left to poetry, which looks at every package afterwards.
 * @returns whether it did
 */
async function installLocked(live: LiveHost, place: Place): Promise<boolean> {
  const { code, stdout } = await poetry((argv, how) => live.query(argv, { ...how, quiet: true }), place, [
    'export',
    '--dev',
    '--format=requirements.txt',
  ]);
  // Newer versions have the command in a plugin. With several indexes pip would ask every one for every package, even one that does
  // not respond.
  if (code !== 0 || /^--extra-index-url /m.test(stdout)) return false;
  const locked = stdout.replaceAll('\\\n', ' ').match(/^[\w.[\],-]+==[ -~]* --hash=[ -~]*$/gm) ?? [];
  if (locked.length === 0) return false;
  // The project's own index, instead of PyPI. The export leaves out poetry's credentials for it: if it needs any, pip fails and
  // poetry installs.
  const index = stdout.match(/^--index-url [!-~]+$/m) ?? [];
  // pip opens the file by its name, which takes a pipe: what the product gives a program to read is a socket.
  const pip = 'cat | exec "$1" install --no-input --no-deps --require-hashes --requirement /dev/stdin';
  const result = await live.run(['/bin/sh', '-c', pip, 'sh', `${place.venv}/bin/pip`], {
    as: SITE_USER,
    env: POETRY_ENVIRONMENT,
    input: `${[...index, ...locked].join('\n')}\n`,
    yields: true,
    // Also when it was out of time (124), or out of memory and killed (137).
    accept: [0, 1, 2, 124, 137],
    timeoutMs: 45 * 60_000,
  });
  if (result.code !== 0) live.say('pip did not install them all at once: poetry installs them one by one.');
  return result.code === 0;
}

/**
 * `poetry install`.
 * @param options further ones of poetry's
 * @throws ProblemError with what poetry or git said
 */
export async function installDependencies(
  live: LiveHost,
  place: Place,
  options: readonly string[] = [],
): Promise<void> {
  const install = () =>
    poetry((argv, how) => live.run(argv, { ...how, yields: true, explain }), place, [
      'install',
      '--no-interaction',
      ...options,
    ]);
  await giveToSite(live, CACHE);
  // The documented version fails on what it finds downloaded ('Link' object has no attribute 'is_absolute'): after an
  // installation that was cut off, say, or in a virtualenv that was made again.
  await live.run(['rm', '-rf', '--', `${CACHE}/artifacts`], { as: SITE_USER });
  const byPip = await installLocked(live, place);
  try {
    await install();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const outdated = /Unable to find installation candidates/.test(error.problem.detail?.join('\n') ?? '');
    if (outdated && (await installedVersion(live, 'poetry', place.venv)) === POETRY)
      await newerPoetry(live, place.venv, `poetry ${POETRY} finds no packages on this index`);
    else if (byPip && !(await runs(live, place.venv))) {
      // It shares the virtualenv with the site, and a package of the site's may be one that it can't use.
      live.say(
        'poetry does not run with packages that poetry.lock names: it is installed again, and replaces them itself.',
      );
      await installPoetry(live, place);
    } else throw error;
    await install();
  }
  await inheritGroup(live, place.venv);
}

/** The virtualenv is "activated" for poetry by what activation sets. */
export function poetry(
  run: (
    argv: readonly string[],
    options: { as: string; cwd: string; env: Record<string, string>; timeoutMs: number },
  ) => Promise<ProgramResult>,
  { venv, checkout }: Place,
  args: readonly string[],
): Promise<ProgramResult> {
  return run([`${venv}/bin/poetry`, ...args], {
    as: SITE_USER,
    cwd: checkout,
    timeoutMs: 45 * 60_000,
    env: {
      ...GIT_ENVIRONMENT,
      ...POETRY_ENVIRONMENT,
      VIRTUAL_ENV: venv,
      POETRY_CACHE_DIR: CACHE,
      PATH: `${venv}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    },
  });
}

function explain(result: ProgramResult): { what?: string; remedy: string } | undefined {
  const text = `${result.stdout}\n${result.stderr}`;
  const repository = /(?:git clone|clone|fetch)[^\n]*?((?:https?|ssh|git):\/\/\S+|git@\S+)/
    .exec(text)?.[1]
    ?.replace(/['"`,]+$/, '');
  const url = repository ?? 'a private dependency (pyproject.toml names it)';
  const why = explainAccess(url, { stderr: text });
  // Poetry keeps git's own words to itself: what is left is Python's sentence of a command that failed (CalledProcessError).
  if (why !== undefined || /Command '?\[?'?git\b.* returned non-zero exit status \d+/.test(text)) {
    return {
      what: `Can't fetch a private dependency of the site: ${url}.`,
      remedy: why?.remedy ?? withAccess(repository),
    };
  }
  // gcc's own sentence, and setuptools' of a compiler that failed. "Failed building wheel" says of a wheel of any kind.
  if (/\bfatal error: \S+\.h: No such file or directory$|\berror: command '?\S*gcc'? failed\b/m.test(text)) {
    return {
      what: 'A Python package had to be compiled on this server, which failed.',
      remedy:
        'The lines above name the missing header. Install the Debian package that contains it (apt-file search NAME.h), then run again.',
    };
  }
  return explainIndex(result);
}

/** Poetry keeps git's own words to itself. */
function withAccess(url: string | undefined): string {
  return [
    ...(url === undefined
      ? []
      : [`See what the Git server says: sudo -Hu ${SITE_USER} git ls-remote ${url}`]),
    `Then give ${SITE_USER} access: a deploy key for an SSH address, or a login in /var/www/.netrc (mode 600) for an HTTPS address.`,
    "The site's developers know which. Then run again.",
  ].join('\n');
}
