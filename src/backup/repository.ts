import type { Operation } from '../engine/operation.ts';
import { quote } from '../host/shell.ts';
import { file } from '../operations/file.ts';
import { packages } from '../operations/packages.ts';
import type { Destination } from './create.ts';
import { LAST_BACKUP } from './places.ts';
import type { Repository } from './restic.ts';
import { type BackupSettings, SETTINGS_FILE, settingsText } from './settings.ts';
import { step } from './step.ts';

/** Where Debian's package puts it. */
const PROGRAM = '/usr/bin/restic';

/**
 * A snapshot in a repository, which is made where there is none.
 * @param settings kept for the next backup @param domain of the site
 */
export function snapshotOf(repository: Repository, settings: BackupSettings, domain: string): Destination {
  const { keep } = settings;
  return {
    shown: repository.shown,
    before: repositoryOperations(repository, settings),
    room: () => [],
    save: (work) => [
      step({
        id: 'backup/snapshot',
        title: 'snapshot',
        summary: `a snapshot in ${repository.shown}`,
        kind: 'create',
        shell: [
          `tar --create … | restic backup --stdin --stdin-filename blender-studio.tar --host ${quote(domain)}`,
        ],
        irreversible: 'the snapshot stays; restic forget removes it',
        async apply(live) {
          await repository.save(live, work, domain);
          live.remember(LAST_BACKUP, new Date().toISOString());
        },
      }),
      ...(keep === undefined
        ? []
        : [
            step({
              id: 'backup/retention',
              title: 'older backups',
              summary: `keep those of ${keep.daily} days, ${keep.weekly} weeks and ${keep.monthly} months`,
              shell: [
                `restic forget --keep-daily ${keep.daily} --keep-weekly ${keep.weekly} --keep-monthly ${keep.monthly} --prune`,
              ],
              irreversible: 'what was removed is gone',
              apply: (live) => repository.forget(live, domain, keep),
            }),
          ]),
    ],
  };
}

/** @returns what makes a repository usable: restic, what opens it, and itself where it is not there yet */
export function repositoryOperations(repository: Repository, settings: BackupSettings): readonly Operation[] {
  return [
    packages({ id: 'backup/package', title: 'package: restic', packages: ['restic'] }),
    repositoryThere(repository),
    settingsFile(settings),
  ];
}

/** What the next backup knows: where it goes, and how many stay. */
export function settingsFile(settings: BackupSettings): Operation {
  return file({
    id: 'backup/settings',
    path: SETTINGS_FILE,
    title: 'how backups are made',
    mode: 0o600,
    secret: true,
    shell: [`install -m 600 /dev/null ${SETTINGS_FILE}`, `editor ${SETTINGS_FILE}`],
    content: async () => settingsText(settings),
  });
}

function repositoryThere(repository: Repository): Operation {
  const shell = ['restic init'];
  const summary = `make the repository ${repository.shown}, encrypted`;
  return {
    id: 'backup/repository',
    title: `repository ${repository.shown}`,
    async observe(host) {
      if ((await host.status(PROGRAM)) === undefined)
        return { later: 'after its package', summary: `${summary}, if there is none`, shell };
      if (await repository.exists(host)) return undefined;
      return {
        kind: 'create',
        summary: `${summary}: there is none`,
        shell,
        irreversible: 'the repository stays',
        apply: (live) => repository.make(live),
      };
    },
  };
}
