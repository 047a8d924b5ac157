import { Answers } from '../answers/answers.ts';
import { SCHEDULE, unwantedSchedule, wantedSchedule } from '../app/backup-schedule.ts';
import { EXIT, type ExitCode } from '../app/exit-code.ts';
import type { Session } from '../app/session.ts';
import type { Stop } from '../app/signals.ts';
import { UsageError } from '../app/usage.ts';
import { LAST_BACKUP } from '../backup/places.ts';
import { Repository } from '../backup/restic.ts';
import { readSettings } from '../backup/settings.ts';
import { backupFresh, backupProved } from '../checks/backup.ts';
import { clean } from '../output/clean.ts';
import { writeRecord } from '../output/json.ts';
import { print, styled } from '../output/print.ts';
import { wrap } from '../output/wrap.ts';
import { setUp } from './set-up.ts';

/** @param archive refused: none of these takes one */
export async function backupSetUpCommand(
  session: Session,
  action: 'enable' | 'disable' | 'status',
  archive: string | undefined,
  stop: Stop,
): Promise<ExitCode> {
  if (archive !== undefined)
    throw new UsageError({
      what: `backup ${action} takes no archive. Nothing was changed.`,
      remedy: 'See: studio-setup backup --help',
    });
  if (action === 'status') return backupStatus(session);
  return action === 'enable' ? backupEnable(session, stop) : backupDisable(session, stop);
}

/** Has a backup made each day and one restored each week: asks where they go, shows what changes, makes it, and the first backup. */
async function backupEnable(session: Session, stop: Stop): Promise<ExitCode> {
  return setUp(session, stop, {
    command: 'backup enable',
    section: SCHEDULE,
    ...(await wantedSchedule(session)),
    done: 'A backup was made, and one is made each day from now on. To see how they do: studio-setup backup status',
    nothing: 'Backups are made by themselves already; nothing was changed.',
  });
}

/** Takes the timers away again; the backups stay. */
async function backupDisable(session: Session, stop: Stop): Promise<ExitCode> {
  return setUp(session, stop, {
    command: 'backup disable',
    section: SCHEDULE,
    operations: await unwantedSchedule(session),
    done: 'No backup is made by itself any more. Those that there are stay.',
    nothing: 'No backup is made by itself; nothing was changed.',
  });
}

/** Where backups go, how many stay, and how the last ones went. Looks only. */
async function backupStatus(session: Session): Promise<ExitCode> {
  const { host, options } = session;
  const { repository, folder, keep } = await readSettings(host);
  const checks = await Promise.all(
    [backupFresh, backupProved].map(async (check) => ({
      id: check.id,
      title: check.title,
      ...(await check.run(host, new Answers())),
    })),
  );
  const where = repository === undefined ? folder : new Repository(repository).shown;
  const well = checks.every(({ ok }) => ok);
  if (options.json)
    writeRecord({ type: 'backup-status', ...{ where, keep, last: host.hint(LAST_BACKUP), checks } });
  else {
    if (where !== undefined) print(`Where: ${clean(where)}`);
    if (keep !== undefined)
      print(`Kept: the newest of ${keep.daily} days, ${keep.weekly} weeks and ${keep.monthly} months`);
    for (const { ok, title, said, remedy } of checks) {
      const sign = `${ok ? styled('green', '✓') : styled('red', '✗')} `;
      print(...wrap(clean(`${title}: ${said}`), { first: sign, rest: '  ' }));
      if (remedy !== undefined) print(...wrap(clean(remedy), { first: '  ', rest: '  ' }));
    }
  }
  return well ? EXIT.asWanted : EXIT.pending;
}
