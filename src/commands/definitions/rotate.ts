import { Argument } from 'commander';
import { procedures } from '../../procedures/index.ts';
import type { CommandDefinition } from './command.ts';

/** What `rotate` makes again: each procedure whose name begins so. */
const SECRETS = procedures.flatMap(({ id }) => /^rotate (.+)$/.exec(id)?.[1] ?? []);

export const rotate: CommandDefinition = {
  name: 'rotate',
  define({ root, options, invoke }) {
    root
      .command('rotate')
      .description('replace a secret on the live site; if a step fails, the old one stays')
      .addArgument(new Argument('<secret>', 'which one').choices(SECRETS))
      .action((secret: string) =>
        invoke({
          options: options(),
          action: {
            banner: true,
            async onHost({ session, stop }) {
              const { kindOf, procedureCommand } = await import('../procedure.ts');
              return procedureCommand(session, await kindOf(session, `rotate ${secret}`), {}, stop);
            },
          },
        }),
      );
  },
};
