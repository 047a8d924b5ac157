import { InvalidArgumentError, Option } from 'commander';
import { parseTypedDomain } from '../../configs/domain.ts';
import type { NewDomain } from '../change-domain.ts';
import type { CommandDefinition } from './command.ts';

export const changeDomainDefinition: CommandDefinition = {
  name: 'change-domain',
  define({ root, options, invoke }) {
    root
      .command('change-domain')
      .description('move the live site to another domain; if a step fails, the old one stays')
      .argument('<name>', 'the new domain; its DNS must point to this server', hostName)
      .addOption(
        new Option(
          '--old <what>',
          'what to do with the current names; asked in a terminal, else redirect',
        ).choices(['redirect', 'remove']),
      )
      .option('--extra <name...>', 'further names of the site; none when absent', hostNames)
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

/** One word may hold several, as the answers file has them. */
function hostNames(typed: string, before: readonly string[] = []): readonly string[] {
  const names = typed.split(/[\s,]+/).filter((name) => name !== '');
  return [...before, ...names.map(hostName)];
}

function hostName(typed: string): string {
  const parsed = parseTypedDomain(typed);
  if (parsed.ok) return parsed.domain;
  throw new InvalidArgumentError(`${parsed.reason} Nothing was changed.`);
}
