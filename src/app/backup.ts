import path from 'node:path';
import type { Answers } from '../answers/answers.ts';
import { archiveIn } from '../backup/archive.ts';
import { contentsOf, editedFiles } from '../backup/contents.ts';
import { backupOperations, type Destination } from '../backup/create.ts';
import { SiteDatabase } from '../backup/database.ts';
import type { Manifest } from '../backup/manifest.ts';
import { ARCHIVES, archiveName, FOLDER, parseArchiveName, RECIPIENTS, RESTORED } from '../backup/places.ts';
import { recipientsIn } from '../backup/recipient.ts';
import { snapshotOf } from '../backup/repository.ts';
import { Repository, type Snapshot } from '../backup/restic.ts';
import { type BackupSettings, type RepositorySettings, readSettings } from '../backup/settings.ts';
import { type Source, trialOperations } from '../backup/verify.ts';
import { WorkFolder } from '../backup/work-folder.ts';
import { recordedFile } from '../document/recorded-answers.ts';
import { type Node, nodesOf } from '../engine/graph.ts';
import type { Section } from '../engine/section.ts';
import { minePaths } from '../host/mine.ts';
import { ProblemError } from '../output/problem.ts';
import { databaseInForce } from '../site/settings.ts';
import { namesOnHost } from '../site/vhost.ts';
import { workFolderIn } from './backup-folder.ts';
import { collect } from './collect.ts';
import type { Session } from './session.ts';

/** What stands in the plan and in the run. */
export const BACKUP: Section = {
  id: 'backup',
  title: 'Backup',
  heading: 'no part of the document',
  summary: 'What of the site cannot be made again, encrypted.',
  needs: [],
  questions: [],
  operations: () => [],
};

/** An archive in a folder. */
export interface Archive {
  /** Absolute. */
  readonly archive: string;
  readonly domain: string;
  /** ISO 8601, UTC. */
  readonly made: string;
  /** Bytes. */
  readonly size: number;
  /** When it was last restored as a trial on this server, ISO 8601, UTC. */
  readonly restored?: string;
}

/** A backup in a repository. */
export interface KeptSnapshot extends Snapshot {
  /** When it was last restored as a trial on this server, ISO 8601, UTC. */
  readonly restored?: string;
}

/** What would be done for a backup or a trial, nothing of which has been. */
export interface BackupWork {
  readonly nodes: readonly Node[];
  /** What to know before, each a whole sentence. */
  readonly notices: readonly string[];
}

/** @returns the folder of the last backup, else the product's own */
function archivesFolder({ ledger }: Session): string {
  return ledger.hint(FOLDER) ?? ARCHIVES;
}

/** @returns whether root's list has somebody who can open an archive */
export async function hasRecipients({ host }: Session): Promise<boolean> {
  return recipientsIn(await host.read(RECIPIENTS)).length > 0;
}

/** @returns the archives in a folder, newest first */
export async function archivesIn({ host, ledger }: Session, folder: string): Promise<readonly Archive[]> {
  const restored = restoredOnes(ledger);
  const found: Archive[] = [];
  for (const name of await host.list(folder)) {
    const parsed = parseArchiveName(name);
    const status = parsed === undefined ? undefined : await host.status(path.join(folder, name));
    if (parsed === undefined || status?.type !== 'file') continue;
    const at = restored.get(name);
    const archive = path.join(folder, name);
    found.push({ archive, ...parsed, size: status.size, ...(at === undefined ? {} : { restored: at }) });
  }
  return found.toSorted((a, b) => b.made.localeCompare(a.made));
}

/** @returns the backups in a repository, newest first @throws ProblemError when it could not be asked */
export async function snapshotsIn(
  { host, ledger }: Session,
  repository: Repository,
): Promise<readonly KeptSnapshot[]> {
  const restored = restoredOnes(ledger);
  return (await repository.snapshots(host)).map((each) => {
    const at = restored.get(each.id);
    return at === undefined ? each : { ...each, restored: at };
  });
}

/** @returns by name, when a backup was last restored as a trial */
function restoredOnes(ledger: Session['ledger']): ReadonlyMap<string, string> {
  return new Map(
    (ledger.hint(RESTORED) ?? '').split('\n').map((line) => line.split('\t') as [string, string]),
  );
}

/** Whose backup it is, and when it is made. */
export type About = Pick<Manifest, 'made' | 'domain'>;

/** @returns where a backup goes: the repository that was set up, else the folder */
export async function usualDestination(session: Session): Promise<(about: About) => Destination> {
  const settings = await readSettings(session.host);
  return settings.repository === undefined
    ? archiveTo(usualFolder(session, settings), settings)
    : snapshotTo(settings.repository, settings);
}

/** @returns the folder of archives that are made by themselves, else that of the last one */
export function usualFolder(session: Session, { folder }: BackupSettings): string {
  return folder ?? archivesFolder(session);
}

/**
 * @param folder absolute path; older archives are removed only where they are made by themselves
 * @param recipients that are to be remembered
 */
export function archiveTo(
  folder: string,
  settings: BackupSettings,
  recipients: readonly string[] = [],
): (about: About) => Destination {
  const { keep } = folder === settings.folder ? settings : {};
  return (about) =>
    archiveIn(path.join(folder, archiveName(about)), { recipients, ...(keep === undefined ? {} : { keep }) });
}

export function snapshotTo(
  repository: RepositorySettings,
  settings: BackupSettings,
): (about: About) => Destination {
  const kept = { ...settings, repository };
  return ({ domain }) => snapshotOf(new Repository(repository), kept, domain);
}

/**
 * @param to where the backup goes @param proved whether it is restored beside the site before it is put away
 * @param made ISO 8601: the name of an archive has it, so that a plan that is made again is the same
 * @throws ProblemError when there is no site that could be backed up
 */
export async function backupWork(
  session: Session,
  to: (about: About) => Destination,
  proved = false,
  made = new Date().toISOString(),
): Promise<BackupWork & { readonly destination: Destination }> {
  const { host, ledger, product } = session;
  const names = await namesOnHost(host);
  if (names === undefined) throw noSite();
  const sections = await product.sections();
  const sources = await session.sources(sections);
  const { answers } = await collect(sections, sources);
  const { work, database } = await placesOf(session, answers);
  const contents = await contentsOf(
    host,
    names,
    await editedFiles(host, ledger.writtenPaths(), minePaths(host)),
  );
  const destination = to({ domain: names.domain, made });
  const operations = backupOperations({
    destination,
    proved,
    work,
    database,
    contents,
    about: { made, product: product.version, domain: names.domain },
    answers: recordedFile(sections, answers, sources),
    remembered: ledger.answers(),
  });
  return { nodes: nodesOf(BACKUP, operations), destination, notices: contents.left };
}

/** @param source what is restored beside the site */
export async function trialWork(session: Session, source: Source): Promise<BackupWork> {
  const { answers } = await session.collect(await session.product.sections());
  const operations = trialOperations({ source, ...(await placesOf(session, answers)) });
  return { nodes: nodesOf(BACKUP, operations), notices: [] };
}

export async function placesOf({ host, product }: Session, answers: Answers) {
  const work = new WorkFolder(workFolderIn(product.paths.copies));
  return { work, database: new SiteDatabase(work, await databaseInForce(host), answers) };
}

function noSite(): ProblemError {
  return new ProblemError({
    what: 'There is no site on this server that could be backed up. Nothing was changed.',
    remedy: 'Set it up first: studio-setup',
  });
}
