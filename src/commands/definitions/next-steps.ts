import type { CommandDefinition } from './command.ts';

export const nextSteps: CommandDefinition = {
  name: 'next-steps',
  define({ root, options, invoke }) {
    root
      .command('next-steps')
      .description('list what is left to do elsewhere: webhooks, DNS, a firewall')
      .option('--secrets', 'show the secrets that have to be entered there', false)
      .action(({ secrets }: { secrets: boolean }) =>
        invoke({
          options: options(),
          action: {
            banner: false,
            async onHost({ session }) {
              return (await import('../next-steps.ts')).nextStepsCommand(session, secrets);
            },
          },
        }),
      );
  },
};
