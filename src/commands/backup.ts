import path from 'node:path';
import { accept } from '../answers/values.ts';
import {
  type About,
  archivesIn,
  archiveTo,
  BACKUP,
  type BackupWork,
  backupWork,
  hasRecipients,
  type KeptSnapshot,
  snapshotsIn,
  snapshotTo,
  trialWork,
  usualFolder,
} from '../app/backup.ts';
import { EXIT, type ExitCode } from '../app/exit-code.ts';
import type { Session } from '../app/session.ts';
import type { Stop } from '../app/signals.ts';
import { isWhole } from '../app/transact.ts';
import { UsageError } from '../app/usage.ts';
import { withLock } from '../app/with-lock.ts';
import type { Destination } from '../backup/create.ts';
import { HOW_TO_VERIFY, RECIPIENT } from '../backup/recipient.ts';
import { Repository } from '../backup/restic.ts';
import { megabytes } from '../backup/room.ts';
import { type RepositorySettings, readSettings } from '../backup/settings.ts';
import { SNAPSHOT_PREFIX } from '../backup/source.ts';
import { clean } from '../output/clean.ts';
import { writeRecord } from '../output/json.ts';
import { localTime } from '../output/local-time.ts';
import { print, styled } from '../output/print.ts';
import { wrap } from '../output/wrap.ts';
import { type OpeningOptions, wantedSource } from './archive-arguments.ts';
import { asked } from './asked.ts';
import { finishOpen } from './procedure.ts';
import { wantedRepository } from './repository-arguments.ts';
import { agreed, carriedOut, shown } from './reviewed.ts';

/** What was typed besides. */
export interface BackupOptions extends OpeningOptions {
  readonly to?: string;
  readonly recipient?: readonly string[];
  /** Of create: a trial before it is put away. */
  readonly verify?: boolean;
}

interface Typed extends BackupOptions {
  readonly action: 'create' | 'list' | 'verify';
  readonly archive: string | undefined;
}

/** Makes a backup of what of the site can't be made again, lists the backups, or proves one by restoring it beside the site. */
export async function backupCommand(session: Session, typed: Typed, stop: Stop): Promise<ExitCode> {
  const { action, archive, to, repository: address } = typed;
  if (to !== undefined && address !== undefined)
    throw new UsageError({
      what: 'A backup goes to a folder (--to) or to a repository (--repository), not to both. Nothing was changed.',
      remedy: 'Leave one of them out.',
    });
  const folder = to === undefined ? usualFolder(session, await readSettings(session.host)) : path.resolve(to);
  if (action !== 'verify' && archive !== undefined)
    throw new UsageError({
      what: `backup ${action} takes no archive. Nothing was changed.`,
      remedy: 'Name the folder with --to, or see: studio-setup backup --help',
    });
  const repository =
    to === undefined ? await wantedRepository(session, typed, `backup ${action}`) : undefined;
  if (action === 'verify') return verify(session, typed, folder, repository, stop);
  if (action === 'list') return list(session, folder, repository);
  return create(session, typed, folder, repository, stop);
}

/** A row of what `backup list` shows. */
interface Listed {
  readonly made: string;
  /** Bytes. */
  readonly size?: number;
  readonly restored?: string;
  /** As `backup verify` takes it. */
  readonly name: string;
}

async function list(
  session: Session,
  folder: string,
  settings: RepositorySettings | undefined,
): Promise<ExitCode> {
  const archives = await archivesIn(session, folder);
  const repository = settings === undefined ? undefined : new Repository(settings);
  const snapshots = repository === undefined ? [] : await snapshotsIn(session, repository);
  if (session.options.json) {
    for (const each of snapshots) writeRecord(recordOf(repository, each));
    for (const each of archives) writeRecord({ type: 'backup', ...each });
    return EXIT.asWanted;
  }
  const rows: readonly Listed[] = [
    ...snapshots.map((each) => ({ ...each, name: snapshotName(each.id) })),
    ...archives.map((each) => ({ ...each, name: each.archive })),
  ];
  if (repository !== undefined) print(`Repository: ${clean(repository.shown)}`);
  if (rows.length === 0) {
    const places = [...(repository === undefined ? [] : ['in the repository']), `in ${clean(folder)}`];
    print(`There is no backup ${places.join(', or ')}.`, 'Make one: studio-setup backup create');
    return EXIT.asWanted;
  }
  print('Made          Size      Restored      Archive');
  for (const { name, made, size, restored } of rows) {
    const trial = restored === undefined ? 'never' : localTime(restored);
    const bytes = size === undefined ? '' : `${megabytes(size)} MB`;
    print(`${localTime(made).padEnd(12)}  ${bytes.padEnd(8)}  ${trial.padEnd(12)}  ${clean(name)}`);
  }
  if (rows[0]?.restored === undefined)
    print('', `The newest was never restored. Try it: ${verifying(repository)}`);
  return EXIT.asWanted;
}

function recordOf(repository: Repository | undefined, snapshot: KeptSnapshot) {
  return { type: 'backup', repository: repository?.shown, ...snapshot };
}

function snapshotName(id: string): string {
  return `${SNAPSHOT_PREFIX}${id.slice(0, 8)}`;
}

function verifying(repository: Repository | undefined): string {
  return `studio-setup backup verify${repository === undefined ? ' --identity FILE' : ''}`;
}

async function create(
  session: Session,
  { recipient = [], verify: proved = false }: Typed,
  folder: string,
  settings: RepositorySettings | undefined,
  stop: Stop,
): Promise<ExitCode> {
  if (settings !== undefined && recipient.length > 0)
    throw new UsageError({
      what: 'A recipient is for archives in a folder; a repository is encrypted for its password. Nothing was changed.',
      remedy: 'For an archive, name the folder: studio-setup backup create --to FOLDER --recipient age1…',
    });
  const known = await readSettings(session.host);
  const to: (about: About) => Destination =
    settings === undefined
      ? archiveTo(folder, known, await recipients(session, recipient))
      : snapshotTo(settings, known);
  let destination: Destination | undefined;
  return underLock(session, 'backup create', stop, {
    question: 'Make the backup now?',
    async make() {
      const work = await backupWork(session, to, proved);
      destination = work.destination;
      return work;
    },
    tell: () =>
      settings === undefined
        ? tellArchive(session, destination?.shown ?? '', [
            `Copy it to another computer: on this disk it is lost with the server. ${HOW_TO_VERIFY}`,
          ])
        : tellSnapshot(session, new Repository(settings)),
  });
}

async function verify(
  session: Session,
  typed: Typed,
  folder: string,
  settings: RepositorySettings | undefined,
  stop: Stop,
): Promise<ExitCode> {
  const inRepository = settings !== undefined && typed.identity === undefined;
  const newest =
    typed.archive ??
    (inRepository ? `${SNAPSHOT_PREFIX}latest` : (await archivesIn(session, folder))[0]?.archive);
  if (newest === undefined)
    throw new UsageError({
      what: `There is no archive in ${folder}. Nothing was changed.`,
      remedy:
        'Name one: studio-setup backup verify ARCHIVE --identity FILE; or make one: studio-setup backup create',
    });
  const source = await wantedSource(session, newest, typed, 'backup verify');
  return underLock(session, 'backup verify', stop, {
    question: 'Restore it beside the site, and compare, now?',
    make: () => trialWork(session, source),
    async tell() {
      const whole = `${source.shown} was restored beside the site: every table and every file is as it was. What was restored is removed again.`;
      if (!newest.startsWith(SNAPSHOT_PREFIX)) await tellArchive(session, source.shown, [], whole);
      else if (!session.options.json) say([whole]);
    },
  });
}

/** What is done under the lock. */
interface Locked {
  readonly question: string;
  readonly make: () => Promise<BackupWork>;
  /** Says what came of it, when it went well. */
  readonly tell: () => Promise<void>;
}

/** Plan, question, run; the folder with what is in the open goes in any case. */
async function underLock(
  session: Session,
  command: string,
  stop: Stop,
  { question, make, tell }: Locked,
): Promise<ExitCode> {
  return withLock(session, command, async () => {
    if (!isWhole(await finishOpen(session, stop))) return EXIT.failed;
    const { nodes, notices } = await make();
    if (!(await shown(session, nodes, BACKUP))) return EXIT.failed;
    for (const notice of notices) session.host.warn(notice);
    if (!(await agreed(session, question))) return EXIT.interrupted;
    const code = await carriedOut(session, nodes, stop, command);
    if (code === EXIT.asWanted) await tell();
    return code;
  });
}

async function tellArchive(
  session: Session,
  archive: string,
  further: readonly string[],
  first?: string,
): Promise<void> {
  const made = (await archivesIn(session, path.dirname(archive))).find((each) => each.archive === archive);
  if (session.options.json) {
    if (made !== undefined) writeRecord({ type: 'backup', ...made });
    return;
  }
  say([first ?? `${archive}${made === undefined ? '' : `, ${megabytes(made.size)} MB`}`, ...further]);
}

async function tellSnapshot(session: Session, repository: Repository): Promise<void> {
  const [newest] = await snapshotsIn(session, repository);
  if (newest === undefined) return;
  if (session.options.json) writeRecord(recordOf(repository, newest));
  else
    say([
      `${snapshotName(newest.id)} in ${repository.shown}`,
      `Keep the password of the repository outside of this server: without it the backups are lost with it. To test it: ${verifying(repository)}`,
    ]);
}

function say(words: readonly string[]): void {
  print(
    '',
    ...words.flatMap((line, index) => wrap(index === 0 ? styled('green', clean(line)) : clean(line))),
  );
}

async function recipients(session: Session, typed: readonly string[]): Promise<readonly string[]> {
  for (const each of typed) {
    const accepted = accept(RECIPIENT, each);
    if ('refused' in accepted)
      throw new UsageError({
        what: `${accepted.refused} Nothing was changed.`,
        remedy: 'studio-setup backup create --recipient age1…',
      });
  }
  if (typed.length > 0 || (await hasRecipients(session))) return typed;
  return [
    await asked(session, RECIPIENT, {
      what: 'A backup needs a recipient, the public key that it is encrypted for, and nobody is there to ask. Nothing was changed.',
      remedy:
        'Make a key on a computer of yours (age-keygen -o studio-backup.txt), then: studio-setup backup create --recipient age1…',
    }),
  ];
}
