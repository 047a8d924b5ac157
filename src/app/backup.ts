import path from 'node:path';
import type { Answers } from '../answers/answers.ts';
import { contentsOf, editedFiles } from '../backup/contents.ts';
import { backupOperations } from '../backup/create.ts';
import { SiteDatabase } from '../backup/database.ts';
import { ARCHIVES, archiveName, FOLDER, parseArchiveName, RECIPIENTS, RESTORED } from '../backup/places.ts';
import { trialOperations } from '../backup/verify.ts';
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
  summary: 'What of the site cannot be made again, in one encrypted archive.',
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

/** What would be done for a backup or a trial, nothing of which has been. */
export interface BackupWork {
  readonly nodes: readonly Node[];
  /** Absolute. */
  readonly archive: string;
  /** What to know before, each a whole sentence. */
  readonly notices: readonly string[];
}

/** @returns the folder of the last backup, else the product's own */
export function archivesFolder({ ledger }: Session): string {
  return ledger.hint(FOLDER) ?? ARCHIVES;
}

/** @returns whether root's list has somebody who can open an archive */
export async function hasRecipients({ host }: Session): Promise<boolean> {
  const lines = ((await host.read(RECIPIENTS)) ?? '').split('\n');
  return lines.some((line) => line.trim() !== '' && !line.trim().startsWith('#'));
}

/** @returns the archives in a folder, newest first */
export async function archivesIn({ host, ledger }: Session, folder: string): Promise<readonly Archive[]> {
  const restored = new Map(
    (ledger.hint(RESTORED) ?? '').split('\n').map((line) => line.split('\t') as [string, string]),
  );
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

/**
 * @param folder where the archive goes, absolute @param recipients that are to be remembered
 * @throws ProblemError when there is no site that could be backed up
 */
export async function backupWork(
  session: Session,
  folder: string,
  recipients: readonly string[],
): Promise<BackupWork> {
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
  const made = new Date().toISOString();
  const archive = path.join(folder, archiveName({ domain: names.domain, made }));
  const operations = backupOperations({
    archive,
    recipients,
    work,
    database,
    contents,
    about: { made, product: product.version, domain: names.domain },
    answers: recordedFile(sections, answers, sources),
    remembered: ledger.answers(),
  });
  return { nodes: nodesOf(BACKUP, operations), archive, notices: contents.left };
}

/** @param archive absolute path @param identity absolute path of the file with the key that opens it */
export async function trialWork(session: Session, archive: string, identity: string): Promise<BackupWork> {
  const { answers } = await session.collect(await session.product.sections());
  const operations = trialOperations({ archive, identity, ...(await placesOf(session, answers)) });
  return { nodes: nodesOf(BACKUP, operations), archive, notices: [] };
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
