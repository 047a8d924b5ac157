import { Argument, InvalidArgumentError, Option } from 'commander';
import { SERVICE_UNITS, TIMERS } from '../../site/layout.ts';
import type { LogOptions } from '../logs.ts';
import type { CommandDefinition } from './command.ts';

export const logsDefinition: CommandDefinition = {
  name: 'logs',
  define({ root, options, invoke }) {
    root
      .command('logs')
      .description("show what the site's services log, without secrets")
      .addArgument(
        new Argument('[service...]', 'which ones; all when absent').choices([
          ...Object.keys(SERVICE_UNITS),
          ...TIMERS,
        ]),
      )
      .addOption(
        new Option('--lines <number>', 'how many lines from the end').argParser(lineCount).default(200),
      )
      .option('--follow', 'keep printing new lines, until Ctrl-C', false)
      .action((services: string[], own: LogOptions) =>
        invoke({
          options: options(),
          action: {
            banner: false,
            async onHost({ session }) {
              return (await import('../logs.ts')).logsCommand(session, services, own);
            },
          },
        }),
      );
  },
};

function lineCount(value: string): number {
  if (!/^[1-9]\d{0,5}$/.test(value))
    throw new InvalidArgumentError('It must be a whole number from 1 to 999999.');
  return Number(value);
}
