import { Argument } from 'commander';
import type { BackupOptions } from '../backup.ts';
import type { CommandDefinition } from './command.ts';

export const backupDefinition: CommandDefinition = {
  name: 'backup',
  define({ root, options, invoke }) {
    root
      .command('backup')
      .summary('make an encrypted archive of what cannot be made again; prove one by restoring it')
      .description(
        'make an encrypted archive of what of the site cannot be made again (create), show the archives that there are (list), or restore one beside the site, compare, and remove that again (verify)',
      )
      .addArgument(new Argument('<action>', 'what to do').choices(['create', 'list', 'verify']))
      .argument('[archive]', 'for verify: which one; the newest when absent')
      .option('--to <path>', 'the folder of the archives; that of the last backup when absent')
      .option(
        '--recipient <key...>',
        'public key that can open the archives: age1…, or one of SSH; remembered, and asked for once',
      )
      .option('--identity <file>', 'for verify: the file of the key that opens the archive')
      .action((action: 'create' | 'list' | 'verify', archive: string | undefined, own: BackupOptions) =>
        invoke({
          options: options(),
          action: {
            banner: action !== 'list',
            async onHost({ session, stop }) {
              return (await import('../backup.ts')).backupCommand(session, { action, archive, ...own }, stop);
            },
          },
        }),
      );
  },
};
