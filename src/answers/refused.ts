import { ProblemError } from '../output/problem.ts';

/** The answers file, or a value in it, is refused; exit code 2. */
export class AnswersRefused extends ProblemError {
  override readonly name = 'AnswersRefused';
}

/** Answers are missing and nobody is there to ask; exit code 4. */
export class AnswersMissing extends ProblemError {
  override readonly name = 'AnswersMissing';
}
