import type { CommandDefinition } from './command.ts';

export const restoreDefinition: CommandDefinition = {
  name: 'restore',
  define({ root, options, invoke }) {
    root
      .command('restore')
      .description(
        'set the site of an archive up again, on a server without one: as it was, with its data, keys and certificate',
      )
      .argument('<archive>', 'made by backup create')
      .option('--identity <file>', 'the file of the key that opens the archive; asked for when absent')
      .action((archive: string, { identity }: { readonly identity?: string }) =>
        invoke({
          options: options(),
          action: {
            banner: true,
            async onHost({ session, stop }) {
              return (await import('../restore.ts')).restoreCommand(session, archive, identity, stop);
            },
          },
        }),
      );
  },
};
