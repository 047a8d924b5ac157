import type { Host, ProgramResult, RunOptions } from '../../host/host.ts';
import { ProblemError } from '../../output/problem.ts';
import { git } from '../../site/git.ts';
import {
  CERTBOT_SERVICE,
  CHECKOUT,
  POSTGRESQL_UNIT,
  SITE_UNITS,
  SITE_USER,
  VENV,
  WATCH_TIMER,
} from '../../site/layout.ts';
import { programVersion, unitProgram } from '../../site/meilisearch.ts';
import { askNginx } from '../../site/nginx-program.ts';
import { SERVICES } from '../../site/services.ts';
import { WATCH_SERVICE } from '../../watch/units.ts';

/** One file of a support bundle. */
export interface Part {
  /** Its path in the archive. */
  readonly name: string;
  /** What it holds, for whoever decides whether it may be given away. */
  readonly about: string;
  /** @returns its text @throws what keeps it from being asked: said in the bundle instead */
  text(): Promise<string>;
}

/** How far back journals go, and how many of their lines are taken at most. */
const JOURNAL_DAYS = 7;
const JOURNAL_LINES = 1000;

/** Packages of Debian and Ubuntu that the site works with, or that decide how. */
const PACKAGES = [
  ...['nginx*', 'libnginx*', 'postgresql*', 'uwsgi*', 'certbot', 'python3-certbot*', 'redis*'],
  ...['python3', 'python3.*', 'virtualenv', 'python3-virtualenv', 'git', 'systemd', 'openssl', 'libc6'],
];

const UNITS_SHOWN = [
  ...SITE_UNITS,
  ...[SERVICES.nginx.unit, POSTGRESQL_UNIT, CERTBOT_SERVICE, WATCH_SERVICE, WATCH_TIMER],
];

/** @returns what the server itself tells, apart from plan, doctor and logs of runs */
export function partsOfServer(host: Host, version: string): readonly Part[] {
  return [
    {
      name: 'versions.txt',
      about: 'versions of studio-setup, the system and Meilisearch',
      text: () => versions(host, version),
    },
    {
      name: 'packages.txt',
      about: 'packages of the system that the site works with',
      // 1: a pattern fits no package; the others are listed all the same (dpkg-query(1), "EXIT STATUS").
      text: () => said(host, ['dpkg-query', '--show', ...PACKAGES], { accept: [0, 1] }),
    },
    {
      name: 'python-packages.txt',
      about: "packages of the site's virtualenv",
      text: () =>
        said(host, [`${VENV}/bin/python`, '-m', 'pip', '--disable-pip-version-check', 'list'], {
          as: SITE_USER,
        }),
    },
    {
      name: 'checkout.txt',
      about: 'commit of the site, and names of files that differ from it',
      text: () => checkout(host),
    },
    {
      name: 'units.txt',
      about: 'states and files of the units of the site',
      text: () => units(host),
    },
    ...UNITS_SHOWN.filter((name) => name.endsWith('.service')).map((unit) => journal(host, unit)),
    {
      name: 'nginx.txt',
      about: "nginx's configuration in force (nginx -T), that of other sites on this server too",
      text: () => nginx(host),
    },
  ];
}

async function versions(host: Host, version: string): Promise<string> {
  const program = await unitProgram(host);
  const meilisearch = program === undefined ? undefined : await programVersion(host, program);
  return [
    `studio-setup ${version}`,
    `Meilisearch ${program === undefined ? 'has no unit' : `${meilisearch ?? 'of an unknown version'} (${program})`}`,
    await said(host, ['uname', '--kernel-name', '--kernel-release', '--kernel-version', '--machine']),
    (await host.read('/etc/os-release')) ?? 'There is no /etc/os-release.',
  ].join('\n');
}

/** As www-data, whose checkout it is: hooks and configuration of it are commands. */
async function checkout(host: Host): Promise<string> {
  const asked = (...args: readonly string[]) => said(host, git(CHECKOUT, ...args), { as: SITE_USER });
  return [
    await asked('log', '-1', '--date=iso-strict', '--format=%h %cd%d'),
    await asked('--no-optional-locks', 'status', '--short', '--branch'),
  ].join('\n');
}

async function units(host: Host): Promise<string> {
  // 3: one of them does not run; 4: one is not there (systemctl(1), "Exit status").
  const status = ['systemctl', 'status', '--no-pager', '--full', '--lines=0', '--', ...UNITS_SHOWN];
  return [
    await said(host, ['systemctl', 'list-units', '--failed', '--no-pager', '--plain']),
    await said(host, ['systemctl', 'list-timers', '--all', '--no-pager']),
    await said(host, status, { accept: [0, 1, 2, 3, 4] }),
    await said(host, ['systemctl', 'cat', '--no-pager', '--', ...UNITS_SHOWN], { accept: [0, 1] }),
  ].join('\n\n');
}

function journal(host: Host, unit: string): Part {
  return {
    name: `journals/${unit}.txt`,
    about: `what ${unit} logged in the last ${JOURNAL_DAYS} days, ${JOURNAL_LINES} lines at most`,
    async text() {
      const range = [`--since=-${JOURNAL_DAYS}d`, '--lines', String(JOURNAL_LINES)];
      const argv = ['journalctl', '--unit', unit, ...range, '--output', 'short-iso', '--no-pager', '--quiet'];
      const { code, stdout, stderr } = await host.query(argv, { quiet: true, timeoutMs: 30_000 });
      // Without an entry it ends with 1 in some versions; where it could not look, it says so.
      if (stderr.trim() !== '' || code > 1) throw notSaid('journalctl', { code, stderr });
      return stdout.trim() === '' ? 'No entries.' : stdout;
    },
  };
}

/** @throws ProblemError where nginx would do for www-data what is root's to do, or where it does not run: then it would leave a pid file */
async function nginx(host: Host): Promise<string> {
  if ((await host.status('/run/nginx.pid')) === undefined)
    throw new ProblemError({ what: 'nginx does not run.', remedy: 'Start it: systemctl start nginx' });
  const result = await askNginx(host, '-T', { quiet: true, timeoutMs: 15_000 });
  if (result.code !== 0) throw notSaid('nginx -T', result);
  return result.stdout;
}

/** @returns what a program printed @throws ProblemError for an exit code that is not accepted */
async function said(host: Host, argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const result = await host.query(argv, { quiet: true, timeoutMs: 30_000, ...options });
  if (!(options.accept ?? [0]).includes(result.code)) throw notSaid(argv.slice(0, 2).join(' '), result);
  return [result.stdout, result.stderr]
    .map((text) => text.trimEnd())
    .filter(Boolean)
    .join('\n');
}

function notSaid(command: string, { code, stderr }: Pick<ProgramResult, 'code' | 'stderr'>): ProblemError {
  const [last = ''] = stderr.trim().split('\n').slice(-1);
  return new ProblemError({
    what: `${command} ended with exit code ${code}${last === '' ? '.' : `: ${last}`}`,
    remedy: 'See what it says when you start it yourself.',
  });
}
