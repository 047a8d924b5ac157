import type { CommandDefinition } from './command.ts';

export const followDefinition: CommandDefinition = {
  name: 'follow',
  define({ root, options, invoke }) {
    root
      .command('follow')
      .description('show what another studio-setup does on this server, as it does it; changes nothing')
      .action(() =>
        invoke({
          options: options(),
          action: {
            banner: false,
            async onHost({ session }) {
              return (await import('../follow.ts')).followCommand(session);
            },
          },
        }),
      );
  },
};
