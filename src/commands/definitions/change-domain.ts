import { Option } from 'commander';
import type { NewDomain } from '../change-domain.ts';
import type { CommandDefinition } from './command.ts';

export const changeDomainDefinition: CommandDefinition = {
  name: 'change-domain',
  define({ root, options, invoke }) {
    root
      .command('change-domain')
      .description('give the live site another domain; when a step fails, the old one works again')
      .argument('<name>', 'the new domain; its DNS must point to this server')
      .addOption(
        new Option(
          '--old <what>',
          'what becomes of the current names: they redirect to the new one, or go (asked on a terminal, else: redirect)',
        ).choices(['redirect', 'remove']),
      )
      .option('--extra <name...>', 'further names of the site from now on; else none')
      .action((name: string, own: Omit<NewDomain, 'name'>) =>
        invoke({
          options: options(),
          action: {
            banner: true,
            async onHost({ session, stop }) {
              const { changeDomainCommand } = await import('../change-domain.ts');
              return changeDomainCommand(session, { name, ...own }, stop);
            },
          },
        }),
      );
  },
};
