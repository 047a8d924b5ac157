import { cleaned } from './clean.ts';
import { styled } from './print.ts';
import type { Problem } from './problem.ts';
import { wrap } from './wrap.ts';

/** Where a problem happened, and where there is more to read. */
export interface ProblemPlace {
  /** `Nginx › test the configuration` */
  readonly at?: string;
  readonly ms?: number;
  /** Path and line of the run log. */
  readonly log?: string;
}

/** @returns the lines of a problem: what, the command, its last words, what to do, where the log is. */
export function problemText(found: Problem, place: ProblemPlace = {}): readonly string[] {
  const problem = cleaned(found);
  const lines = wrap(place.at === undefined ? problem.what : place.at, { first: '✗ ', rest: '  ' });
  if (place.at !== undefined) lines.push(...wrap(problem.what, { first: '  ', rest: '  ' }));
  const head = lines.map((line, index) => (index === 0 ? styled('red', line) : line));
  if (problem.command !== undefined) {
    head.push(...wrap(problem.command, { first: '  $ ', rest: '    ' }).map((line) => styled('bold', line)));
  }
  for (const line of problem.detail ?? []) {
    head.push(...wrap(line, { first: '    ', rest: '    ' }).map((each) => styled('dim', each)));
  }
  if (problem.exitCode !== undefined) head.push(`  exit code ${problem.exitCode}`);
  head.push(...wrap(problem.remedy, { first: '  What to do: ', rest: '  ' }));
  if (place.log !== undefined) head.push(`  Log: ${place.log}`);
  return head;
}
