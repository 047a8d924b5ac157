import { ProblemError } from '../output/problem.ts';

/** The command was typed wrong; exit code 2. */
export class UsageError extends ProblemError {
  override readonly name = 'UsageError';
}
