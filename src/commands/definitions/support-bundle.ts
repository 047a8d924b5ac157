import type { CommandDefinition } from './command.ts';

export const supportBundleDefinition: CommandDefinition = {
  name: 'support-bundle',
  define({ root, options, invoke }) {
    root
      .command('support-bundle')
      .summary('pack what somebody needs to help, without secrets')
      .description(
        'pack what somebody needs to help: versions, plan, doctor, logs, units, journals, the configuration of nginx; secrets masked, listed before it is written',
      )
      .argument('[path]', 'the archive, or the folder that it is to be in; the current folder when absent')
      .action((path: string | undefined) =>
        invoke({
          options: options(),
          action: {
            banner: false,
            async onHost({ session }) {
              return (await import('../support-bundle.ts')).supportBundleCommand(session, path);
            },
          },
        }),
      );
  },
};
