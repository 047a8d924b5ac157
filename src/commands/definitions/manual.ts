import { EXIT } from '../../app/exit-code.ts';
import type { CommandDefinition } from './command.ts';

export const manual: CommandDefinition = {
  name: 'manual',
  define({ root, options, invoke }) {
    root
      .command('manual')
      .description('print the manual page, for man(1)')
      .action(() =>
        invoke({
          options: options(),
          action: {
            async anywhere(product) {
              const { manualPage } = await import('../manual.ts');
              process.stdout.write(manualPage(root, await product.sections()));
              return EXIT.asWanted;
            },
          },
        }),
      );
  },
};
