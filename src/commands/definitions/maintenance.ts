import { Argument, InvalidArgumentError } from 'commander';
import type { MaintenanceRequest } from '../maintenance.ts';
import type { CommandDefinition } from './command.ts';

/** In the order of use. */
const ACTIONS = ['on', 'off', 'status'] as const;

export const maintenanceDefinition: CommandDefinition = {
  name: 'maintenance',
  define({ root, options, invoke }) {
    root
      .command('maintenance')
      .description('show visitors a maintenance page with HTTP 503 instead of the site, and end that')
      .addArgument(
        new Argument(
          '<action>',
          'on: visitors get the page; off: they get the site; status: which of both, and since when',
        ).choices([...ACTIONS]),
      )
      .option(
        '--retry-after <seconds>',
        'on: after how many seconds programs are to come again; 300 when absent',
        seconds,
      )
      .action((action: MaintenanceRequest['action'], own: Pick<MaintenanceRequest, 'retryAfter'>) =>
        invoke({
          options: options(),
          action: {
            banner: action !== 'status',
            async onHost({ session, stop }) {
              const { maintenanceCommand } = await import('../maintenance.ts');
              return maintenanceCommand(session, { action, ...own }, stop);
            },
          },
        }),
      );
  },
};

/** A day is the most: what asks again later than that has missed the end of any maintenance. */
function seconds(typed: string): number {
  const value = /^\d{1,5}$/.test(typed) ? Number(typed) : 0;
  if (value >= 1 && value <= 86_400) return value;
  throw new InvalidArgumentError(
    'It must be a whole number of seconds from 1 to 86400. Nothing was changed.',
  );
}
