import { Argument } from 'commander';
import { EXIT } from '../../app/exit-code.ts';
import { print } from '../../output/print.ts';
import type { CommandDefinition } from './command.ts';

export const completion: CommandDefinition = {
  name: 'completion',
  define({ root, options, invoke }) {
    root
      .command('completion')
      .description('print the completions for a shell')
      .addArgument(new Argument('<shell>', 'which one').choices(['bash', 'zsh', 'fish']))
      .action((shell: 'bash' | 'zsh' | 'fish') =>
        invoke({
          options: options(),
          action: {
            async anywhere() {
              const { template } = await import('../../../templates/index.ts');
              process.stdout.write(template(`completion/studio-setup.${shell}`));
              return EXIT.asWanted;
            },
          },
        }),
      );
  },
};

/** Called by these completions at each press of the key: what can come next, one a line, a tab before what it is. */
export const complete: CommandDefinition = {
  name: 'complete',
  hidden: true,
  define({ root, options, invoke }) {
    root
      .command('complete', { hidden: true })
      .argument('[word...]')
      .action((words: string[]) =>
        invoke({
          options: options(),
          action: {
            async anywhere(product) {
              const { candidatesOf } = await import('../candidates.ts');
              const { known, files } = await candidatesOf(root, words, product);
              const lines = [
                ...known.map(({ value, about }) => `${value}\t${about}`),
                ...(files ? [':files'] : []),
              ];
              if (lines.length > 0) print(...lines);
              return EXIT.asWanted;
            },
          },
        }),
      );
  },
};
