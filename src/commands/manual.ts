import type { Argument, Command, Option } from 'commander';
import { EXIT_MEANINGS } from '../app/exit-code.ts';
import { HOST_PATHS } from '../app/product.ts';
import type { Section } from '../engine/section.ts';
import { capital, EXAMPLES, explained, termOf } from './help-text.ts';

const FILES: readonly (readonly [path: string, text: string])[] = [
  [HOST_PATHS.state, 'Saved answers, without secrets, and a journal of each run.'],
  [HOST_PATHS.copies, 'Copies of files as they were before the newest runs.'],
  [HOST_PATHS.log, 'A log of each run.'],
];

const ENVIRONMENT: readonly (readonly [name: string, text: string])[] = [
  ['NO_COLOR', 'No colors, unless it is empty.'],
  ['INK_SCREEN_READER', 'When true, the wizard speaks line by line, for a screen reader.'],
];

/**
 * The manual page, made of the definitions that the command line is made of.
 * @param root the whole command line
 * @returns roff with the macros of man(7), in ASCII
 */
export function manualPage(root: Command, sections: readonly Section[]): string {
  const name = root.name();
  const commands = root.createHelp().visibleCommands(root);
  return [
    `.TH ${name.toUpperCase()} 8 "" "${name} ${root.version() ?? ''}" "System Administration"`,
    // Names and paths are copied from it: no word is broken.
    '.nh',
    '.ad l',
    '.SH NAME',
    `${escaped(name)} \\- set up Blender Studio on a server`,
    '.SH SYNOPSIS',
    `.B ${escaped(name)}`,
    '.RI [ command ]',
    '.RI [ options ]',
    '.SH DESCRIPTION',
    line(root.description()),
    '.SH EXAMPLES',
    ...EXAMPLES.flatMap(([command, text]) => tagged(`\\fB${escaped(command)}\\fR`, sentence(text))),
    '.SH COMMANDS',
    ...commands.flatMap(commandText),
    '.SH OPTIONS',
    'Every command takes these.',
    ...optionsText(root),
    '.SH SECTIONS',
    "The production document's, in its order.",
    ...sections.flatMap(({ id, summary }) => tagged(`\\fB${escaped(id)}\\fR`, summary)),
    '.SH EXIT STATUS',
    ...Object.entries(EXIT_MEANINGS).flatMap(([code, means]) => tagged(`\\fB${code}\\fR`, sentence(means))),
    '.SH ENVIRONMENT',
    ...ENVIRONMENT.flatMap(([variable, text]) => tagged(`\\fB${escaped(variable)}\\fR`, text)),
    '.SH FILES',
    ...FILES.flatMap(([path, text]) => tagged(`\\fI${escaped(path)}\\fR`, text)),
    '.SH SEE ALSO',
    '.BR systemctl (1),',
    '.BR nginx (8)',
    '',
  ].join('\n');
}

function commandText(command: Command): readonly string[] {
  const options = command.options.length === 0 ? [] : ['.RS', ...optionsText(command), '.RE'];
  const args = command.registeredArguments.filter(({ description }) => description !== '');
  return [
    ...tagged(
      `\\fB${escaped(command.name())}\\fR${escaped(termOf(command).slice(command.name().length))}`,
      [sentence(command.description()), ...args.map(argumentText)].join(' '),
    ),
    ...options,
  ];
}

function argumentText(argument: Argument): string {
  return sentence(`${argument.name()}: ${explained(argument)}`);
}

function optionsText(command: Command): readonly string[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .filter(({ long }) => command.parent === null || long !== '--help')
    .flatMap((option: Option) => tagged(`\\fB${escaped(option.flags)}\\fR`, sentence(explained(option))));
}

function tagged(tag: string, text: string): readonly string[] {
  return ['.TP', tag, line(text)];
}

function sentence(text: string): string {
  return /[.?!]$/.test(text) ? capital(text) : `${capital(text)}.`;
}

/** A line that begins with a dot or an apostrophe would be a request. */
function line(text: string): string {
  return escaped(text).replace(/^(?=[.'])/, '\\&');
}

/** A hyphen would be typeset as one, and could not be copied. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(
      /[^\x20-\x7e]/gu,
      (other) => `\\[u${other.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}]`,
    );
}
