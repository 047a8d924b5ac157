import type { Argument, Command, Option } from 'commander';
import { didYouMean } from '../answers/nearest.ts';
import { UsageError } from '../app/usage.ts';
import { count } from '../output/duration.ts';

/** What commander found wrong with what was typed: its code, and the words that it quotes. */
type Refusal = (command: Command, quoted: readonly string[]) => { what: string; valid?: readonly string[] };

/** By commander's code: how its message quotes, and what is said instead. */
const REFUSALS: Readonly<Record<string, readonly [quotes: RegExp, refusal: Refusal]>> = {
  'commander.unknownOption': [
    /'(.*)'$/s,
    (command, [flag = '']) => ({
      what: `${nameOf(command)} has no option ${flag}.${didYouMean(flag, flagsOf(command))}`,
    }),
  ],
  'commander.missingArgument': [
    /'(.*)'$/s,
    (command, [name = '']) => ({
      what: `The ${name} is missing: ${nameOf(command)} <${name}>.`,
      ...valid(argumentOf(command, name)),
    }),
  ],
  'commander.optionMissingArgument': [
    /'(.*)'/s,
    (command, [flags = '']) => ({
      what: `The value of ${longOf(flags)} is missing: ${flags}.`,
      ...valid(optionOf(command, flags)),
    }),
  ],
  'commander.invalidArgument': [
    /^error: (option|command-argument value) '(.*)' (?:argument '(.*)' is invalid|is invalid for argument '(.*)')\. (.*)$/s,
    (command, [kind, first = '', typed = '', name = '', why = '']) =>
      kind === 'option'
        ? wrongValue(typed, `value for ${longOf(first)}`, why, optionOf(command, first))
        : wrongValue(first, name, why, argumentOf(command, name)),
  ],
  'commander.excessArguments': [
    /()/,
    (command) => {
      const { length: taken } = command.registeredArguments;
      const further = command.args.slice(taken).join(' ');
      const takes = taken === 0 ? 'no arguments' : count(taken, 'argument');
      return { what: `${nameOf(command)} takes ${takes}; remove ${further}.` };
    },
  ],
  'commander.conflictingOption': [
    /'(.*)' cannot be used with option '(.*)'/s,
    (_, [one, other]) => ({ what: `${one} and ${other} can't be used together.` }),
  ],
};

/**
 * @param command what was typed, as far as it could be read
 * @param message commander's own
 * @param code which of its refusals it is
 * @returns the same in the product's words, with the nearest that is known and where to read on
 */
export function refusalOf(command: Command, message: string, code = ''): UsageError {
  const [quotes, refusal] = REFUSALS[code] ?? [];
  const found = quotes?.exec(message);
  const { what, valid: values } =
    refusal !== undefined && found ? refusal(command, found.slice(1)) : { what: message };
  const see = `See ${nameOf(command)} --help.`;
  return new UsageError({
    what,
    remedy: values === undefined ? see : `Use one of: ${values.join(', ')}. ${see}`,
  });
}

function wrongValue(typed: string, kind: string, why: string, of: Argument | Option | undefined) {
  const choices = of?.argChoices;
  const more = choices === undefined ? ` ${why}` : didYouMean(typed, choices);
  return { what: `${typed === '' ? 'Nothing' : typed} is not a valid ${kind}.${more}`, ...valid(of) };
}

function valid(of: Argument | Option | undefined) {
  return of?.argChoices === undefined ? {} : { valid: of.argChoices };
}

/** @returns the command as it was typed: the one that is meant when none is, is not named */
function nameOf(command: Command): string {
  const { parent } = command;
  if (parent === null) return command.name();
  return parent.args[0] === command.name() ? `${parent.name()} ${command.name()}` : parent.name();
}

function flagsOf(command: Command): readonly string[] {
  const help = command.createHelp();
  const own = help.visibleOptions(command).flatMap(({ long }) => long ?? []);
  return command.parent === null ? own : [...own, ...flagsOf(command.parent)];
}

function optionOf(command: Command, flags: string): Option | undefined {
  return command.options.find((option) => option.flags === flags);
}

function argumentOf(command: Command, name: string): Argument | undefined {
  return command.registeredArguments.find((argument) => argument.name() === name);
}

/** @returns `--answers` of `--answers <file>` */
function longOf(flags: string): string {
  return /--[\w-]+/.exec(flags)?.[0] ?? flags;
}
