import { Argument, InvalidArgumentError } from 'commander';
import type { UpgradeRequest } from '../upgrade.ts';
import type { CommandDefinition } from './command.ts';

export const upgradeDefinition: CommandDefinition = {
  name: 'upgrade',
  define({ root, options, invoke }) {
    root
      .command('upgrade')
      .description('bring the search engine to another version; if a step fails, the old one serves again')
      .addArgument(new Argument('<what>', 'what to upgrade').choices(['meilisearch']))
      .argument(
        '[version]',
        "such as 1.50.0; else that of the answers file, or the newest that the site's client speaks",
        threeNumbers,
      )
      .option('--check', 'show what would change, and change nothing')
      .option('--rollback', 'back to the version before the last upgrade')
      .option('--clean', 'delete what the last upgrade kept to go back to')
      .option('--sha256 <digest>', 'SHA-256 of the release, 64 hexadecimal digits', sha256)
      .action((_: string, version: string | undefined, own: Omit<UpgradeRequest, 'version'>) =>
        invoke({
          options: options(),
          action: {
            banner: true,
            async onHost({ session, stop }) {
              const { upgradeCommand } = await import('../upgrade.ts');
              return upgradeCommand(session, version === undefined ? own : { ...own, version }, stop);
            },
          },
        }),
      );
  },
};

function threeNumbers(typed: string): string {
  const version = typed.replace(/^v/, '');
  if (/^\d+\.\d+\.\d+$/.test(version)) return version;
  throw new InvalidArgumentError('Enter three numbers, such as 1.50.0. Nothing was changed.');
}

function sha256(typed: string): string {
  if (/^[0-9a-fA-F]{64}$/.test(typed)) return typed.toLowerCase();
  throw new InvalidArgumentError('It must be 64 hexadecimal digits. Nothing was changed.');
}
