import type { Host } from '../../host/host.ts';
import { clean } from '../../output/clean.ts';
import { count } from '../../output/duration.ts';
import { nameBindingsOf } from '../../python/bindings.ts';
import { SettingsSyntaxError } from '../../python/errors.ts';
import { parseModule } from '../../python/syntax.ts';
import { installedSettings } from '../../site/installed-settings.ts';
import { CHECKOUT, SETTINGS, SETTINGS_EXAMPLE } from '../../site/layout.ts';
import { askGit, named, told } from './repository.ts';
import type { Release, Way } from './state.ts';

/** Commits that the review names; the newest come first. */
const COMMITS = 15;
const LONGEST = 100;
const DEPENDENCIES = 12;

/**
 * What an update, or a rollback, brings: each a whole sentence. All of it was written by whoever can write to the repository,
 * and is cleaned.
 */
export async function whatComes(
  host: Host,
  from: Release,
  to: Release,
  page?: Way['page'],
): Promise<readonly string[]> {
  return [
    ...(await commits(host, from, to)),
    ...(await migrations(host, from, to)),
    ...(await maintenancePage(host, from, to, page)),
    ...(await dependencies(host, from, to)),
    ...(await configuration(host, from, to)),
    ...(await newSettings(host, from, to)),
  ];
}

async function commits(host: Host, from: Release, to: Release): Promise<readonly string[]> {
  const range = [to.commit, '--not', from.commit];
  const list = await told(host, 'log', '--format=%h %an, %as: %s', `--max-count=${COMMITS}`, ...range);
  const shown = list.split('\n').filter(Boolean);
  const all = Number(await told(host, 'rev-list', '--count', ...range));
  const gone = Number(await told(host, 'rev-list', '--count', from.commit, '--not', to.commit));
  const more = all > shown.length ? [`… and ${count(all - shown.length, 'commit')} before these.`] : [];
  return [
    `${from.branch} ${from.commit.slice(0, 12)} → ${to.branch} ${to.commit.slice(0, 12)}: ${count(all, 'new commit')}${gone > 0 ? `, and ${count(gone, 'commit')} of now no longer` : ''}.`,
    ...shown.map((line) => cut(clean(line))),
    ...more,
  ];
}

/** Only the new code can say what the database lacks, and it is not here yet: what comes with it can be told. */
async function migrations(host: Host, from: Release, to: Release): Promise<readonly string[]> {
  const files = await changed(host, from, to, '*/migrations/*.py');
  const names = files.flatMap(
    (file) => /([^/]+)\/migrations\/(\d\w*)\.py$/.exec(file)?.slice(1).join('.') ?? [],
  );
  return names.length === 0
    ? ['No migrations come with it.']
    : [
        `${count(names.length, 'migration')} of the database: ${named(names)}. While they run, pages that use these tables may wait.`,
      ];
}

/** Operations of Django that change what other code uses; which of them do so here, the new code tells once it is beside the site. */
const DISRUPTIVE =
  /\bmigrations\.(RemoveField|DeleteModel|RenameField|RenameModel|AlterField|AlterModelTable|AlterUniqueTogether|AddConstraint)\b/g;

async function maintenancePage(
  host: Host,
  from: Release,
  to: Release,
  page: Way['page'],
): Promise<readonly string[]> {
  if (page === 'stays') return ['The maintenance page is on, and stays on.'];
  if (page === 'always') return [PAGE];
  const found: string[] = [];
  for (const file of await changed(host, from, to, '*/migrations/*.py')) {
    // On the way back it is only in the newer one.
    const [now, before] = await Promise.all(
      [to, from].map(({ commit }) => askGit(host, 'show', `${commit}:${file}`)),
    );
    const source = now?.code === 0 ? now.stdout : (before?.stdout ?? '');
    const operations = new Set([...source.matchAll(DISRUPTIVE)].map(([, operation = '']) => operation));
    const [, app, name] = /([^/]+)\/migrations\/(\d\w*)\.py$/.exec(file) ?? [];
    if (operations.size > 0 && app !== undefined)
      found.push(`${app}.${name} (${[...operations].join(', ')})`);
  }
  if (found.length === 0) return [];
  const what = `What other code uses changes in ${named(found)}.`;
  return [
    page === 'never'
      ? `${what} Pages may fail until the other code serves.`
      : `${what} Where the tables then do not suit the code that serves: ${PAGE.charAt(0).toLowerCase()}${PAGE.slice(1)} (--no-maintenance: never.)`,
  ];
}

const PAGE =
  'Visitors get the maintenance page, HTTP 503 with Retry-After, from before the migrations until the code for them is proved.';

async function dependencies(host: Host, from: Release, to: Release): Promise<readonly string[]> {
  const [before, after] = await Promise.all([locked(host, from), locked(host, to)]);
  if (from.virtualenv === to.virtualenv) return ['The dependencies stay: poetry.lock is the same.'];
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  const lines = names.flatMap((name) => {
    const [old, now] = [before.get(name), after.get(name)];
    if (old === now) return [];
    return [old === undefined ? `${name} ${now} (new)` : `${name} ${old} → ${now ?? 'gone'}`];
  });
  return [
    `poetry.lock is another one: a new virtualenv is made. ${lines.length === 0 ? 'All versions stay.' : `${named(lines, DEPENDENCIES)}.`}`,
  ];
}

/** @returns the versions that a poetry.lock names; an array of tables in every version of its format */
async function locked(host: Host, { commit }: Release): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await askGit(host, 'show', `${commit}:poetry.lock`);
  const packages = stdout.matchAll(/^\[\[package\]\]\r?\nname = "([^"]+)"\r?\nversion = "([^"]+)"/gm);
  return new Map([...packages].map(([, name = '', version = '']) => [clean(name), clean(version)]));
}

async function configuration(host: Host, from: Release, to: Release): Promise<readonly string[]> {
  const files = await changed(host, from, to, 'deploy');
  return files.length === 0
    ? []
    : [
        `Configuration files of the repository change: ${named(files)}. They are not installed by the update, as root would read them: review them afterwards with studio-setup plan, install them with studio-setup run.`,
      ];
}

async function newSettings(host: Host, from: Release, to: Release): Promise<readonly string[]> {
  const [before, after] = await Promise.all([example(host, from), example(host, to)]);
  const installed = (await installedSettings(host))?.source;
  const known = new Set([...before, ...(installed === undefined ? [] : namesIn(installed))]);
  const added = after.filter((name) => !known.has(name));
  return added.length === 0
    ? []
    : [
        `settings.example.py has new settings: ${named(added)}. settings.py stays as it is: where the site needs them, add them to ${SETTINGS} first; the new code is tried with it before the site has it.`,
      ];
}

async function example(host: Host, { commit }: Release): Promise<readonly string[]> {
  const path = SETTINGS_EXAMPLE.slice(CHECKOUT.length + 1);
  const { code, stdout } = await askGit(host, 'show', `${commit}:${path}`);
  return code === 0 ? namesIn(stdout) : [];
}

/** Names that a module of settings assigns; none of one that is no Python. */
function namesIn(source: string): readonly string[] {
  try {
    return [
      ...new Set(
        nameBindingsOf(parseModule(source)).flatMap(({ path: [name = ''] }) =>
          /^[A-Z][A-Z0-9_]*$/.test(name) ? [name] : [],
        ),
      ),
    ];
  } catch (error) {
    if (error instanceof SettingsSyntaxError) return [];
    throw error;
  }
}

async function changed(host: Host, from: Release, to: Release, path: string): Promise<readonly string[]> {
  const files = await told(
    host,
    'diff',
    '--name-only',
    '-z',
    '--no-renames',
    from.commit,
    to.commit,
    '--',
    path,
  );
  return files.split('\0').filter(Boolean);
}

function cut(line: string): string {
  return line.length > LONGEST ? `${line.slice(0, LONGEST)} …` : line;
}
