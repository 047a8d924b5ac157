import { template } from '../../templates/index.ts';
import type { Operation } from '../engine/operation.ts';
import type { Host, LiveHost } from '../host/host.ts';
import { quote } from '../host/shell.ts';
import { KEY_FOLDERS, REPOSITORY_ACCESS } from '../operations/deploy-key.ts';
import { ProblemError } from '../output/problem.ts';
import { DEFAULT_PORT } from '../site/database.ts';
import { SETTINGS, SITE_USER } from '../site/layout.ts';
import type { SiteDatabase } from './database.ts';
import { inventory } from './inventory.ts';
import { fileDifferences, type Manifest, tableDifferences } from './manifest.ts';
import { DATA_RESTORED, RESTORING } from './places.ts';
import { step } from './step.ts';
import { opening, type Source } from './verify.ts';
import { AS_SITE, LONGEST_MS, type WorkFolder } from './work-folder.ts';

/** Where what an archive holds is known, once it is open. */
export interface Opened {
  manifest?: Manifest;
}

/** @returns what opens the archive, and refuses what could not be restored here, before anything of a site is made */
export function openingOperations(source: Source, work: WorkFolder, opened: Opened): readonly Operation[] {
  return [
    ...source.before,
    opening('restore/open', source, work, async (live, { manifest }) => {
      await refuseOtherSite(live, manifest);
      await refuseOlderServer(live, manifest);
      opened.manifest = manifest;
    }),
  ];
}

/**
 * @returns what lets this server read the repository of the site's code as the old one did, before the code is fetched; a key that
 *   this server has already stays
 */
export function accessOperations(work: WorkFolder, { contents }: Manifest): readonly Operation[] {
  const access = contents.site.filter((file) => REPOSITORY_ACCESS.includes(file));
  if (access.length === 0) return [];
  return [
    ...KEY_FOLDERS,
    step({
      id: 'restore/repository-access',
      title: 'access to the repository',
      summary: `put ${access.join(', ')} at their places`,
      shell: access.map((path) => `cp -a ${quote(work.at(`files${path}`))} ${quote(path)}`),
      irreversible: 'what was put there stays',
      apply: (live) => place(live, work, access, 'access.list', AS_SITE),
    }),
  ];
}

/** @returns what puts the files of an open archive at their places; what differs there is the operator's, and stops it */
export function filesOperations(work: WorkFolder, manifest: Manifest): readonly Operation[] {
  const { root } = manifest.contents;
  const site = manifest.contents.site.filter((file) => !REPOSITORY_ACCESS.includes(file));
  return [
    step({
      id: 'restore/files',
      title: 'settings, keys, certificates and uploads',
      summary: `put ${[...root, ...site].join(', ')} at their places`,
      shell: [...root, ...site].map((path) => `cp -a ${quote(work.at(`files${path}`))} ${quote(path)}`),
      irreversible: 'what was put there stays',
      async apply(live) {
        if (live.hint(RESTORING) !== manifest.made)
          await refuseOtherFiles(live, work, manifest.files, { root, site });
        live.remember(RESTORING, manifest.made);
        await place(live, work, root, 'root.list', []);
        await place(live, work, site, 'site.list', AS_SITE);
      },
    }),
  ];
}

/** @returns what fills the empty database of the site, and proves that each table is as it was */
export function dataOperations(
  work: WorkFolder,
  database: SiteDatabase,
  manifest: Manifest,
): readonly Operation[] {
  return [
    step({
      id: 'restore/database',
      title: 'data of the database',
      summary: `restore the dump into ${database.name}, and compare each table`,
      shell: [
        `pg_restore --no-owner --single-transaction --dbname=${quote(database.name)} ${work.at('database.dump')}`,
      ],
      irreversible: 'the data stays',
      async apply(live) {
        if (live.hint(DATA_RESTORED) === manifest.made) return;
        const before = await database.tables(live, database.name);
        refuseOlder(before.server, manifest);
        // It goes in as one transaction: a kill leaves all of it, or nothing.
        const there = tableDifferences(manifest.database.tables, before.tables).length === 0;
        if (before.tables.length > 0 && !there) throw notEmpty(database.name);
        if (before.tables.length === 0) await database.restore(live, work.at('database.dump'), database.name);
        const { tables } = await database.tables(live, database.name);
        const wrong = tableDifferences(manifest.database.tables, tables);
        if (wrong.length > 0)
          throw new ProblemError({
            what: `The database ${database.name} is not what was backed up.`,
            detail: wrong.slice(0, 20),
            remedy: 'Try another archive, on a server without a site.',
          });
        live.remember(DATA_RESTORED, manifest.made);
      },
    }),
  ];
}

async function place(
  live: LiveHost,
  work: WorkFolder,
  paths: readonly string[],
  list: string,
  as: readonly string[],
): Promise<void> {
  if (paths.length === 0) return;
  await work.put(live, list, paths.map((each) => `${each.slice(1)}\0`).join(''));
  const argv = ['bash', '-c', template('backup/place.sh'), 'bash', work.at('files'), work.at(list), ...as];
  await live.run(argv, { quiet: true, timeoutMs: LONGEST_MS });
}

/** A site that stands is not replaced. That of the same archive is one that an earlier start began. */
async function refuseOtherSite(host: Host, { files, domain, made }: Manifest): Promise<void> {
  if ((await host.status(SETTINGS)) === undefined || host.hint(RESTORING) === made) return;
  const { stdout } = await host.query(['sha256sum', '--zero', '--', SETTINGS], { as: SITE_USER });
  if (files.some(({ path, sha256 }) => path === SETTINGS && stdout.startsWith(sha256))) return;
  throw new ProblemError({
    what: `There is a site on this server already: ${SETTINGS} is not that of the archive. Nothing was changed.`,
    remedy: `Restore ${domain} on a server without a site.`,
  });
}

/** What is in the places already, other than in the archive. */
async function refuseOtherFiles(
  live: LiveHost,
  work: WorkFolder,
  files: Manifest['files'],
  contents: Manifest['contents'],
): Promise<void> {
  const there = async (paths: readonly string[], as: readonly string[]) => {
    const found: string[] = [];
    for (const path of paths) if ((await live.status(path)) !== undefined) found.push(path.slice(1));
    return inventory(live, work, '/', found, as);
  };
  const present = [...(await there(contents.root, [])), ...(await there(contents.site, AS_SITE))];
  const known = present.map((each) => ({ ...each, path: `/${each.path}` }));
  const paths = new Set(known.map(({ path }) => path));
  const wrong = fileDifferences(
    files.filter(({ path }) => paths.has(path)),
    known,
  );
  if (wrong.length === 0) return;
  throw new ProblemError({
    what: 'Files stand where those of the archive belong, and differ. They were left as they are.',
    detail: wrong.slice(0, 20),
    remedy: 'Move them away, or restore on a server without a site. Then start again: it resumes from here.',
  });
}

/** What apt would install is known before; a server that is there answers for itself later. */
async function refuseOlderServer(host: Host, manifest: Manifest): Promise<void> {
  const { stdout } = await host.query(['apt-cache', 'policy', 'postgresql']);
  const major = /^ {2}Candidate: (\d+)/m.exec(stdout)?.[1];
  const { 'database.host': server = 'localhost', 'database.port': port = DEFAULT_PORT } = manifest.answers;
  if (major === undefined || server !== 'localhost' || port !== DEFAULT_PORT) return;
  refuseOlder(Number(major) * 10_000, manifest);
}

function refuseOlder(server: number, { database }: Manifest): void {
  const [here, there] = [server, database.server].map((each) => Math.floor(each / 10_000));
  if (here === undefined || there === undefined || here >= there) return;
  throw new ProblemError({
    what: `The dump is of PostgreSQL ${there}, and this server has ${here}: an older one does not read it. The database was not changed.`,
    remedy: `Take a release of the distribution with PostgreSQL ${there} or later.`,
  });
}

function notEmpty(name: string): ProblemError {
  return new ProblemError({
    what: `The database ${name} has tables already, and not those of the archive. It was not changed.`,
    remedy: 'Restore on a server without a site.',
  });
}
