import type { OpeningOptions } from '../archive-arguments.ts';
import type { CommandDefinition } from './command.ts';

export const restoreDefinition: CommandDefinition = {
  name: 'restore',
  define({ root, options, invoke }) {
    root
      .command('restore')
      .description(
        'set the site of a backup up again, on a server without one: as it was, with its data, keys and certificate',
      )
      .argument('<archive>', 'made by backup create; restic:latest or restic:ID for one in a repository')
      .option('--identity <file>', 'the file of the key that opens the archive; asked for when absent')
      .option('--repository <address>', 'the repository of restic that has the backup')
      .option('--password-file <file>', 'the file of its password; asked for when absent')
      .option('--environment-file <file>', 'lines NAME=value that its backend needs: AWS_ACCESS_KEY_ID=…')
      .action((archive: string, own: OpeningOptions) =>
        invoke({
          options: options(),
          action: {
            banner: true,
            async onHost({ session, stop }) {
              return (await import('../restore.ts')).restoreCommand(session, archive, own, stop);
            },
          },
        }),
      );
  },
};
