import type { CommandDefinition } from './command.ts';

export const doctor: CommandDefinition = {
  name: 'doctor',
  define({ root, options, invoke }) {
    root
      .command('doctor')
      .description('check that the site works; each failure says what fixes it')
      .option('--fix', 'fix what failed, as far as possible; shows first what it would do', false)
      .option('--renewal', 'have certbot try a renewal as well (--dry-run): takes some seconds', false)
      .action(({ fix, renewal }: { fix: boolean; renewal: boolean }) =>
        invoke({
          options: options(),
          action: {
            banner: false,
            ...(fix ? {} : { awaits: 'Checking the site' }),
            async onHost({ session, stop }) {
              return fix
                ? (await import('../fix.ts')).fixCommand(session, renewal, stop)
                : (await import('../doctor.ts')).doctorCommand(session, renewal);
            },
          },
        }),
      );
  },
};
