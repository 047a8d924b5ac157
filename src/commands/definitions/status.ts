import { sectionsCommand } from './command.ts';

export const status = sectionsCommand(
  'status',
  'print one line per section: done, to do, drifted, blocked',
  ({ section }) => ({
    banner: false,
    awaits: 'Checking this server',
    async onHost({ session }) {
      return (await import('../status.ts')).statusCommand(session, section);
    },
  }),
);
