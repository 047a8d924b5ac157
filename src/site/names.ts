import type { Answers } from '../answers/answers.ts';

/** @returns the operator's own host names, the site's domain first. */
export function namesOf(answers: Answers): readonly [string, ...string[]] {
  const domain = answers.text('domain');
  return [domain, ...answers.list('extra-names').filter((name) => name !== domain)];
}

/** @returns names that the site had once, which lead to its domain now */
export function formerNamesOf(answers: Answers): readonly string[] {
  const own = namesOf(answers);
  return [...new Set(answers.list('redirect-names'))].filter((name) => !own.includes(name));
}
