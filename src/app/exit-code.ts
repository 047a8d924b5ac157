import { AnswersMissing, AnswersRefused } from '../answers/refused.ts';
import { ConflictError, StoppedError } from '../output/problem.ts';
import { UsageError } from './usage.ts';

/** What the process says to whoever started it. */
export const EXIT = {
  /** Everything is up to date. */
  asWanted: 0,
  failed: 1,
  /** A wrong option, or an answers file that is refused. */
  usage: 2,
  /** `plan`, `doctor` and `version --check`: something would change, is not well, or is newer. */
  pending: 3,
  /** An answer is missing, or something of the operator's would be overwritten. */
  waiting: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What each says, for whoever reads the help: one line. */
export const EXIT_MEANINGS: Readonly<Record<ExitCode, string>> = {
  [EXIT.asWanted]: 'done: everything is up to date, every check passed',
  [EXIT.failed]: 'something failed; the message says what, and what to do',
  [EXIT.usage]: 'wrong usage, or the answers file was refused; nothing was changed',
  [EXIT.pending]: 'changes are pending, a check failed, a release is newer, DNS must change',
  [EXIT.waiting]: 'waits for you: an answer is missing, or an edited file needs a decision',
  [EXIT.interrupted]: 'stopped by Ctrl-C, SIGTERM, or your "no"; the same command resumes',
};

/** @returns the exit code that an error stands for. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof UsageError || error instanceof AnswersRefused) return EXIT.usage;
  if (error instanceof AnswersMissing || error instanceof ConflictError) return EXIT.waiting;
  if (error instanceof StoppedError) return EXIT.interrupted;
  return EXIT.failed;
}
