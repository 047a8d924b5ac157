import path from 'node:path';
import { LEAVES_NOTHING, type Operation } from '../engine/operation.ts';
import type { LiveHost } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';
import type { SiteDatabase } from './database.ts';
import { inventory } from './inventory.ts';
import {
  type Digested,
  fileDifferences,
  type Manifest,
  parseManifest,
  tableDifferences,
} from './manifest.ts';
import { RESTORED } from './places.ts';
import { enoughRoom } from './room.ts';
import { step } from './step.ts';
import { dropTrialDatabase, makeTrialDatabase } from './trial-database.ts';
import type { WorkFolder } from './work-folder.ts';

/** Where Debian's PostgreSQL keeps its data. */
const POSTGRESQL_DATA = '/var/lib/postgresql';

/** Where a backup is read from. */
export interface Source {
  /** As it is shown. */
  readonly shown: string;
  /** What has to be there first. */
  readonly before: readonly Operation[];
  /** What a person would type to have it in a folder. */
  shell(folder: string): string;
  /**
   * Reads it into the work folder, which is empty, once there is room for it.
   * @returns the name under which it is remembered that it was restored
   */
  open(live: LiveHost, work: WorkFolder): Promise<string>;
}

/** What a trial restores, and where. */
export interface TrialPlan {
  readonly source: Source;
  readonly work: WorkFolder;
  readonly database: SiteDatabase;
}

/** An open backup. */
export interface OpenBackup {
  readonly name: string;
  readonly manifest: Manifest;
}

/** @returns what restores a backup beside the site and compares; the site itself is not touched */
export function trialOperations({ source, work, database }: TrialPlan): readonly Operation[] {
  let open: OpenBackup | undefined;
  return [
    ...source.before,
    opening('backup/open', source, work, async (_, found) => {
      open = found;
    }),
    trial(work, async (live) => {
      if (open === undefined) throw new TypeError('The backup is opened first.');
      await compareDatabase(live, { shown: source.shown, work, database }, open.manifest);
      rememberRestored(live, open.name);
    }),
  ];
}

/**
 * The same of a backup that is in the work folder, and not yet encrypted: whoever makes it can't open it any more.
 * @param shown as it is shown @param name under which it is remembered
 */
export function trialBeforeSaving(
  place: { readonly shown: string; readonly work: WorkFolder; readonly database: SiteDatabase },
  name: string | undefined,
): Operation {
  const { work, shown } = place;
  return trial(work, async (live) => {
    await compareDatabase(live, place, parseManifest(await live.read(work.at('manifest.json')), shown));
    if (name !== undefined) rememberRestored(live, name);
  });
}

function trial(work: WorkFolder, apply: (live: LiveHost) => Promise<void>): Operation {
  return step({
    id: 'backup/trial',
    title: 'restore the database beside the site',
    summary: 'restore the dump into a database of its own, compare each table, and drop it',
    shell: [
      'createdb TRIAL',
      `pg_restore --no-owner --dbname=TRIAL ${work.at('database.dump')}`,
      'dropdb TRIAL',
    ],
    irreversible: LEAVES_NOTHING,
    apply,
  });
}

/** Opens a backup in the work folder. @param use is told what it holds */
export function opening(
  id: string,
  source: Source,
  work: WorkFolder,
  use: (live: LiveHost, found: OpenBackup) => Promise<void>,
): Operation {
  return step({
    id,
    title: 'open the archive',
    summary: `open ${source.shown} in a folder of root's own, and compare its files with the manifest`,
    shell: [source.shell(work.folder)],
    irreversible: LEAVES_NOTHING,
    async apply(live) {
      await work.begin(live);
      const name = await source.open(live, work);
      await use(live, { name, manifest: await compared(live, source.shown, work) });
    },
  });
}

/**
 * Compares each file of the open backup with the manifest.
 * @throws ProblemError for one that is altered, or of a newer format
 */
async function compared(live: LiveHost, shown: string, work: WorkFolder): Promise<Manifest> {
  const manifest = parseManifest(await live.read(work.at('manifest.json')), shown);
  const data =
    (await live.status(POSTGRESQL_DATA)) === undefined ? path.dirname(POSTGRESQL_DATA) : POSTGRESQL_DATA;
  await enoughRoom(live, [{ path: data, bytes: manifest.database.bytes }]);
  const parts = await inventory(
    live,
    work,
    work.folder,
    manifest.parts.map(({ path: name }) => name),
    [],
  );
  const files =
    (await live.status(work.at('files'))) === undefined
      ? []
      : await inventory(live, work, work.at('files'), ['.'], []);
  const found = files.map((each) => ({ ...each, path: `/${each.path}` }));
  refuseDifferences(shown, [
    ...fileDifferences(manifest.parts, parts),
    ...fileDifferences(manifest.files, found),
    ...additions(manifest, found),
  ]);
  return manifest;
}

/** Uploads come while an archive is made; among root's files nothing may stand that root did not put there. */
function additions({ contents, files }: Manifest, found: readonly Digested[]): readonly string[] {
  const known = new Set(files.map(({ path: file }) => file));
  const uploaded = (file: string) => contents.site.some((top) => file.startsWith(`${top}/`));
  return found.flatMap(({ path: file }) =>
    known.has(file) || uploaded(file) ? [] : [`${file} is not in the manifest`],
  );
}

async function compareDatabase(
  live: LiveHost,
  {
    shown,
    work,
    database,
  }: { readonly shown: string; readonly work: WorkFolder; readonly database: SiteDatabase },
  manifest: Manifest,
): Promise<void> {
  try {
    const name = await makeTrialDatabase(live, database, manifest.database.encoding);
    await database.restore(live, work.at('database.dump'), name);
    const { server, tables } = await database.tables(live, name);
    live.say(`${tables.length} tables, PostgreSQL ${Math.floor(server / 10_000)}`);
    refuseDifferences(shown, tableDifferences(manifest.database.tables, tables));
  } finally {
    await dropTrialDatabase(live, database);
  }
}

function refuseDifferences(shown: string, found: readonly string[]): void {
  if (found.length === 0) return;
  throw new ProblemError({
    what: `${shown} does not hold what was backed up.`,
    detail: found.slice(0, 20),
    remedy: 'Keep another archive, and make a new one: studio-setup backup create',
  });
}

/** One a week is two years. */
const MOST_REMEMBERED = 100;

function rememberRestored(live: LiveHost, name: string): void {
  const others = (live.hint(RESTORED) ?? '')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith(`${name}\t`))
    .slice(-MOST_REMEMBERED);
  live.remember(RESTORED, [...others, `${name}\t${new Date().toISOString()}`].join('\n'));
}
