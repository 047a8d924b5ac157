import { createHash } from 'node:crypto';
import type { Departure } from '../src/engine/operation.ts';
import type { Section } from '../src/engine/section.ts';
import type { Host, LiveHost, ProgramResult } from '../src/host/host.ts';
import { wordsOf } from '../src/host/shell.ts';
import { GIT_ENVIRONMENT } from '../src/operations/checkout.ts';
import { command } from '../src/operations/command.ts';
import {
  explainIndex,
  firstBelow,
  inheritGroup,
  installInVirtualenv,
  notInheriting,
} from '../src/operations/in-virtualenv.ts';
import { ownedBy } from '../src/operations/ownership.ts';
import {
  CACHE,
  installDependencies,
  installPoetry,
  LIVE,
  POETRY_ENVIRONMENT,
  pipShell,
  poetry,
} from '../src/operations/poetry.ts';
import { treesInOrder } from '../src/operations/site-trees.ts';
import { ProblemError } from '../src/output/problem.ts';
import { CHECKOUT, SITE_USER, VENV } from '../src/site/layout.ts';
import {
  BROUGHT,
  isOlder,
  managedPython,
  NEWER_POETRY,
  NEWEST,
  needsManagedPython,
  OLDEST,
  PIP,
  POETRY,
  PYTHONS,
  SETUPTOOLS,
  SYSTEM_PYTHON,
  systemPython,
  UV,
  UV_FOLDER,
  UV_REQUIREMENT,
} from '../src/site/python.ts';
import {
  installedPackages,
  installedVersion,
  lacksPackages,
  virtualenvPython,
} from '../src/site/virtualenv.ts';

const FINGERPRINT = 'dependencies';

/** For an exported script: poetry "activated" in the virtualenv, as {@link poetry} starts it. */
const POETRY_SCRIPT = [
  'poetry_install() {',
  `  (cd ${CHECKOUT} && as_site env VIRTUAL_ENV=${VENV} PATH=${VENV}/bin:"$PATH" POETRY_CACHE_DIR=${CACHE} \\`,
  `    ${wordsOf(POETRY_ENVIRONMENT)} ${wordsOf(GIT_ENVIRONMENT)} \\`,
  `    ${VENV}/bin/poetry install --no-interaction)`,
  '}',
  `as_site rm -rf -- ${CACHE}/artifacts`,
  'if ! poetry_install; then',
  `  ${pipInstall(NEWER_POETRY)}`,
  '  poetry_install',
  'fi',
];

const managed: Departure = {
  id: 'managed-python',
  document: 'virtualenv -p /usr/bin/python3 venv',
  instead: `Where the distribution's Python is too new, the virtualenv uses Python ${NEWEST.join('.')} in ${PYTHONS}, which uv ${UV} installs, with pip ${PIP} and setuptools ${SETUPTOOLS}.`,
  why: `The site (Django 3.2) and poetry ${POETRY} run on Python ${OLDEST.join('.')} to ${NEWEST.join('.')}; Debian 13 and Ubuntu 24.04 only have newer versions.`,
};

const section: Section = {
  id: 'virtualenv',
  title: 'Python dependencies',
  heading: 'Working directory › Setup virtualenv and install Python dependencies',
  summary: `A virtualenv in ${VENV} with every package that the site's poetry.lock names.`,
  needs: ['requirements/virtualenv', 'requirements/python', 'working-directory/www'],
  questions: [],
  operations: () => [
    ownedBy(SITE_USER, SITE_USER, { id: 'virtualenv/owner', path: VENV, inOrder: treesInOrder }),
    command({
      id: 'virtualenv/python',
      title: `Python ${NEWEST.join('.')}, if the distribution's is too new`,
      after: ['requirements/virtualenv'],
      departure: managed,
      shell: MANAGED_PYTHON,
      script: [
        'if ! python_serves; then',
        `  mkdir -p ${BROUGHT}`,
        `  put ${BROUGHT}/uv.txt <<'UV'`,
        ...UV_REQUIREMENT.trimEnd().split('\n'),
        'UV',
        ...MANAGED_PYTHON.map((line) => `  ${line}`),
        `  chmod -R go-w ${PYTHONS}`,
        'fi',
      ],
      irreversible: `${BROUGHT} stays`,
      missing: managedPythonMissing,
      apply: installManagedPython,
    }),
    command({
      id: 'virtualenv/create',
      title: VENV,
      after: ['virtualenv/owner', 'virtualenv/python', 'working-directory/www'],
      covers: ['venv-create'],
      departure: managed,
      shell: [`sudo -Hu ${SITE_USER} virtualenv -p ${SYSTEM_PYTHON} ${VENV}`],
      script: [
        `python=${SYSTEM_PYTHON}`,
        'python_serves || python=$(managed_python)',
        `[ -e ${VENV}/bin/pip ] || as_site virtualenv -p "$python" ${VENV}`,
      ],
      irreversible: 'the virtualenv stays',
      early: virtualenvPython,
      missing: virtualenvMissing,
      async apply(live) {
        if (!(await works(live))) {
          const python = (await needsManagedPython(live)) ? await managedPython(live) : SYSTEM_PYTHON;
          await live.run(['virtualenv', '-p', python ?? SYSTEM_PYTHON, VENV], {
            as: SITE_USER,
            yields: true,
          });
        }
        await inheritGroup(live);
      },
    }),
    command({
      id: 'virtualenv/pip',
      title: `pip ${PIP} and setuptools ${SETUPTOOLS}`,
      departure: managed,
      shell: [`sudo -Hu ${SITE_USER} ${VENV}/bin/pip install pip==${PIP} setuptools==${SETUPTOOLS}`],
      script: [
        `python_serves || as_site ${VENV}/bin/python -m pip install --no-input pip==${PIP} setuptools==${SETUPTOOLS}`,
      ],
      irreversible: 'they stay in the virtualenv',
      async missing(host) {
        if (!(await needsManagedPython(host))) return undefined;
        if (!(await works(host))) return { later: 'needs the virtualenv' };
        return wrongTool(host);
      },
      async apply(live) {
        await installInVirtualenv(live, [`pip==${PIP}`, `setuptools==${SETUPTOOLS}`]);
      },
    }),
    command({
      id: 'virtualenv/poetry',
      title: `poetry ${POETRY}`,
      covers: ['venv-poetry'],
      shell: [`sudo -Hu ${SITE_USER} ${VENV}/bin/pip install poetry==${POETRY}`],
      script: [
        `if [ ! -e ${VENV}/bin/poetry ]; then ${pipInstall(POETRY)}; fi`,
        `as_site ${VENV}/bin/poetry --version || ${pipInstall(NEWER_POETRY)}`,
      ],
      departure: {
        id: 'newer-poetry',
        document: `pip install poetry==${POETRY}`,
        instead: `That version, or poetry ${NEWER_POETRY} if it does not run on this server or finds no packages.`,
        why: 'Poetry before 1.1.14 finds no installation candidates on PyPI since 2022; the newer one reads the same lock file.',
      },
      async missing(host) {
        if (!(await works(host))) return { later: 'needs the virtualenv' };
        return (await installedVersion(host, 'poetry')) === undefined ? 'not installed yet' : undefined;
      },
      apply: (live) => installPoetry(live, LIVE),
    }),
    command({
      id: 'virtualenv/dependencies',
      title: 'poetry install',
      downloads: "the site's Python packages",
      after: ['virtualenv/poetry', 'working-directory/clone', 'requirements/build-tools'],
      covers: ['venv-activate', 'venv-install'],
      departure: [
        {
          id: 'one-pip',
          document: 'poetry install',
          instead: 'One pip first installs everything that poetry.lock has a digest of; then poetry install.',
          why: 'The documented poetry starts a pip for each package, which takes longer.',
        },
        {
          id: 'poetry-as-www-data',
          document: 'poetry install (as root), then chown',
          instead: `Poetry runs as ${SITE_USER}.`,
          why: "Otherwise caches and files of root end up in the site's tree, and the site's own update script runs poetry as www-data.",
        },
      ],
      shell: [
        pipShell(VENV),
        `cd ${CHECKOUT} && sudo -Hu ${SITE_USER} env VIRTUAL_ENV=${VENV} PATH=${VENV}/bin:"$PATH" ${VENV}/bin/poetry install --no-interaction`,
      ],
      script: POETRY_SCRIPT,
      touches: [VENV],
      irreversible: 'installed packages stay in the virtualenv',
      missing: missingDependencies,
      async apply(live) {
        await installDependencies(live, LIVE);
        const now = await fingerprint(live);
        if (now !== undefined) live.remember(FINGERPRINT, now);
      },
    }),
  ],
};
export default section;

/** @returns the bash that installs a version of poetry */
function pipInstall(version: string): string {
  return `as_site ${VENV}/bin/pip install --no-input poetry==${version}`;
}

/** As a person would type it. */
const MANAGED_PYTHON = [
  `virtualenv -p ${SYSTEM_PYTHON} ${UV_FOLDER}`,
  `${UV_FOLDER}/bin/pip install --require-hashes --no-deps --only-binary=:all: --requirement ${BROUGHT}/uv.txt`,
  `${UV_FOLDER}/bin/uv python install ${NEWEST.join('.')} --install-dir ${PYTHONS} --no-bin --no-cache`,
];

async function managedPythonMissing(host: Host): Promise<string | { later: string } | undefined> {
  if ((await systemPython(host)) === undefined) return { later: "needs the distribution's packages" };
  if (!(await needsManagedPython(host))) return undefined;
  if ((await managedPython(host)) !== undefined) {
    const open = await openToOthers(host);
    return open === undefined ? undefined : `${open} is writable by others`;
  }
  return `Python ${NEWEST.join('.')}, installed by uv ${UV}: this server's ${(await systemPython(host))?.join('.')} is too new`;
}

/** A run that was cut off leaves it as uv made it. @returns what others may write of the Python that the product brought */
function openToOthers(host: Host): Promise<string | undefined> {
  return firstBelow(host, PYTHONS, ['!', '-type', 'l', '(', '-perm', '-020', '-o', '-perm', '-002', ')']);
}

/** Root's own in every part: www-data runs this Python, and uWSGI is started from it. */
async function installManagedPython(live: LiveHost): Promise<void> {
  if ((await managedPython(live)) === undefined) await bringPython(live);
  // uv makes its lock writable for everybody.
  await live.run(['chmod', '-R', 'go-w', PYTHONS]);
}

async function bringPython(live: LiveHost): Promise<void> {
  await live.makeFolder(BROUGHT, { mode: 0o755 });
  const requirement = `${BROUGHT}/uv.txt`;
  await live.write(requirement, UV_REQUIREMENT);
  await live.run(['virtualenv', '--quiet', '-p', SYSTEM_PYTHON, UV_FOLDER], { yields: true });
  await live.run(
    [
      ...[`${UV_FOLDER}/bin/python`, '-m', 'pip', 'install', '--no-input', '--quiet'],
      ...['--require-hashes', '--no-deps', '--only-binary=:all:', '--requirement', requirement],
    ],
    { yields: true, explain: explainUv },
  );
  await live.run(
    [
      ...[`${UV_FOLDER}/bin/uv`, 'python', 'install', NEWEST.join('.')],
      ...['--install-dir', PYTHONS, '--no-bin', '--no-cache', '--no-progress'],
    ],
    { yields: true, explain: explainPython },
  );
}

/** pip's and uv's own words for a digest that is another one. */
function explainUv(result: ProgramResult): { what?: string; remedy: string } | undefined {
  if (/THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE/.test(result.stderr)) {
    return {
      what: `The uv ${UV} from the Python package index is not the one that this release of studio-setup pins: its SHA-256 differs. uv was not installed.`,
      remedy:
        'Find out which index pip uses (pip config list), switch to the one at pypi.org, then run again.',
    };
  }
  return explainIndex(result);
}

function explainPython(result: ProgramResult): { what?: string; remedy: string } | undefined {
  if (/Hash mismatch for/.test(result.stderr)) {
    return {
      what: "The downloaded build of Python does not match uv's checksum. It was not installed.",
      remedy: 'Find out which server answered for the address in the lines above, then run again.',
    };
  }
  return {
    what: `uv could not install Python ${NEWEST.join('.')}.`,
    remedy:
      'The lines above say why. uv downloads Python from python-build-standalone; you can set a mirror in /etc/uv/uv.toml (python-install-mirror). Then run again.',
  };
}

async function virtualenvMissing(host: Host): Promise<string | { later: string } | undefined> {
  const version = await virtualenvPython(host);
  if (version === undefined)
    return (await needsManagedPython(host)) && (await managedPython(host)) === undefined
      ? { later: 'needs the Python that the site runs on' }
      : 'not created yet';
  if (!isOlder(version, OLDEST) && !isOlder(NEWEST, version)) {
    const folder = await notInheriting(host);
    return folder === undefined ? undefined : `files created in ${folder} do not inherit its group`;
  }
  throw new ProblemError({
    what: `${VENV} uses Python ${version.join('.')}; the site runs on ${OLDEST.join('.')} to ${NEWEST.join('.')}.`,
    remedy: `Move the virtualenv away (mv ${VENV} ${VENV}.old), then run again: a new one is created.`,
  });
}

/** One pip replaces the other before it comes to setuptools: a run that was cut off has one and not the other. */
async function wrongTool(host: Host): Promise<string | undefined> {
  const pip = await installedVersion(host, 'pip');
  if (pip !== PIP) return `pip is ${pip ?? 'missing'}`;
  const setuptools = await installedVersion(host, 'setuptools');
  if (setuptools === SETUPTOOLS) return undefined;
  // Where the site's lock file names another one, poetry has put that there, and would again.
  const lock = await host.read(`${CHECKOUT}/poetry.lock`, { as: SITE_USER });
  const locked = /^name = "setuptools"$/m.test(lock ?? '');
  return locked && setuptools !== undefined ? undefined : `setuptools is ${setuptools ?? 'missing'}`;
}

async function works(host: Host): Promise<boolean> {
  return (await virtualenvPython(host)) !== undefined;
}

/** What the dependencies were when poetry last said that nothing is missing. */
async function fingerprint(host: Host): Promise<string | undefined> {
  const lock = await host.read(`${CHECKOUT}/poetry.lock`, { as: SITE_USER });
  if (lock === undefined) return undefined;
  return createHash('sha256')
    .update(lock)
    .update((await installedPackages(host)).join('\n'))
    .digest('hex');
}

async function missingDependencies(host: Host): Promise<string | { later: string } | undefined> {
  if ((await host.status(CHECKOUT)) === undefined) return { later: 'needs the checkout' };
  if ((await installedVersion(host, 'poetry')) === undefined) return { later: 'needs poetry' };
  const now = await fingerprint(host);
  if (now === undefined) {
    throw new ProblemError({
      what: `${CHECKOUT} has no poetry.lock.`,
      remedy: 'Choose a branch that has a poetry.lock (answer repository.branch), then run again.',
    });
  }
  if (host.hint(FINGERPRINT) === now) return undefined;
  // On a new host poetry, which takes its time, need not be asked.
  const lacking = await lacksPackages(host);
  if (lacking !== undefined) return lacking;
  const { code, stdout } = await poetry((argv, options) => host.query(argv, options), LIVE, [
    'install',
    '--dry-run',
    '--no-interaction',
  ]);
  // The documented version says the second when it is asked what it would do.
  const nothing =
    /No dependencies to install or update|Package operations: 0 installs, 0 updates, 0 removals/;
  if (code === 0 && nothing.test(stdout)) return undefined;
  const count = /Package operations: (\d+) installs?, (\d+) updates?, (\d+) removals?/.exec(stdout);
  return count === null ? 'not installed yet' : `${count[1]} to install, ${count[2]} to update`;
}
