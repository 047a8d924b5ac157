import path from 'node:path';
import { template } from '../../templates/index.ts';
import type { Operation } from '../engine/operation.ts';
import type { LiveHost, ProgramResult } from '../host/host.ts';
import { quote } from '../host/shell.ts';
import { packages } from '../operations/packages.ts';
import { ProblemError } from '../output/problem.ts';
import { LEAVES_NOTHING, step } from './create.ts';
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
import { dropTrialDatabase, makeTrialDatabase } from './trial-database.ts';
import { LONGEST_MS, type WorkFolder } from './work-folder.ts';

/** Where Debian's PostgreSQL keeps its data. */
const POSTGRESQL_DATA = '/var/lib/postgresql';

/** What a trial restores, and where. */
export interface TrialPlan {
  /** Absolute path. */
  readonly archive: string;
  /** Absolute path of the file with the key that opens it. */
  readonly identity: string;
  readonly work: WorkFolder;
  readonly database: SiteDatabase;
}

/** @returns what restores an archive beside the site and compares; the site itself is not touched */
export function trialOperations({ archive, identity, work, database }: TrialPlan): readonly Operation[] {
  let manifest: Manifest | undefined;
  return [
    packages({ id: 'backup/package', title: 'package: age', packages: ['age'] }),
    opening('backup/open', { archive, identity, work }, async (_, found) => {
      manifest = found;
    }),
    step({
      id: 'backup/trial',
      title: 'restore the database beside the site',
      summary: 'restore the dump into a database of its own, compare each table, and drop it',
      shell: [
        'createdb TRIAL',
        `pg_restore --no-owner --dbname=TRIAL ${work.at('database.dump')}`,
        'dropdb TRIAL',
      ],
      irreversible: LEAVES_NOTHING,
      async apply(live) {
        if (manifest === undefined) throw new TypeError('The archive is opened first.');
        await compareDatabase(live, { archive, work, database }, manifest);
        rememberRestored(live, archive);
      },
    }),
  ];
}

/** Opens an archive in the work folder. @param use is told what it holds */
export function opening(
  id: string,
  { archive, identity, work }: Pick<TrialPlan, 'archive' | 'identity' | 'work'>,
  use: (live: LiveHost, manifest: Manifest) => Promise<void>,
): Operation {
  return step({
    id,
    title: 'open the archive',
    summary: `open ${archive} in a folder of root's own, and compare its files with the manifest`,
    shell: [
      `age --decrypt --identity ${quote(identity)} ${quote(archive)} | tar --extract --directory=${work.folder}`,
    ],
    irreversible: LEAVES_NOTHING,
    async apply(live) {
      await work.begin(live);
      await use(live, await open(live, { archive, identity, work }));
    },
  });
}

/**
 * Opens an archive in the work folder, and compares each file with the manifest.
 * @throws ProblemError for one that is cut, altered, of a newer format, or for another key
 */
async function open(
  live: LiveHost,
  { archive, identity, work }: Pick<TrialPlan, 'archive' | 'identity' | 'work'>,
): Promise<Manifest> {
  const { size = 0 } = (await live.status(archive)) ?? {};
  await enoughRoom(live, [{ path: work.folder, bytes: size }]);
  await live.run(['bash', '-c', template('backup/open.sh'), 'bash', archive, identity, work.folder], {
    quiet: true,
    yields: true,
    timeoutMs: LONGEST_MS,
    explain: (result) => unopened(archive, identity, result),
  });
  const manifest = parseManifest(await live.read(work.at('manifest.json')), archive);
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
  refuseDifferences(archive, [
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
  { archive, work, database }: Pick<TrialPlan, 'archive' | 'work' | 'database'>,
  manifest: Manifest,
): Promise<void> {
  try {
    const name = await makeTrialDatabase(live, database, manifest.database.encoding);
    await database.restore(live, work.at('database.dump'), name);
    const { server, tables } = await database.tables(live, name);
    live.say(`${tables.length} tables, PostgreSQL ${Math.floor(server / 10_000)}`);
    refuseDifferences(archive, tableDifferences(manifest.database.tables, tables));
  } finally {
    await dropTrialDatabase(live, database);
  }
}

function refuseDifferences(archive: string, found: readonly string[]): void {
  if (found.length === 0) return;
  throw new ProblemError({
    what: `${archive} does not hold what was backed up.`,
    detail: found.slice(0, 20),
    remedy: 'Keep another archive, and make a new one: studio-setup backup create',
  });
}

function rememberRestored(live: LiveHost, archive: string): void {
  const name = path.basename(archive);
  const others = (live.hint(RESTORED) ?? '')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith(`${name}\t`));
  live.remember(RESTORED, [...others, `${name}\t${new Date().toISOString()}`].join('\n'));
}

/** Sentences of age 1.0 to 1.2 (age.go, internal/stream/stream.go, cmd/age/parse.go). */
function unopened(
  archive: string,
  identity: string,
  { stderr }: ProgramResult,
): { what?: string; remedy: string } | undefined {
  if (/no identity matched any of the recipients/.test(stderr))
    return {
      what: `The key in ${identity} does not open ${archive}: it was encrypted for another one, or its beginning was altered.`,
      remedy:
        'Give the file of the key whose public key was the recipient (age-keygen -y FILE prints it): --identity FILE',
    };
  if (/failed to read header|parsing age header|unexpected intro/.test(stderr))
    return {
      what: `${archive} is no archive that age can read: it is cut, altered, or something else.`,
      remedy: 'Take another archive: studio-setup backup list',
    };
  if (/failed to decrypt and authenticate payload|unexpected EOF|last chunk|bad header MAC/.test(stderr))
    return {
      what: `${archive} is cut or altered: what is in it is not what was encrypted.`,
      remedy: 'Take another archive: studio-setup backup list',
    };
  if (/passphrase/.test(stderr))
    return {
      what: `The key in ${identity} is protected by a passphrase, and age can't ask for it here.`,
      remedy: `Decrypt it first into a file for root only: (umask 077; age --decrypt --output /run/identity ${quote(identity)}); give that with --identity, and delete it afterwards.`,
    };
  if (/malformed|no secret keys found|unknown identity/.test(stderr))
    return {
      what: `${identity} has no key that age can read.`,
      remedy: 'Give the file that age-keygen wrote, or the private key of SSH: --identity FILE',
    };
  return undefined;
}
