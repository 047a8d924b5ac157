import { CommanderError } from 'commander';
import { refuseMissingFile } from './answers/missing-file.ts';
import { EXIT, type ExitCode, exitCodeOf } from './app/exit-code.ts';
import type { Product } from './app/product.ts';
import { refuseUnknownSections } from './app/sections.ts';
import { listenForStop, type Stop } from './app/signals.ts';
import type { Invocation } from './commands/definitions/command.ts';
import { COMMANDS, program } from './commands/program.ts';
import { shellOf } from './host/shell.ts';
import { decideOutputMode } from './output/output-mode.ts';
import { awaiting, print, printError, surviveLostTerminal } from './output/print.ts';
import { problemOf, StoppedError } from './output/problem.ts';
import { showProblems } from './output/show-problems.ts';

/** Typed in any of these ways, the help needs the sections; nothing else does before a command starts. */
const HELP = ['--help', '-h', 'help'];

/**
 * The whole command line.
 * @param argv what was typed after the program's name
 * @returns the exit code; never throws
 */
export async function main(argv: readonly string[], product: Product): Promise<ExitCode> {
  // An operator's 077 would make folders that nginx can't enter, and a locale that only root can read.
  process.umask(0o022);
  surviveLostTerminal();
  const json = argv.includes('--json');
  let invocation: Invocation | undefined;
  try {
    invocation = await typed(argv, product);
  } catch (error) {
    // Not every option could be read: these decide how it is said.
    decideOutputMode(
      { plain: argv.includes('--plain'), screenReader: argv.includes('--screen-reader'), json },
      process.env,
    );
    showProblems([{ problem: problemOf(error) }], json);
    return exitCodeOf(error);
  }
  if (invocation === undefined) return EXIT.asWanted;
  decideOutputMode(invocation.options, process.env);
  const stop = listenForStop();
  process.on('uncaughtException', (error: NodeJS.ErrnoException) => {
    // The terminal went away (ssh lost): what is being changed goes on, a question can't be answered any more.
    if (error.code === 'EIO' && stop.changing()) return;
    if (error.code === 'EIO' || stop.signal.aborted) process.exit(EXIT.interrupted);
    // Never Node's own stack trace: it could show a secret. An open run can be resumed, so ending is safe.
    showProblems([{ problem: problemOf(error) }], json);
    process.exit(EXIT.failed);
  });
  try {
    return await dispatch(invocation, product, stop, argv);
  } catch (error) {
    if (error instanceof StoppedError || isLeft(error) || stop.signal.aborted) {
      printError(
        '',
        stop.changing()
          ? 'Stopped. Start again with the same command: it resumes from here.'
          : 'Nothing was changed. Start again with the same command.',
      );
      return EXIT.interrupted;
    }
    showProblems([{ problem: problemOf(error) }], json);
    return exitCodeOf(error);
  }
}

/**
 * @returns what is to be done; `undefined` when that was to print help or version, which is done
 * @throws UsageError for what was typed wrong: on any machine, whatever the host is like
 */
async function typed(argv: readonly string[], product: Product): Promise<Invocation | undefined> {
  const invocations: Invocation[] = [];
  const sections = argv.some((word) => HELP.includes(word)) ? await product.sections() : [];
  const line = program(product.version, sections, (invocation) => invocations.push(invocation));
  let refused: unknown;
  try {
    line.parse([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return undefined;
    refused = error;
  }
  const [first] = line.args;
  const command = first !== undefined && COMMANDS.includes(first);
  const [invocation] = invocations;
  const named = invocation?.options.section ?? (command || first === undefined ? [] : [first]);
  // Before the refusal of an option: where no such command is, no such option may be.
  if (named.length > 0)
    refuseUnknownSections(named, await product.sections(), command || first === undefined ? [] : COMMANDS);
  if (refused !== undefined) throw refused;
  refuseMissingFile(invocation?.options.answers);
  return invocation;
}

async function dispatch(
  { action, options }: Invocation,
  product: Product,
  stop: Stop,
  argv: readonly string[],
): Promise<ExitCode> {
  if ('anywhere' in action) return action.anywhere(product);
  product.preconditions();
  // Before anything is loaded or looked at, so that the operator sees at once that it began.
  if (action.banner && !options.json) print(`Blender Studio setup ${product.version}`);
  if (action.awaits !== undefined && !options.json) awaiting(action.awaits);
  const { Session } = await import('./app/session.ts');
  const session = new Session(product, options, stop.signal);
  if (action.awaits !== undefined || !session.interactive) session.begin();
  try {
    return await action.onHost({ session, stop, typed: shellOf(['studio-setup', ...argv]) });
  } catch (error) {
    if (!isLockHeld(error)) throw error;
    const followed = await (await import('./commands/follow.ts')).offeredToFollow(session);
    if (followed === undefined) throw error;
    return followed;
  }
}

/** Another start is at work; known by its name, as most starts have no need of the file that throws it. */
function isLockHeld(error: unknown): boolean {
  return error instanceof Error && error.name === 'LockHeld';
}

/** Ctrl-C (or the end of input) in one of inquirer's prompts. */
function isLeft(error: unknown): boolean {
  return error instanceof Error && (error.name === 'ExitPromptError' || error.name === 'AbortPromptError');
}
