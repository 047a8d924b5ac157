import { sectionsCommand } from './command.ts';

export const script = sectionsCommand(
  'script',
  'print what a run would do as a shell script',
  ({ section }) => ({
    banner: false,
    async onHost({ session }) {
      return (await import('../script.ts')).scriptCommand(session, section);
    },
  }),
);
