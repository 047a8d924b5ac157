import { Argument } from 'commander';
import type { MoveRequest } from '../move.ts';
import type { CommandDefinition } from './command.ts';

export const moveDefinition: CommandDefinition = {
  name: 'move',
  define({ root, options, invoke }) {
    root
      .command('move')
      .summary('move the site to another server: stop it here after a last backup, and prove it there')
      .description(
        'move the site to another server. On the old one: the maintenance page, all that writes stopped, a last backup, and what to type on the new one, where restore sets the site up',
      )
      .addArgument(
        new Argument(
          '[action]',
          'finish, on the new server: wait until the names lead there, and prove the site; rest, on the old one: end what is left of it; back, there: serve from it again',
        ).choices(['finish', 'rest', 'back']),
      )
      .option('--anyway', 'for rest and back: whatever DNS says of where the names lead')
      .action((action: MoveRequest['action'], own: Omit<MoveRequest, 'action'>) =>
        invoke({
          options: options(),
          action: {
            banner: true,
            async onHost({ session, stop }) {
              const { moveCommand } = await import('../move.ts');
              return moveCommand(session, action === undefined ? own : { action, ...own }, stop);
            },
          },
        }),
      );
  },
};
