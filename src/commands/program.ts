import path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Options } from '../app/options.ts';
import type { Section } from '../engine/section.ts';
import { addressDefinition } from './definitions/address.ts';
import { adminDefinition } from './definitions/admin.ts';
import { answers } from './definitions/answers.ts';
import { changeDomainDefinition } from './definitions/change-domain.ts';
import type { CommandDefinition, Definer, Invocation } from './definitions/command.ts';
import { departures } from './definitions/departures.ts';
import { doctor } from './definitions/doctor.ts';
import { followDefinition } from './definitions/follow.ts';
import { logsDefinition } from './definitions/logs.ts';
import { nextSteps } from './definitions/next-steps.ts';
import { planDefinition } from './definitions/plan.ts';
import { restartDefinition } from './definitions/restart.ts';
import { rotate } from './definitions/rotate.ts';
import { runDefinition } from './definitions/run.ts';
import { script } from './definitions/script.ts';
import { status } from './definitions/status.ts';
import { testEmailDefinition } from './definitions/test-email.ts';
import { undo } from './definitions/undo.ts';

/** Most operations wait for the network or the disk; more at the same time would only mix up the screen. */
const AT_ONCE = 4;

/** In the order of the help. */
const ALL: readonly CommandDefinition[] = [
  runDefinition,
  rotate,
  changeDomainDefinition,
  planDefinition,
  status,
  followDefinition,
  doctor,
  testEmailDefinition,
  logsDefinition,
  restartDefinition,
  adminDefinition,
  addressDefinition,
  nextSteps,
  undo,
  script,
  departures,
  answers,
];

/** What may be typed first. */
export const COMMANDS: readonly string[] = ALL.map(({ name }) => name);

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
): Command {
  const root = new Command('studio-setup')
    .description("Takes a server through every section of Blender Studio's production document.")
    .version(version)
    .option('--answers <file>', 'answers as YAML, - for standard input (see: answers --example)')
    .option('--yes', 'ask nothing; an answer that is missing ends with exit code 4', false)
    .option('--plain', 'lines instead of a tree that redraws', false)
    .option('--screen-reader', 'lines too, all marks as words and no colors', false)
    .option('--json', 'one event per line, for programs', false)
    .option('--section <id...>', 'only these sections')
    .option(
      '--overwrite <path...>',
      'write these files although they were edited by hand, or the checkout has something unusual for them; an answer by its id: take it although the server has another',
    )
    .option('--mine <path...>', 'these files are yours: shown, and left alone in every later run too')
    .addOption(
      new Option('--log-level <level>', 'how much is shown')
        .choices(['error', 'info', 'debug'])
        .default('info'),
    )
    .option('--jobs <number>', 'steps that may run at the same time', wholeNumber, AT_ONCE)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', () => sectionsHelp(sections));

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
  const definer: Definer = { root, options, invoke, sectionsHelp: () => sectionsHelp(sections) };
  for (const { define } of ALL) define(definer);
  return root;
}

function wholeNumber(value: string): number {
  if (!/^[1-9]\d{0,2}$/.test(value))
    throw new InvalidArgumentError('It must be a whole number from 1 to 999.');
  return Number(value);
}

function sectionsHelp(sections: readonly Section[]): string {
  const width = Math.max(0, ...sections.map(({ id }) => id.length));
  const lines = sections.map(({ id, title }) => `  ${id.padEnd(width)}  ${title}`);
  return [
    '',
    "Sections, in the document's order:",
    ...lines,
    '',
    'Exit codes: 0 up to date, 1 failed, 2 usage, 3 changes pending or checks failed,',
    '4 waiting for an answer or a conflict, 130 interrupted.',
  ].join('\n');
}
