import { writeRecord } from './json.ts';
import { printError } from './print.ts';
import type { Problem } from './problem.ts';
import { problemText } from './problem-text.ts';

/** Shows all problems at once, with where they are. @param last the line after them: what this means for the host */
export function showProblems(
  problems: readonly { readonly at?: string | undefined; readonly problem: Problem }[],
  json: boolean,
  last?: string,
): void {
  for (const { at, problem } of problems) {
    if (json) writeRecord({ type: 'problem', ...(at === undefined ? {} : { at }), ...problem });
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
