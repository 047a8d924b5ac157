import { InvalidArgumentError } from 'commander';
import type { Action, CommandDefinition } from './command.ts';

interface Own {
  readonly list: boolean;
  readonly dryRun: boolean;
  readonly forget: boolean;
}

export const undo: CommandDefinition = {
  name: 'undo',
  define({ root, options, invoke }) {
    root
      .command('undo')
      .summary('put back what a run changed')
      .description('put back what a run changed: files, links, what starts at boot, what runs')
      .argument('[run]', 'its number; the last one that is not undone when absent', runNumber)
      .option('--list', 'the runs that can be undone; changes nothing', false)
      .option('--dry-run', 'show only what would be put back', false)
      .option('--forget', 'delete the copies of earlier file contents, of all runs or of one', false)
      .action((run: string | undefined, own: Own) =>
        invoke({ options: options(), action: actionOf(run, own) }),
      );
  },
};

function actionOf(run: string | undefined, { list, dryRun, forget }: Own): Action {
  return {
    banner: !list && !forget && !dryRun,
    async onHost({ session, stop }) {
      if (list) return (await import('../runs.ts')).listRuns(session);
      if (forget) return (await import('../runs.ts')).forgetCopies(session, run);
      return (await import('../undo.ts')).undoCommand(session, run, dryRun, stop);
    },
  };
}

function runNumber(value: string): string {
  if (!/^\d{1,9}$/.test(value))
    throw new InvalidArgumentError('It must be the number of a run: undo --list shows them.');
  return value;
}
