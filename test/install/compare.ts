import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import { must } from './operator.ts';

/** All that an installation leaves on a host, as sorted lines that can be compared with another host's. */
export interface HostRecord {
  /** Every file, folder and link: mode, owner, and a link's target or a file's hash. */
  readonly files: readonly string[];
  /** settings.py itself, which holds what is drawn again on each host. */
  readonly settings: readonly string[];
  /** Debian packages with their versions and states. */
  readonly packages: readonly string[];
  /** Units that start at boot, that are active now, and that failed. */
  readonly units: readonly string[];
  /** PostgreSQL's roles, and the dump of the site's database. */
  readonly database: readonly string[];
}

/** Everything but what the kernel makes: an installer may leave something anywhere. */
const roots = ['/etc', '/root', '/usr', '/var', '/opt', '/srv', '/home', '/boot'];

const ignored = [
  // Logs say what was done and when; a run that was killed leaves one more.
  '/var/log/.*',
  '/var/lib/studio-setup/runs/.*',
  // What V8 compiled; it depends on what was called.
  '/var/lib/studio-setup/compiled-.*',
  '/var/backups/studio-setup(/.*)?',
  // Can be fetched or made again at any time; what was fetched how often depends on when the kill came.
  '/var/cache/(apt|debconf|ldconfig|man|fontconfig)/.*',
  '/var/lib/apt/.*',
  '/var/www/[.]cache/.*',
  // Copies that dpkg and debconf keep of their files before the last change.
  '/var/lib/dpkg/(.*-old|triggers/.*)',
  // systemd's own: random seed, when timers last ran, and folders named by a number of the boot.
  '/var/lib/systemd/.*',
  '/var/tmp/systemd-private-.*',
  // Copies of all that was written, by their hashes: a killed run may have written an earlier form of a file.
  '/var/lib/studio-setup/written/.*',
  // Compared by what PostgreSQL dumps, as its own files hold transaction numbers and times.
  '/var/lib/postgresql/.*',
];

const opaque = [
  // Random: only this site can say it.
  '/var/lib/letsencrypt/webroot/[.]well-known/acme-challenge/studio-setup-site',
  // Compared line by line, with the two keys masked that follow from the data folder's own random numbers.
  '/var/www/blender-studio/studio/settings[.]py',
  // The product's memory has the times of runs and the hash of settings.py.
  '/var/lib/studio-setup/ledger[.]json',
  // virtualenv lists the files in the order of a Python set, which is another each time.
  '/var/www/(venv|[.]local/share/virtualenv)/.*/(pip|setuptools|wheel)-[^/]*[.]dist-info/RECORD',
  // The order of entries follows the order of installation; `packages` compares what they say.
  '/var/lib/dpkg/status',
];

const SETTINGS = '/var/www/blender-studio/studio/settings.py';

/** Reads all of it from a host on which the site is installed. Changes nothing there. */
export async function recordOf(host: Rehearsal): Promise<HostRecord> {
  const [files, settings, packages, units, database] = await Promise.all([
    host.tree({ roots, ignored, opaque }),
    host.read(SETTINGS).then((text) => text.split('\n').map(withoutSearchKeys)),
    must(host, ['dpkg', '--list', '--no-pager']).then(lines),
    unitsOf(host),
    databaseOf(host),
  ]);
  return { files, settings, packages, units, database };
}

/** Meilisearch makes its keys from the master key and a number that it draws when it makes its data folder. */
function withoutSearchKeys(line: string): string {
  return line.replace(/^(MEILISEARCH_(?:PUBLIC|PRIVATE)_KEY = )'\w{72}'/, "$1'…'");
}

async function unitsOf(host: Rehearsal): Promise<readonly string[]> {
  const plain = ['--no-legend', '--plain', '--no-pager'];
  const files = await must(host, ['systemctl', 'list-unit-files', ...plain, '--state=enabled,masked,linked']);
  const active = await must(host, [
    ...['systemctl', 'list-units', ...plain, '--type=service,timer,socket', '--state=active,failed'],
  ]);
  return [...lines(files), ...lines(active).map((line) => line.split(/\s+/, 4).join(' '))].map((line) =>
    line.trim(),
  );
}

async function databaseOf(host: Rehearsal): Promise<readonly string[]> {
  const postgres = { user: 'postgres' };
  const roles = await must(host, ['pg_dumpall', '--globals-only'], postgres);
  const dump = await must(host, ['pg_dump', '--inserts', 'studio'], postgres);
  return [...normalised(lines(roles)), ...normalised(lines(dump))];
}

/**
 * @param dump of pg_dump with `--inserts`
 * @returns it without what no two installations share: how often and when things were done
 */
export function normalised(dump: readonly string[]): readonly string[] {
  const types = contentTypes(dump);
  return dump
    .filter((line) => !leftOut.test(line))
    .map((line) => withoutSalts(withoutNumbers(line, types)).replace(TIME, '<time>'))
    .sort();
}

const TIME = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?\+\d\d/g;

const leftOut = new RegExp(
  [
    // A sequence is not set back when the transaction that drew from it is cut off.
    String.raw`^SELECT pg_catalog\.setval\(`,
    // Journals of the site itself: one row for each time that a task ran, and again after a kill.
    String.raw`^INSERT INTO public\.(common_commandrun|stats_statistic) `,
    // PostgreSQL's guard against a hostile dump: a word drawn again for each.
    String.raw`^\\(un)?restrict `,
  ].join('|'),
);

/** A row's number is drawn from a sequence, so it may skip some after a kill; references are followed instead. */
function withoutNumbers(line: string, types: ReadonlyMap<string, string>): string {
  return line
    .replace(/^(INSERT INTO public\.auth_permission VALUES \(\d+, '.*?', )(\d+)/, (_, before, type) => {
      return `${before}${types.get(type)}`;
    })
    .replace(/^(INSERT INTO public\.\w+ VALUES \()\d+, /, '$1');
}

function contentTypes(dump: readonly string[]): ReadonlyMap<string, string> {
  const row = /^INSERT INTO public\.django_content_type VALUES \((\d+), '(\w+)', '(\w+)'\)/;
  return new Map(
    dump.flatMap((line): [string, string][] => {
      const [, id = '', app = '', model = ''] = row.exec(line) ?? [];
      return id === '' ? [] : [[id, `${app}.${model}`]];
    }),
  );
}

/** A password's hash has a salt that is drawn again; that the right password is behind it is seen by logging in. */
function withoutSalts(line: string): string {
  return line.replace(/(SCRAM-SHA-256\$\d+:)[^']*/, '$1…').replace(/(pbkdf2_sha256\$\d+\$)[^']*/, '$1…');
}

/** @returns each line that only one of the two has, with whose it is; empty when the hosts are alike. */
export function differences(one: HostRecord, other: HostRecord): readonly string[] {
  return (Object.keys(one) as (keyof HostRecord)[]).flatMap((part) => {
    const [ours, theirs] = [new Set(one[part]), new Set(other[part])];
    return [
      ...one[part].filter((line) => !theirs.has(line)).map((line) => `${part}: only in the first: ${line}`),
      ...other[part].filter((line) => !ours.has(line)).map((line) => `${part}: only in the second: ${line}`),
    ];
  });
}

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}
