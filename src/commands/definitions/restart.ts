import { Argument } from 'commander';
import { SERVICE_UNITS } from '../../site/layout.ts';
import type { CommandDefinition } from './command.ts';

export const restartDefinition: CommandDefinition = {
  name: 'restart',
  define({ root, options, invoke }) {
    root
      .command('restart')
      .description('restart services of the site, and prove that they work again; asks first')
      .addArgument(new Argument('<service...>', 'which ones').choices(Object.keys(SERVICE_UNITS)))
      .action((services: string[]) =>
        invoke({
          options: options(),
          action: {
            banner: true,
            async onHost({ session, stop }) {
              return (await import('../restart.ts')).restartCommand(session, services, stop);
            },
          },
        }),
      );
  },
};
