import path from 'node:path';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import type { Options } from '../app/options.ts';
import type { Section } from '../engine/section.ts';
import type { NewDomain } from './change-domain.ts';

/** Most operations wait for the network or the disk; more at the same time would only mix up the screen. */
const AT_ONCE = 4;

/** What may be typed first. */
export const COMMANDS = [
  'run',
  'rotate',
  'change-domain',
  'undo',
  'plan',
  'status',
  'doctor',
  'script',
  'departures',
  'answers',
] as const;

/** What `rotate` makes anew. */
export const ROTATED = ['meilisearch-key', 'secret-key', 'database-password'] as const;

/** What `answers` prints instead of a list. */
const ANSWERS_FILES = ['example', 'record', 'schema'] as const;
type AnswersFile = (typeof ANSWERS_FILES)[number];

/** One way to start the product, with what it takes besides the options that all take. */
export type Invocation =
  | { readonly command: 'wizard' | 'run' | 'status' | 'script'; readonly options: Options }
  | {
      readonly command: 'doctor';
      readonly options: Options;
      readonly fix: boolean;
      readonly renewal: boolean;
    }
  | { readonly command: 'change-domain'; readonly options: Options; readonly to: NewDomain }
  | { readonly command: 'rotate'; readonly options: Options; readonly secret: (typeof ROTATED)[number] }
  | {
      readonly command: 'undo';
      readonly options: Options;
      readonly run?: string;
      readonly list: boolean;
      readonly dryRun: boolean;
      readonly forget: boolean;
    }
  | { readonly command: 'plan'; readonly options: Options; readonly diff: boolean }
  | { readonly command: 'departures'; readonly options: Options; readonly markdown: boolean }
  | { readonly command: 'answers'; readonly options: Options; readonly file?: AnswersFile };

interface Raw extends Omit<Options, 'section' | 'overwrite'> {
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
    .description('Takes a server through every section of Blender Studio’s production document.')
    .version(version)
    .option('--answers <file>', 'answers as YAML, - for standard input (see: answers --example)')
    .option('--yes', 'ask nothing; an answer that is missing ends with exit code 4', false)
    .option('--plain', 'lines instead of a tree that redraws', false)
    .option('--screen-reader', 'lines too, all marks as words and no colours', false)
    .option('--json', 'one event per line, for programs', false)
    .option('--section <id...>', 'only these sections')
    .option('--overwrite <path...>', 'replace these files although they were edited by hand')
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
    const { section = [], overwrite = [], ...raw } = root.opts<Raw>();
    return {
      ...raw,
      section: [...named, ...section.flatMap((each) => each.split(','))],
      overwrite: overwrite.map((file) => path.resolve(file)),
    };
  };
  const plain = (command: 'run' | 'status' | 'script', description: string, isDefault = false) =>
    root
      .command(command, { isDefault })
      .description(description)
      .argument('[section...]', 'ids of sections; all when absent')
      .addHelpText('after', () => sectionsHelp(sections))
      .action((named: string[]) => {
        // commander hands on to the default command too; only what was typed tells them apart.
        const bare = isDefault && root.args.length === 0;
        invoke({ command: bare ? 'wizard' : command, options: options(named) });
      });

  plain('run', 'set up what is missing (also when no command is given and there is no terminal)', true);
  root
    .command('rotate')
    .description('make a secret anew on the live site; when a step fails, the old one works again')
    .addArgument(new Argument('<secret>', 'which one').choices(ROTATED))
    .action((secret: (typeof ROTATED)[number]) => invoke({ command: 'rotate', options: options(), secret }));
  root
    .command('change-domain')
    .description('give the live site another domain; when a step fails, the old one works again')
    .argument('<name>', 'the new domain; its DNS must lead to this host')
    .addOption(
      new Option(
        '--old <what>',
        'what becomes of the names of now: they lead to the new one, or go (asked on a terminal, else: redirect)',
      ).choices(['redirect', 'remove']),
    )
    .option('--extra <name...>', 'further names of the site from now on; else none')
    .action((name: string, own: Omit<NewDomain, 'name'>) =>
      invoke({ command: 'change-domain', options: options(), to: { name, ...own } }),
    );
  root
    .command('plan')
    .description('show what a run would change; changes nothing')
    .argument('[section...]', 'ids of sections; all when absent')
    .option('--diff', 'with the differences of files (the default in a terminal)')
    .option('--no-diff', 'without them')
    .action((named: string[], own: { diff?: boolean }) =>
      invoke({ command: 'plan', options: options(named), diff: own.diff ?? process.stdout.isTTY === true }),
    );
  plain('status', 'one line per section: done, to do, drifted, blocked');
  root
    .command('doctor')
    .description('prove that the site works; each failure says what mends it')
    .option('--fix', 'mend what failed, as far as the product can; shows first what it would do', false)
    .option('--renewal', 'have certbot try a renewal as well (--dry-run): takes some seconds', false)
    .action((own: { fix: boolean; renewal: boolean }) =>
      invoke({ command: 'doctor', options: options(), ...own }),
    );
  root
    .command('undo')
    .description('put back what a run changed: files, links, what starts at boot, what runs')
    .argument('[run]', 'its number; the last one that is in effect when absent', runNumber)
    .option('--list', 'the runs that can be undone; changes nothing', false)
    .option('--dry-run', 'show only what would be put back', false)
    .option('--forget', 'remove the copies of what stood in files before, of all runs or of one', false)
    .action((run: string | undefined, own: { list: boolean; dryRun: boolean; forget: boolean }) =>
      invoke({ command: 'undo', options: options(), ...(run === undefined ? {} : { run }), ...own }),
    );
  plain('script', 'print what a run would do as a shell script');
  root
    .command('departures')
    .description('where and why the product does other than the document says')
    .option('--markdown', 'as a page', false)
    .action((own: { markdown: boolean }) =>
      invoke({ command: 'departures', options: options(), markdown: own.markdown }),
    );
  root
    .command('answers')
    .description('show the answers that a run would use, and where they come from')
    .addOption(new Option('--example', 'print an answers file to begin with').conflicts(['record', 'schema']))
    .addOption(new Option('--record', 'print the answers in force as a file').conflicts('schema'))
    .option('--schema', 'print what such a file may hold, as JSON Schema for editors')
    .action((own: Partial<Record<AnswersFile, true>>) => {
      const file = ANSWERS_FILES.find((each) => own[each]);
      invoke({ command: 'answers', options: options(), ...(file === undefined ? {} : { file }) });
    });
  return root;
}

function runNumber(value: string): string {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('It is the number of a run: undo --list.');
  return value;
}

function wholeNumber(value: string): number {
  if (!/^[1-9]\d{0,2}$/.test(value)) throw new InvalidArgumentError('It is a whole number from 1 on.');
  return Number(value);
}

function sectionsHelp(sections: readonly Section[]): string {
  const width = Math.max(0, ...sections.map(({ id }) => id.length));
  const lines = sections.map(({ id, title }) => `  ${id.padEnd(width)}  ${title}`);
  return [
    '',
    'Sections, in the document’s order:',
    ...lines,
    '',
    'Exit codes: 0 as wanted, 1 failed, 2 usage, 3 changes pending (plan, doctor),',
    '4 waiting for an answer or a conflict, 130 interrupted.',
  ].join('\n');
}
