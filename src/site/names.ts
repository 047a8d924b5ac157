import type { Answers } from '../answers/answers.ts';

/** @returns the operator's own host names, the site's domain first. */
export function namesOf(answers: Answers): readonly [string, ...string[]] {
  const domain = answers.text('domain');
  return [domain, ...answers.list('extra-names').filter((name) => name !== domain)];
}
