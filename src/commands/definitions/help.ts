import { Argument } from 'commander';
import { EXIT } from '../../app/exit-code.ts';
import type { CommandDefinition } from './command.ts';

/** To be defined last: it knows the commands before it. */
export const help: CommandDefinition = {
  name: 'help',
  define({ root, options, invoke }) {
    const others = root.createHelp().visibleCommands(root);
    root
      .command('help')
      .description('print the help of a command')
      .addArgument(new Argument('[command]', 'which one').choices(others.map((command) => command.name())))
      .action((name: string | undefined) =>
        invoke({
          options: options(),
          action: {
            async anywhere() {
              (others.find((command) => command.name() === name) ?? root).outputHelp();
              return EXIT.asWanted;
            },
          },
        }),
      );
  },
};
