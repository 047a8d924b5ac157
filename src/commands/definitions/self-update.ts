import type { CommandDefinition } from './command.ts';

export const selfUpdateDefinition: CommandDefinition = {
  name: 'self-update',
  define({ root, options, invoke }) {
    root
      .command('self-update')
      .summary('replace studio-setup itself with its newest release')
      .description(
        'replace studio-setup itself with its newest release, once the signature is checked; not where it came as a package',
      )
      .action(() =>
        invoke({
          options: options(),
          action: {
            banner: true,
            async onHost({ session, stop }) {
              return (await import('../self-update.ts')).selfUpdateCommand(session, stop);
            },
          },
        }),
      );
  },
};
