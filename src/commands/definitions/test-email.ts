import type { CommandDefinition } from './command.ts';

export const testEmailDefinition: CommandDefinition = {
  name: 'test-email',
  define({ root, options, invoke }) {
    root
      .command('test-email')
      .description("send a test e-mail with the site's own settings, and show what the mail server answers")
      .argument('[address]', 'who gets it; asked for when absent')
      .action((address: string | undefined) =>
        invoke({
          options: options(),
          action: {
            banner: false,
            async onHost({ session }) {
              return (await import('../test-email.ts')).testEmailCommand(session, address);
            },
          },
        }),
      );
  },
};
