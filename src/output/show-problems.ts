import { writeRecord } from './json.ts';
import { printError } from './print.ts';
import type { Problem } from './problem.ts';
import { problemText } from './problem-text.ts';

/** A problem, and where it is. */
export interface ProblemThere {
  /** Titles, for people. */
  readonly at?: string | undefined;
  /** Id of the section. */
  readonly section?: string;
  readonly problem: Problem;
}

/** Shows all problems at once, with where they are. @param last the line after them: what this means for the host */
export function showProblems(problems: readonly ProblemThere[], json: boolean, last?: string): void {
  for (const { at, section, problem } of problems) {
    const there = { ...(at === undefined ? {} : { at }), ...(section === undefined ? {} : { section }) };
    if (json) writeRecord({ type: 'problem', ...there, ...problem });
    else printError(...problemText(problem, at === undefined ? {} : { at }), '');
  }
  // A problem that ends with the same words has said it.
  if (
    !json &&
    last !== undefined &&
    !problems.some(({ problem: { what, remedy } }) => `${what} ${remedy}`.includes(last))
  )
    printError(last);
}
