import path from 'node:path';
import { accept } from '../answers/values.ts';
import {
  archivesFolder,
  archivesIn,
  BACKUP,
  type BackupWork,
  backupWork,
  hasRecipients,
  trialWork,
} from '../app/backup.ts';
import { clearWorkFolder } from '../app/backup-folder.ts';
import { EXIT, type ExitCode } from '../app/exit-code.ts';
import type { Session } from '../app/session.ts';
import type { Stop } from '../app/signals.ts';
import { isWhole } from '../app/transact.ts';
import { UsageError } from '../app/usage.ts';
import { withLock } from '../app/with-lock.ts';
import { RECIPIENT } from '../backup/recipient.ts';
import { megabytes } from '../backup/room.ts';
import { clean } from '../output/clean.ts';
import { writeRecord } from '../output/json.ts';
import { localTime } from '../output/local-time.ts';
import { print, styled } from '../output/print.ts';
import { wrap } from '../output/wrap.ts';
import { archiveAndIdentity, asked } from './archive-arguments.ts';
import { finishOpen } from './procedure.ts';
import { agreed, carriedOut, shown } from './reviewed.ts';

/** What was typed besides. */
export interface BackupOptions {
  readonly to?: string;
  readonly recipient?: readonly string[];
  readonly identity?: string;
}

interface Typed extends BackupOptions {
  readonly action: 'create' | 'list' | 'verify';
  readonly archive: string | undefined;
}

/** Makes an archive of what of the site can't be made again, lists the archives, or proves one by restoring it beside the site. */
export async function backupCommand(session: Session, typed: Typed, stop: Stop): Promise<ExitCode> {
  const { action, archive, to, recipient = [] } = typed;
  const folder = to === undefined ? archivesFolder(session) : path.resolve(to);
  if (action === 'verify') return verify(session, typed, folder, stop);
  if (archive !== undefined)
    throw new UsageError({
      what: `backup ${action} takes no archive. Nothing was changed.`,
      remedy: 'Name the folder with --to, or see: studio-setup backup --help',
    });
  if (action === 'list') return list(session, folder);
  return create(session, folder, await recipients(session, recipient), stop);
}

async function list(session: Session, folder: string): Promise<ExitCode> {
  const archives = await archivesIn(session, folder);
  if (session.options.json) {
    for (const each of archives) writeRecord({ type: 'backup', ...each });
    return EXIT.asWanted;
  }
  if (archives.length === 0) {
    print(`There is no archive in ${clean(folder)}.`, 'Make one: studio-setup backup create');
    return EXIT.asWanted;
  }
  print('Made          Size      Restored      Archive');
  for (const { archive, made, size, restored } of archives) {
    const trial = restored === undefined ? 'never' : localTime(restored);
    print(
      `${localTime(made).padEnd(12)}  ${`${megabytes(size)} MB`.padEnd(8)}  ${trial.padEnd(12)}  ${clean(archive)}`,
    );
  }
  if (archives[0]?.restored === undefined)
    print('', 'The newest was never restored. Try it: studio-setup backup verify --identity FILE');
  return EXIT.asWanted;
}

async function create(
  session: Session,
  folder: string,
  given: readonly string[],
  stop: Stop,
): Promise<ExitCode> {
  return underLock(session, 'backup create', stop, 'Make the backup now?', () =>
    backupWork(session, folder, given),
  );
}

async function verify(session: Session, typed: Typed, folder: string, stop: Stop): Promise<ExitCode> {
  const newest = typed.archive ?? (await archivesIn(session, folder))[0]?.archive;
  if (newest === undefined)
    throw new UsageError({
      what: `There is no archive in ${folder}. Nothing was changed.`,
      remedy:
        'Name one: studio-setup backup verify ARCHIVE --identity FILE; or make one: studio-setup backup create',
    });
  const { archive, identity } = await archiveAndIdentity(session, newest, typed.identity, 'backup verify');
  return underLock(session, 'backup verify', stop, 'Restore it beside the site, and compare, now?', () =>
    trialWork(session, archive, identity),
  );
}

/** Plan, question, run; the folder with what is in the open goes in any case. */
async function underLock(
  session: Session,
  command: string,
  stop: Stop,
  question: string,
  make: () => Promise<BackupWork>,
): Promise<ExitCode> {
  return withLock(session, command, async () => {
    if (!isWhole(await finishOpen(session, stop))) return EXIT.failed;
    const { nodes, archive, notices } = await make();
    if (!(await shown(session, nodes, BACKUP))) return EXIT.failed;
    for (const notice of notices) session.host.warn(notice);
    if (!(await agreed(session, question))) return EXIT.interrupted;
    const code = await carriedOut(session, nodes, stop, command).finally(() =>
      clearWorkFolder(session.product.paths.copies),
    );
    if (code === EXIT.asWanted) await tell(session, command, archive);
    return code;
  });
}

async function tell(session: Session, command: string, archive: string): Promise<void> {
  const made = (await archivesIn(session, path.dirname(archive))).find((each) => each.archive === archive);
  if (session.options.json) {
    if (made !== undefined) writeRecord({ type: 'backup', ...made });
    return;
  }
  const words =
    command === 'backup verify'
      ? [
          `${archive} was restored beside the site: every table and every file is as it was. What was restored is removed again.`,
        ]
      : [
          `${archive}${made === undefined ? '' : `, ${megabytes(made.size)} MB`}`,
          'Copy it to another computer: on this disk it is lost with the server. Prove it: studio-setup backup verify --identity FILE',
        ];
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
