import { type Argument, type Command, Help, type Option } from 'commander';
import { EXIT_MEANINGS } from '../app/exit-code.ts';

type Row = readonly [term: string, text: string];

/** What the whole help begins with: most operators need no more. */
export const EXAMPLES: readonly Row[] = [
  ['studio-setup', 'open the wizard'],
  ['studio-setup plan', 'what would change?'],
  ['studio-setup run --answers answers.yaml --yes', 'set up without questions'],
  ['studio-setup doctor', 'does the site work?'],
];

/** What every command takes is told once, in the help of the whole. */
const GLOBAL = 'Global options, such as --answers, --yes and --json: studio-setup --help';

/** The help of the whole command line, and that of each command. */
export class HelpText extends Help {
  /** Name and arguments; its own help says that a command has options. */
  override subcommandTerm(command: Command): string {
    return termOf(command);
  }

  override optionDescription(option: Option): string {
    return explained(option);
  }

  override argumentDescription(argument: Argument): string {
    return explained(argument);
  }

  override commandUsage(command: Command): string {
    const { parent } = command;
    if (parent === null) return `${command.name()} [command] [options]`;
    return `${parent.name()} ${command.options.length > 0 ? `${command.name()} [options]` : command.name()}${argumentsOf(command)}`;
  }

  override formatHelp(command: Command, helper: Help): string {
    const rows = command.parent === null ? this.#ofAll(command, helper) : this.#ofOne(command, helper);
    return rows.join('\n');
  }

  #ofAll(root: Command, helper: Help): readonly string[] {
    const commands = helper
      .visibleCommands(root)
      .map((each): Row => [helper.subcommandTerm(each), helper.subcommandDescription(each)]);
    return [
      `Usage: ${helper.commandUsage(root)}`,
      '',
      this.boxWrap(root.description(), widthOf(helper)),
      '',
      ...this.#list('', EXAMPLES, helper),
      ...this.#list('Commands (studio-setup <command> --help tells more):', commands, helper),
      ...this.#list('Options of every command:', optionsOf(root, helper), helper),
      ...this.#list('Exit codes:', exitCodes(), helper),
    ];
  }

  #ofOne(command: Command, helper: Help): readonly string[] {
    const given = helper
      .visibleArguments(command)
      .map((argument): Row => [helper.argumentTerm(argument), helper.argumentDescription(argument)]);
    return [
      `Usage: ${helper.commandUsage(command)}`,
      '',
      this.boxWrap(`${capital(command.description())}.`, widthOf(helper)),
      '',
      ...this.#list('Arguments:', given, helper),
      ...this.#list('Options:', optionsOf(command, helper), helper),
      GLOBAL,
      '',
    ];
  }

  #list(heading: string, rows: readonly Row[], helper: Help): readonly string[] {
    if (rows.length === 0) return [];
    const width = Math.max(...rows.map(([term]) => term.length));
    return [
      ...(heading === '' ? [] : [heading]),
      ...rows.map(([term, text]) => helper.formatItem(term, width, text, helper)),
      '',
    ];
  }
}

function widthOf({ helpWidth = 80 }: Help): number {
  return helpWidth;
}

function optionsOf(command: Command, helper: Help): readonly Row[] {
  return helper
    .visibleOptions(command)
    .map((option): Row => [helper.optionTerm(option), helper.optionDescription(option)]);
}

function exitCodes(): readonly Row[] {
  return Object.entries(EXIT_MEANINGS).map(([code, means]): Row => [code.padStart(3), means]);
}

/** @returns `undo [run]` */
export function termOf(command: Command): string {
  return `${command.name()}${argumentsOf(command)}`;
}

function argumentsOf(command: Command): string {
  return command.registeredArguments
    .map((argument) => {
      const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
      return argument.required ? ` <${name}>` : ` [${name}]`;
    })
    .join('');
}

/** @returns what it is for, with its values and its default; that a switch is off by itself goes without saying */
export function explained({ argChoices, defaultValue, description }: Argument | Option): string {
  const more = [
    ...(argChoices === undefined ? [] : [argChoices.join(', ')]),
    ...(defaultValue === undefined || typeof defaultValue === 'boolean' ? [] : [`default: ${defaultValue}`]),
  ];
  return more.length === 0 ? description : `${description} (${more.join('; ')})`;
}

/** @returns a text that begins a sentence */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
