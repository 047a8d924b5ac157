import type { Command } from 'commander';
import type { ExitCode } from '../../app/exit-code.ts';
import type { Options } from '../../app/options.ts';
import type { Product } from '../../app/product.ts';
import type { Session } from '../../app/session.ts';
import type { Stop } from '../../app/signals.ts';

/** What a command has on a host that the product can work on. */
export interface OnHost {
  readonly session: Session;
  readonly stop: Stop;
  /** All that was typed, as a shell takes it again. */
  readonly typed: string;
}

/** What a command does. It is loaded when it is called: help, version and a typing error need none of it. */
export type Action =
  | {
      /** Whether name and version are printed first: they belong into the logs of what changes this server. */
      readonly banner: boolean;
      /** What a person waits for until the first line of the result, which takes a second or more. */
      readonly awaits?: string;
      onHost(given: OnHost): Promise<ExitCode>;
    }
  | {
      /** It looks at no host, so it works anywhere, and for anybody. */
      anywhere(product: Product): Promise<ExitCode>;
    };

/** What was typed. */
export interface Invocation {
  readonly options: Options;
  readonly action: Action;
}

/** What a command is defined with. */
export interface Definer {
  /** The whole command line; a command adds itself with `root.command(name)`. */
  readonly root: Command;
  /** @param named ids of sections that were typed as arguments @returns the options that all commands take */
  options(named?: readonly string[]): Options;
  invoke(invocation: Invocation): void;
}

/** A command: its name, and how it adds itself to the command line. Light: every start loads all of them. */
export interface CommandDefinition {
  readonly name: string;
  /** It is for programs: no help has it, and nobody means it by a word that is typed wrong. */
  readonly hidden?: true;
  define(definer: Definer): void;
}

/**
 * A command that takes ids of sections, and no options of its own.
 * @param action what it does, by what was typed
 */
export function sectionsCommand(
  name: string,
  description: string,
  action: (options: Options) => Action,
): CommandDefinition {
  return {
    name,
    define({ root, options, invoke }) {
      root
        .command(name)
        .description(description)
        .argument('[section...]', 'ids of sections; all when absent')
        .action((named: string[]) => {
          const typed = options(named);
          invoke({ options: typed, action: action(typed) });
        });
    },
  };
}
