import type { Options } from '../../app/options.ts';
import { wizardFits } from '../wizard-fits.ts';
import type { Action, CommandDefinition, OnHost } from './command.ts';

/** What a word that is no command is an argument of, and what is meant when nothing is typed. */
export const DEFAULT_COMMAND = 'run';

/** Also what is meant when no command is given: then it is the wizard, where that can be used. */
export const runDefinition: CommandDefinition = {
  name: DEFAULT_COMMAND,
  define({ root, options, invoke }) {
    root
      .command(DEFAULT_COMMAND, { isDefault: true })
      .description('set up what is missing; the default where there is no terminal')
      .argument('[section...]', 'ids of sections; all when absent')
      .action((named: string[]) => {
        const typed = options(named);
        // commander hands on to the default command too; only what was typed tells them apart.
        const bare = root.args.length === 0;
        invoke({ options: typed, action: bare ? wizard(typed) : lines });
      });
  },
};

const lines = {
  banner: true,
  async onHost({ session, stop }: OnHost) {
    return (await import('../run.ts')).runCommand(session, session.options.section, stop);
  },
} satisfies Action;

/** Asked when it is called: by then it is decided how the output looks. */
function wizard(options: Options): Action {
  return {
    get banner() {
      return !wizardFits(options);
    },
    async onHost(given) {
      if (!wizardFits(options)) return lines.onHost(given);
      // After a lost connection this is what an operator comes back to.
      const followed = await (await import('../follow.ts')).offeredToFollow(given.session);
      if (followed !== undefined) return followed;
      return (await import('../wizard.ts')).wizardCommand(given.session, given.stop, given.typed);
    },
  };
}
