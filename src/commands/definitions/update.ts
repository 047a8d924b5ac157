import { InvalidArgumentError, Option } from 'commander';
import type { UpdateRequest } from '../update.ts';
import type { CommandDefinition } from './command.ts';

export const updateDefinition: CommandDefinition = {
  name: 'update',
  define({ root, options, invoke }) {
    root
      .command('update')
      .description('bring new code to the live site; if a step fails, the old release serves again')
      .argument('[branch-or-commit]', 'what to update to; else the newest of the branch', revision)
      .option('--check', 'fetch, show what would come, and change nothing of the site')
      .addOption(new Option('--rollback', 'back to the release before the last update'))
      .option(
        '--restore-database',
        'where migrations have no way back, the database may be put back from its dump: what was written since is lost',
      )
      .option(
        '--maintenance',
        'visitors get the maintenance page during the migrations; else only where those do not suit the code that serves',
      )
      .option('--no-maintenance', 'visitors never get the maintenance page: pages may fail instead')
      .action((to: string | undefined, own: Omit<UpdateRequest, 'to'>) =>
        invoke({
          options: options(),
          action: {
            banner: true,
            async onHost({ session, stop }) {
              const { updateCommand } = await import('../update.ts');
              return updateCommand(session, to === undefined ? own : { ...own, to }, stop);
            },
          },
        }),
      );
  },
};

/** What git could take for an option, or for a range, is none. */
function revision(typed: string): string {
  if (/^[A-Za-z0-9](?!.*\.\.)[\w./-]*$/.test(typed)) return typed;
  throw new InvalidArgumentError('That is no branch and no commit. Nothing was changed.');
}
