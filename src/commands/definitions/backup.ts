import { Argument } from 'commander';
import type { BackupOptions } from '../backup.ts';
import type { CommandDefinition, OnHost } from './command.ts';

const ACTIONS = ['create', 'list', 'verify', 'enable', 'status', 'disable'] as const;
type BackupAction = (typeof ACTIONS)[number];

export const backupDefinition: CommandDefinition = {
  name: 'backup',
  define({ root, options, invoke }) {
    root
      .command('backup')
      .summary('back up, encrypted, what cannot be made again; prove a backup by restoring it')
      .description(
        'make an encrypted archive, or a snapshot in a repository of restic, of what of the site cannot be made again (create), show the backups that there are (list), or restore one beside the site, compare, and remove that again (verify)',
      )
      .addArgument(
        new Argument(
          '<action>',
          'create, list, verify; enable: have one made each day and one restored each week; status: how they went; disable: take that away',
        ).choices([...ACTIONS]),
      )
      .argument('[archive]', 'for verify: which one, restic:ID in a repository; the newest when absent')
      .option('--to <path>', 'the folder of the archives; that of the last backup when absent')
      .option(
        '--recipient <key...>',
        'public key that can open the archives: age1…, or an SSH public key; remembered, and asked for once',
      )
      .option('--identity <file>', 'for verify: the file of the key that opens the archive')
      .option(
        '--repository <address>',
        'a repository of restic instead of a folder: a path, sftp:…, s3:…, rest:…; remembered, and made where there is none',
      )
      .option('--password-file <file>', 'the file of its password; asked for when absent')
      .option('--environment-file <file>', 'lines NAME=value that its backend needs: AWS_ACCESS_KEY_ID=…')
      .option('--verify', 'for create: restore it beside the site before it is encrypted', false)
      .action((action: BackupAction, archive: string | undefined, own: BackupOptions) =>
        invoke({
          options: options(),
          action: {
            banner: action !== 'list' && action !== 'status',
            onHost: async (given) => start(action, archive, own, given),
          },
        }),
      );
  },
};

async function start(
  action: BackupAction,
  archive: string | undefined,
  own: BackupOptions,
  { session, stop }: OnHost,
) {
  switch (action) {
    case 'enable':
    case 'disable':
    case 'status':
      return (await import('../backup-set-up.ts')).backupSetUpCommand(session, action, archive, stop);
    default:
      return (await import('../backup.ts')).backupCommand(session, { action, archive, ...own }, stop);
  }
}
