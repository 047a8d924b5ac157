import type { CommandDefinition } from './command.ts';

export const departures: CommandDefinition = {
  name: 'departures',
  define({ root, options, invoke }) {
    root
      .command('departures')
      .description('list where studio-setup departs from the document, and why')
      .option('--markdown', 'as a page', false)
      .action(({ markdown }: { markdown: boolean }) => {
        const typed = options();
        invoke({
          options: typed,
          action: {
            async anywhere(product) {
              return (await import('../departures.ts')).departuresCommand(product, typed, markdown);
            },
          },
        });
      });
  },
};
