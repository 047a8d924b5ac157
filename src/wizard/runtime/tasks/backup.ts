import { BACKUP, backupWork, hasRecipients, usualDestination } from '../../../app/backup.ts';
import { clearWorkFolder } from '../../../app/backup-folder.ts';
import type { Session } from '../../../app/session.ts';
import { readSettings } from '../../../backup/settings.ts';
import { plan } from '../../../engine/plan.ts';
import { ProblemError } from '../../../output/problem.ts';
import { problemsOf } from '../../../reporters/plan-view.ts';
import type { TaskOutcome } from '../../state/task.ts';
import { endOf, outcomeOf, type Preview } from '../preview.ts';

/** Makes a backup, as `backup create` does. @throws ProblemError when there is nobody yet who could open it, or no site */
export async function previewBackup(session: Session): Promise<Preview> {
  const { repository } = await readSettings(session.host);
  if (repository === undefined && !(await hasRecipients(session)))
    throw new ProblemError({
      what: 'Backups are encrypted for a key of yours, and this server has none yet. Nothing was changed.',
      remedy:
        'On another computer: apt install age; age-keygen -o studio-backup.txt. The first backup takes the public key that it prints: studio-setup backup create --recipient age1…. A public SSH key (ed25519 or RSA) will do as well.',
    });
  const { nodes, destination, notices } = await backupWork(session, await usualDestination(session));
  const next =
    repository === undefined
      ? 'Copy it to another computer: on this disk it is lost with the server. Prove it: studio-setup backup verify --identity FILE'
      : 'Prove it: studio-setup backup verify';
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
      const result = await view
        .execute('Backup', nodes, { command })
        .finally(() => clearWorkFolder(session.product.paths.copies));
      const end = endOf(result);
      return outcomeOf(result, {
        title: { well: 'The backup is made', stopped: 'Stopped', failed: 'No backup was made' }[end],
        said:
          end === 'well'
            ? [`${destination.shown} has it all, encrypted.`, next]
            : ['The site is as it was, and earlier backups too.'],
      });
    },
  };
}
