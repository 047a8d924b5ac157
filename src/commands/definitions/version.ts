import type { CommandDefinition } from './command.ts';

export const versionDefinition: CommandDefinition = {
  name: 'version',
  define({ root, options, invoke }) {
    root
      .command('version')
      .description('print the version; with --check, ask whether there is a newer release')
      .option('--check', 'fetch the list of the newest release, check its signature, and compare', false)
      .action(({ check }: { check: boolean }) => {
        const typed = options();
        invoke({
          options: typed,
          action: {
            async anywhere(product) {
              return (await import('../version.ts')).versionCommand(product, typed, check);
            },
          },
        });
      });
  },
};
