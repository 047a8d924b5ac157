import { Argument } from 'commander';
import type { Action, CommandDefinition, OnHost } from './command.ts';

/** What it does, in the order of use. */
const ACTIONS = ['enable', 'test', 'status', 'run', 'disable'] as const;
type WatchAction = (typeof ACTIONS)[number];

export const watchDefinition: CommandDefinition = {
  name: 'watch',
  define({ root, options, invoke }) {
    root
      .command('watch')
      .summary('have the site checked, and be told what is new')
      .description(
        'have the site checked four times an hour, and be told once when a check starts to fail and when it passes again: by e-mail, webhook, heartbeat or Prometheus textfile',
      )
      .addArgument(
        new Argument(
          '<action>',
          'enable: set it up; test: send a message by every way; status: what was found and told; run: one round, as the timer does it; disable: take it away',
        ).choices([...ACTIONS]),
      )
      .option('--deep', 'run: with the checks that are made once a day', false)
      .action((action: WatchAction, { deep }: { deep: boolean }) =>
        invoke({ options: options(), action: actionOf(action, deep) }),
      );
  },
};

function actionOf(action: WatchAction, deep: boolean): Action {
  return {
    banner: action === 'enable' || action === 'disable',
    onHost: async (given) => start(action, deep, given),
  };
}

async function start(action: WatchAction, deep: boolean, { session, stop }: OnHost) {
  switch (action) {
    case 'enable':
      return (await import('../watch-set-up.ts')).watchEnableCommand(session, stop);
    case 'disable':
      return (await import('../watch-set-up.ts')).watchDisableCommand(session, stop);
    case 'status':
      return (await import('../watch-status.ts')).watchStatusCommand(session);
    case 'test':
      return (await import('../watch.ts')).watchTestCommand(session);
    case 'run':
      return (await import('../watch.ts')).watchRunCommand(session, deep);
  }
}
