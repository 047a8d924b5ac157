import {
  archiveTo,
  BACKUP,
  backupWork,
  hasRecipients,
  usualDestination,
  usualFolder,
} from '../../../app/backup.ts';
import type { Session } from '../../../app/session.ts';
import { HOW_TO_VERIFY } from '../../../backup/recipient.ts';
import { readSettings } from '../../../backup/settings.ts';
import { plan } from '../../../engine/plan.ts';
import { problemsOf } from '../../../reporters/plan-view.ts';
import type { TaskOutcome } from '../../state/task.ts';
import { endOf, outcomeOf, type Preview } from '../preview.ts';

/** @returns whether nobody could open a backup yet: the first one asks for whom it is encrypted */
export async function needsRecipient(session: Session): Promise<boolean> {
  const { repository } = await readSettings(session.host);
  return repository === undefined && !(await hasRecipients(session));
}

/** Makes a backup, as `backup create` does. @param recipients that are to be remembered @param made when it was asked for, ISO 8601 @throws ProblemError when there is no site */
export async function previewBackup(
  session: Session,
  recipients: readonly string[],
  made: string,
): Promise<Preview> {
  const settings = await readSettings(session.host);
  const { repository } = settings;
  const { nodes, destination, notices } = await backupWork(
    session,
    recipients.length === 0
      ? await usualDestination(session)
      : archiveTo(usualFolder(session, settings), settings, recipients),
    false,
    made,
  );
  const next =
    repository === undefined
      ? `Copy it to another computer: on this disk it is lost with the server. ${HOW_TO_VERIFY}`
      : 'To test it: studio-setup backup verify';
  const planned = await plan(nodes, session.host);
  return {
    command: 'backup create',
    title: 'Backup',
    sections: [BACKUP],
    planned,
    notices,
    irreversible: [],
    problems: problemsOf(planned),
    mayKeep: false,
    nothing: 'There is nothing to do.',
    async executeRun(view): Promise<TaskOutcome> {
      const command = 'backup create';
      const result = await view.execute('Backup', nodes, { command });
      const end = endOf(result);
      return outcomeOf(result, {
        title: { well: 'The backup is made', stopped: 'Stopped', failed: 'No backup was made' }[end],
        said:
          end === 'well'
            ? [`${destination.shown} holds the complete backup, encrypted.`, next]
            : ['The site is as it was, and earlier backups too.'],
      });
    },
  };
}
