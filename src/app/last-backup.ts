import { Repository } from '../backup/restic.ts';
import { readSettings } from '../backup/settings.ts';
import { SNAPSHOT_PREFIX, snapshotIn } from '../backup/source.ts';
import type { Source } from '../backup/verify.ts';
import type { Host } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';
import type { LastBackup, LastBackupWork } from '../procedures/procedure.ts';
import { BACKUP_TIMER, VERIFY_TIMER, WATCH_TIMER } from '../site/layout.ts';
import { namesOnHost } from '../site/vhost.ts';
import {
  archivesIn,
  archiveTo,
  type BackupWork,
  backupWork,
  hasRecipients,
  snapshotTo,
  trialWork,
  usualFolder,
} from './backup.ts';
import type { Session } from './session.ts';

/** What checks the site, and backs it up, by itself. */
export const OWN_TIMERS: readonly string[] = [WATCH_TIMER, BACKUP_TIMER, VERIFY_TIMER];

/**
 * One in a repository is proved as it can be read from there. An archive can't be opened on this server: it is restored before it is
 * encrypted.
 * @param made ISO 8601; now when absent
 * @throws ProblemError when it is not known where backups go
 */
export async function lastBackup(session: Session, made?: string): Promise<LastBackupWork> {
  const settings = await readSettings(session.host);
  if (settings.repository === undefined) {
    if (!(await hasRecipients(session))) throw notSetUp();
    const folder = usualFolder(session, settings);
    return {
      operations: operationsOf(await backupWork(session, archiveTo(folder, settings), true, made)),
      async newest() {
        const [newest] = await archivesIn(session, folder);
        return found(newest && { archive: newest.archive, made: newest.made });
      },
    };
  }
  const repository = new Repository(settings.repository);
  const newest = async (host: Host): Promise<LastBackup> => {
    const domain = (await namesOnHost(host))?.domain;
    const snapshot = (await repository.snapshots(host)).find((each) => each.domain === domain);
    return found(
      snapshot && {
        archive: `${SNAPSHOT_PREFIX}${snapshot.id.slice(0, 8)}`,
        repository: repository.shown,
        made: snapshot.made,
      },
    );
  };
  const last = snapshotIn(repository, 'latest');
  const source: Source = {
    ...last,
    async open(live, work) {
      const { archive } = await newest(live);
      return snapshotIn(repository, archive.slice(SNAPSHOT_PREFIX.length)).open(live, work);
    },
  };
  const backup = operationsOf(
    await backupWork(session, snapshotTo(settings.repository, settings), false, made),
  );
  const known = new Set(backup.map(({ id }) => id));
  const trial = operationsOf(await trialWork(session, source)).filter(({ id }) => !known.has(id));
  return { operations: [...backup, ...trial], newest };
}

function operationsOf({ nodes }: BackupWork) {
  return nodes.map(({ operation }) => operation);
}

function found(backup: LastBackup | undefined): LastBackup {
  if (backup !== undefined) return backup;
  throw new ProblemError({
    what: 'The backup that was just made is not where it was put.',
    remedy: 'See what there is: studio-setup backup list',
  });
}

function notSetUp(): ProblemError {
  return new ProblemError({
    what: 'It is not known where the last backup goes, and who can open it. Nothing was changed.',
    remedy:
      'Make one first, so that the last one is quick: studio-setup backup create --repository ADDRESS --password-file FILE, or studio-setup backup create --recipient age1…',
  });
}
