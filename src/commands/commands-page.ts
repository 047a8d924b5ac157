import type { Argument, Command, Option } from 'commander';
import { EXIT_MEANINGS } from '../app/exit-code.ts';
import { code, GENERATED, table } from '../document/page.ts';
import type { Section } from '../engine/section.ts';
import { capital, explained, termOf } from './help-text.ts';

const INTRODUCTION = `\`studio-setup COMMAND --help\` prints the same on the server. Without a command, studio-setup opens the [wizard](wizard.md);
without a terminal, or in one smaller than 60 by 16, it starts \`run\`.`;

const EFFECTS = `- \`run\`, \`update\`, \`rotate\`, \`change-domain\`, \`maintenance\`, \`restore\`, \`move\`, \`undo\`, \`doctor --fix\`, \`watch
  enable\`, \`watch disable\`, \`restart\` and \`admin\` change this server. They show what they will do. In a terminal they ask
  first, unless you give \`--yes\`; without a terminal they begin at once. Only \`undo\` and \`support-bundle\`, which writes
  one archive, need \`--yes\` there. \`backup create\` and \`backup verify\` do the same, and leave the site as it is.
- \`test-email\` sends one message, \`watch test\` one by every way; \`watch run\` sends what is new. \`undo --forget\` deletes copies of
  old files. All other commands change nothing.
- \`departures\`, \`answers --example\`, \`answers --schema\`, \`completion\`, \`manual\`, \`help\`, \`--help\` and \`--version\` work on any
  machine. All other commands need root and systemd.`;

const INSTALL = `## Manual page and completions

The Debian package has them in place. Without it, as root; the completions know commands, options, sections, answers and the numbers of runs:

\`\`\`
studio-setup manual | install -Dm644 /dev/stdin /usr/local/share/man/man8/studio-setup.8
studio-setup completion bash | install -Dm644 /dev/stdin /usr/local/share/bash-completion/completions/studio-setup
studio-setup completion zsh | install -Dm644 /dev/stdin /usr/local/share/zsh/site-functions/_studio-setup
studio-setup completion fish | install -Dm644 /dev/stdin /etc/fish/completions/studio-setup.fish
\`\`\``;

/**
 * Made of the definitions that the command line is made of.
 * @param root the whole command line
 * @returns `docs/commands.md`
 */
export function commandsPage(root: Command, sections: readonly Section[]): string {
  const help = root.createHelp();
  const commands = help.visibleCommands(root);
  const optionRow = (option: Option) => [typed(option.flags), sentence(explained(option))];
  const argumentRow = (argument: Argument) => [typed(argument.name()), sentence(explained(argument))];
  const own = commands.flatMap((command) => {
    const rows = [
      ...command.registeredArguments.map(argumentRow),
      ...help
        .visibleOptions(command)
        .filter(({ long }) => long !== '--help')
        .map(optionRow),
    ];
    return rows.map((row) => [code(command.name()), ...row]);
  });
  return `${[
    '# Commands, options and exit codes',
    '',
    GENERATED,
    '',
    INTRODUCTION,
    '',
    '## Commands',
    '',
    ...table(
      ['Command', 'What it does'],
      commands.map((command) => [typed(termOf(command)), sentence(command.description())]),
    ),
    '',
    EFFECTS,
    '',
    '## Arguments and options of one command',
    '',
    ...table(['Command', 'Argument or option', 'Meaning'], own),
    '',
    '## Options of every command',
    '',
    ...table(['Option', 'Meaning'], help.visibleOptions(root).map(optionRow)),
    '',
    '## Exit codes',
    '',
    ...table(
      ['Exit code', 'Meaning'],
      Object.entries(EXIT_MEANINGS).map(([exit, means]) => [exit, sentence(means)]),
    ),
    '',
    '## Sections',
    '',
    "In the production document's order.",
    '',
    ...table(
      ['Section', 'What it sets up'],
      sections.map(({ id, summary }) => [code(id), summary]),
    ),
    '',
    INSTALL,
  ].join('\n')}\n`;
}

/** @returns it as code, with placeholders in capitals: a cell makes `<` harmless, and code would show that */
function typed(term: string): string {
  return code(
    term
      .replace(/<([^>]+)>/g, (_, name: string) => name.toUpperCase())
      .replace(/\[([^\]]+)\]/g, (optional) => optional.toUpperCase()),
  );
}

function sentence(text: string): string {
  return /[.?!]$/.test(text) ? capital(text) : `${capital(text)}.`;
}
