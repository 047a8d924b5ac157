import { Option } from 'commander';
import type { Action, CommandDefinition } from './command.ts';

/** What is printed instead of a list. */
interface Own {
  readonly example?: true;
  readonly record?: true;
  readonly schema?: true;
}

export const answers: CommandDefinition = {
  name: 'answers',
  define({ root, options, invoke }) {
    root
      .command('answers')
      .description('show the answers that a run would use, and where each comes from')
      .addOption(
        new Option('--example', 'print an answers file to begin with').conflicts(['record', 'schema']),
      )
      .addOption(new Option('--record', 'print the answers in force as a file').conflicts('schema'))
      .option('--schema', 'print what such a file may hold, as JSON Schema for editors')
      .action((own: Own) => invoke({ options: options(), action: actionOf(own) }));
  },
};

function actionOf({ example, record, schema }: Own): Action {
  if (example || schema)
    return {
      async anywhere(product) {
        return (await import('../answers.ts')).madeFromQuestions(product, example ? 'example' : 'schema');
      },
    };
  return {
    banner: false,
    async onHost({ session }) {
      return (await import('../answers.ts')).answersCommand(session, record === true);
    },
  };
}
