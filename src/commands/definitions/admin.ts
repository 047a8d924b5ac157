import type { AdminOptions } from '../admin.ts';
import type { CommandDefinition } from './command.ts';

export const adminDefinition: CommandDefinition = {
  name: 'admin',
  define({ root, options, invoke }) {
    root
      .command('admin')
      .description('add an administrator of the site, or give one a new password')
      .argument('[name]', 'login name; asked for when absent')
      .option('--email <address>', 'where password resets go')
      .option('--generate', 'generate the password, and show it once', false)
      .action((name: string | undefined, own: AdminOptions) =>
        invoke({
          options: options(),
          action: {
            banner: true,
            async onHost({ session, stop }) {
              return (await import('../admin.ts')).adminCommand(session, name, own, stop);
            },
          },
        }),
      );
  },
};
