import { sectionsCommand } from './command.ts';

export const status = sectionsCommand(
  'status',
  'one line per section: done, to do, drifted, blocked',
  ({ section }) => ({
    banner: false,
    async onHost({ session, commands }) {
      return (await import('../status.ts')).statusCommand(session, section, commands);
    },
  }),
);
