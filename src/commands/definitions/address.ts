import type { CommandDefinition } from './command.ts';

export const addressDefinition: CommandDefinition = {
  name: 'address',
  define({ root, options, invoke }) {
    root
      .command('address')
      .description('show where the site and its /admin/ are reached')
      .action(() =>
        invoke({
          options: options(),
          action: {
            banner: false,
            async onHost({ session }) {
              return (await import('../address.ts')).addressCommand(session);
            },
          },
        }),
      );
  },
};
