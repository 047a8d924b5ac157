import path from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Options } from '../app/options.ts';
import type { Section } from '../engine/section.ts';
import { wrap } from '../output/wrap.ts';
import { CommandLine } from './command-line.ts';
import { addressDefinition } from './definitions/address.ts';
import { adminDefinition } from './definitions/admin.ts';
import { answers } from './definitions/answers.ts';
import { backupDefinition } from './definitions/backup.ts';
import { changeDomainDefinition } from './definitions/change-domain.ts';
import type { CommandDefinition, Definer, Invocation } from './definitions/command.ts';
import { complete, completion } from './definitions/completion.ts';
import { departures } from './definitions/departures.ts';
import { doctor } from './definitions/doctor.ts';
import { followDefinition } from './definitions/follow.ts';
import { help } from './definitions/help.ts';
import { logsDefinition } from './definitions/logs.ts';
import { maintenanceDefinition } from './definitions/maintenance.ts';
import { manual } from './definitions/manual.ts';
import { moveDefinition } from './definitions/move.ts';
import { nextSteps } from './definitions/next-steps.ts';
import { planDefinition } from './definitions/plan.ts';
import { restartDefinition } from './definitions/restart.ts';
import { restoreDefinition } from './definitions/restore.ts';
import { rotate } from './definitions/rotate.ts';
import { runDefinition } from './definitions/run.ts';
import { script } from './definitions/script.ts';
import { selfUpdateDefinition } from './definitions/self-update.ts';
import { status } from './definitions/status.ts';
import { supportBundleDefinition } from './definitions/support-bundle.ts';
import { testEmailDefinition } from './definitions/test-email.ts';
import { undo } from './definitions/undo.ts';
import { updateDefinition } from './definitions/update.ts';
import { upgradeDefinition } from './definitions/upgrade.ts';
import { versionDefinition } from './definitions/version.ts';
import { watchDefinition } from './definitions/watch.ts';

/** Most operations wait for the network or the disk; more at the same time would only mix up the screen. */
const AT_ONCE = 6;

/** In the order of the help. */
const ALL: readonly CommandDefinition[] = [
  runDefinition,
  updateDefinition,
  rotate,
  upgradeDefinition,
  changeDomainDefinition,
  maintenanceDefinition,
  backupDefinition,
  restoreDefinition,
  moveDefinition,
  planDefinition,
  status,
  followDefinition,
  doctor,
  watchDefinition,
  testEmailDefinition,
  logsDefinition,
  restartDefinition,
  adminDefinition,
  addressDefinition,
  nextSteps,
  undo,
  script,
  supportBundleDefinition,
  departures,
  answers,
  versionDefinition,
  selfUpdateDefinition,
  completion,
  complete,
  manual,
  help,
];

/** What may be typed first. */
export const COMMANDS: readonly string[] = ALL.flatMap(({ name, hidden }) => (hidden ? [] : [name]));

interface Raw extends Omit<Options, 'section' | 'overwrite' | 'mine'> {
  readonly mine?: readonly string[];
  readonly section?: readonly string[];
  readonly overwrite?: readonly string[];
}

/**
 * @param sections for the help texts; absent while no help is asked for
 * @param invoke takes what was typed
 */
export function program(
  version: string,
  sections: readonly Section[],
  invoke: (invocation: Invocation) => void,
): CommandLine {
  const root = new CommandLine('studio-setup')
    .description(
      'Sets up Blender Studio on this server as its production document says. Without a command, in a terminal, it opens the wizard: it asks, shows every change, makes the changes, and proves that the site works.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .option('--answers <file>', 'read answers from this YAML file; - is standard input')
    .option('--yes', 'ask nothing; a missing answer ends with exit code 4', false)
    .option('--plain', 'print lines instead of a tree that redraws', false)
    .option('--screen-reader', 'print lines, with marks as words and without colors', false)
    .option('--json', 'print one event per line, for programs', false)
    .option('--section <section...>', 'only these sections')
    .option(
      '--overwrite <path-or-id...>',
      'replace these files although they were edited by hand, or although the checkout has something unusual for them; given the id of an answer, use the answer although the server has another value',
    )
    .option('--mine <path...>', 'keep these files as yours: they are named, but not changed from now on')
    .addOption(
      new Option('--log-level <level>', 'how much to print')
        .choices(['error', 'info', 'debug'])
        .default('info'),
    )
    .option('--jobs <number>', 'steps at the same time', wholeNumber, AT_ONCE)
    .exitOverride()
    .showSuggestionAfterError(false)
    .addHelpText('afterAll', ({ command }) => sectionsHelp(command, sections));

  const options = (named: readonly string[] = []): Options => {
    const { section = [], overwrite = [], mine = [], ...raw } = root.opts<Raw>();
    return {
      ...raw,
      section: [...named, ...section.flatMap((each) => each.split(','))],
      mine: mine.map((file) => path.resolve(file)),
      // A path, or the id of an answer: which of the two is decided where it is looked for.
      overwrite: overwrite.flatMap((each) => [path.resolve(each), each]),
    };
  };
  const definer: Definer = { root, options, invoke };
  for (const { define } of ALL) define(definer);
  return root;
}

function wholeNumber(value: string): number {
  if (!/^[1-9]\d{0,2}$/.test(value))
    throw new InvalidArgumentError('It must be a whole number from 1 to 999.');
  return Number(value);
}

/** The table of them in the help of the whole, their ids in that of a command that takes them. */
function sectionsHelp(command: Command, sections: readonly Section[]): string {
  if (command.parent !== null) {
    const takesThem = command.registeredArguments.some((argument) => argument.name() === 'section');
    return takesThem ? wrap(`\nSections: ${sections.map(({ id }) => id).join(', ')}`).join('\n') : '';
  }
  const width = Math.max(0, ...sections.map(({ id }) => id.length));
  const lines = sections.map(({ id, title }) => `  ${id.padEnd(width)}  ${title}`);
  return ['', "Sections, in the document's order:", ...lines].join('\n');
}
