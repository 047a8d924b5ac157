import { setTimeout as sleep } from 'node:timers/promises';
import type { Operation } from '../engine/operation.ts';
import type { LiveHost } from '../host/host.ts';
import { shellOf } from '../host/shell.ts';
import { command } from '../operations/command.ts';
import { file } from '../operations/file.ts';
import { HARDENED, readAgain, rootsProgram, stoppedUnit, withoutFile } from '../operations/own-units.ts';
import { runningUnit } from '../operations/unit.ts';
import { newerThan } from '../operations/unit-condition.ts';
import { ProblemError } from '../output/problem.ts';
import { BACKUP_TIMER, UNITS, VERIFY_TIMER } from '../site/layout.ts';
import { journalOf, unitState } from '../site/units.ts';
import { folderOperations } from './archive.ts';
import { LAST_BACKUP } from './places.ts';
import { repositoryOperations, settingsFile } from './repository.ts';
import { Repository } from './restic.ts';
import { type BackupSettings, SETTINGS_FILE } from './settings.ts';
import { LONGEST_MS } from './work-folder.ts';

const NAME = 'studio-setup-backup';
export const BACKUP_SERVICE = `${NAME}.service`;
export const VERIFY_SERVICE = `${NAME}-verify.service`;
const SERVICE_FILE = `${UNITS}/${BACKUP_SERVICE}`;

/** Milliseconds in which systemd starts a service that it was told to start. */
const START_MS = 60_000;

const WRITTEN = '# Written by studio-setup backup enable; studio-setup backup disable takes it away.';

/** What is in the backups is the site's: to become www-data and postgres, to set modes with set-gid, to write below /var stay allowed. */
function serviceText(description: string, program: readonly string[], words: readonly string[]): string {
  return `${WRITTEN}
[Unit]
Description=${description}
Documentation=man:studio-setup(8)
Wants=network-online.target
After=network-online.target postgresql.service

[Service]
Type=oneshot
ExecStart=${[...program, 'backup', ...words, '--plain', '--yes'].join(' ')}
TimeoutStartSec=12h
Nice=10
IOSchedulingClass=idle
UMask=0077
${HARDENED}`;
}

/** @param calendar of systemd.time(7); what was missed while the server was off is made up for */
function timerText(description: string, calendar: string): string {
  return `${WRITTEN}
[Unit]
Description=${description}

[Timer]
OnCalendar=${calendar}
RandomizedDelaySec=2h
Persistent=true

[Install]
WantedBy=timers.target
`;
}

/** What makes backups by themselves. */
export interface Schedule {
  /** What the timers start: absolute paths. */
  readonly program: readonly string[];
  readonly settings: BackupSettings;
  /** Of archives in a folder: recipients to be remembered beside those that are. */
  readonly recipients: readonly string[];
}

/** @returns the place of the backups, the units and the timers as wanted state */
export function scheduleOperations({ program, settings, recipients }: Schedule): readonly Operation[] {
  const { repository, folder = '' } = settings;
  const place =
    repository === undefined
      ? [...folderOperations(folder, recipients), settingsFile(settings)]
      : repositoryOperations(new Repository(repository), settings);
  // The key that opens archives is not on this server: then a backup is restored before it is encrypted.
  const verify = repository === undefined ? ['create', '--verify'] : ['verify'];
  const texts: Readonly<Record<string, string>> = {
    [BACKUP_SERVICE]: serviceText('Backup of Blender Studio', program, ['create']),
    [BACKUP_TIMER]: timerText('Backup of Blender Studio, once a day', '*-*-* 02:00:00'),
    [VERIFY_SERVICE]: serviceText('Trial of a backup of Blender Studio', program, verify),
    [VERIFY_TIMER]: timerText('Trial of a backup of Blender Studio, once a week', 'Sun *-*-* 05:00:00'),
  };
  return [
    rootsProgram('backup/program', program),
    ...place,
    ...Object.entries(texts).map(([unit, text]) =>
      file({
        id: `backup/${unit}`,
        path: `${UNITS}/${unit}`,
        shell: [`editor ${UNITS}/${unit}`],
        content: async () => text,
      }),
    ),
    ...[BACKUP_SERVICE, VERIFY_SERVICE].map((service) => readAgain(`backup/read-${service}`, service)),
    ...[BACKUP_TIMER, VERIFY_TIMER].map((timer) =>
      runningUnit({ id: `backup/running-${timer}`, unit: timer, wantedBy: 'timers.target' }),
    ),
  ];
}

/**
 * The first backup, by its service: it shows that one can be made under the service's own rights. The caller does not hold the lock:
 * the service takes it.
 */
export function firstBackup(): Operation {
  const start = ['systemctl', 'start', '--no-block', BACKUP_SERVICE];
  return command({
    id: 'backup/first',
    title: 'a first backup',
    shell: [shellOf(start)],
    irreversible: 'the backup stays',
    async missing(host) {
      if ([SERVICE_FILE, SETTINGS_FILE].some((path) => host.willChange(path)))
        return { later: 'after its units' };
      const last = host.hint(LAST_BACKUP);
      if (last === undefined) return 'none was made yet';
      if ((await unitState(host, BACKUP_SERVICE)).result !== 'success') return 'the last one failed';
      const [newer] = await newerThan(host, [SERVICE_FILE, SETTINGS_FILE], Date.parse(last));
      return newer === undefined ? undefined : `${newer} is newer than the last one`;
    },
    async apply(live) {
      const { lastStart } = await unitState(live, BACKUP_SERVICE);
      await live.run(start);
      if (await wentWell(live, lastStart)) return;
      throw new ProblemError({
        what: 'The first backup failed. The timers are set up, and try again.',
        remedy: 'Its journal above says why. Once that is fixed: studio-setup backup enable',
        command: shellOf(start),
        detail: await journalOf(live, BACKUP_SERVICE, 20),
      });
    },
  });
}

/** Waits for the end of the service. @param before when it was last started, as systemd counts */
async function wentWell(live: LiveHost, before: number): Promise<boolean> {
  const begun = Date.now();
  for (;;) {
    live.forget();
    const { active, lastStart, result } = await unitState(live, BACKUP_SERVICE);
    const started = lastStart !== before;
    if (started && active !== 'activating') return result === 'success';
    const patience = started ? LONGEST_MS : START_MS;
    if (Date.now() - begun > patience) return false;
    await sleep(1000, undefined, { signal: live.signal });
  }
}

/** @param settings as they are set up @returns what takes the timers away again; a repository stays known, backups stay where they are */
export function unscheduleOperations({ repository }: BackupSettings): readonly Operation[] {
  const units = [BACKUP_TIMER, VERIFY_TIMER, BACKUP_SERVICE, VERIFY_SERVICE];
  return [
    stoppedUnit('backup/stopped', BACKUP_TIMER),
    stoppedUnit('backup/verify-stopped', VERIFY_TIMER),
    ...units.map((unit) => withoutFile(`backup/gone-${unit}`, `${UNITS}/${unit}`)),
    repository === undefined ? withoutFile('backup/settings', SETTINGS_FILE) : settingsFile({ repository }),
  ];
}
