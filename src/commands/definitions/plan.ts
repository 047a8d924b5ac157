import type { CommandDefinition } from './command.ts';

export const planDefinition: CommandDefinition = {
  name: 'plan',
  define({ root, options, invoke }) {
    root
      .command('plan')
      .description('show what a run would change; changes nothing')
      .argument('[section...]', 'ids of sections; all when absent')
      .option('--diff', 'with the differences of files (the default in a terminal)')
      .option('--no-diff', 'without them')
      .action((named: string[], own: { diff?: boolean }) =>
        invoke({
          options: options(named),
          action: {
            banner: false,
            awaits: 'Checking this server',
            async onHost({ session }) {
              const diff = own.diff ?? process.stdout.isTTY === true;
              return (await import('../plan.ts')).planCommand(session, session.options.section, diff);
            },
          },
        }),
      );
  },
};
