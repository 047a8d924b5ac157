import type { Answers } from '../answers/answers.ts';

/**
 * What a server can be for the site, in the order in which servers are set up. One server is everything, unless the answer
 * `roles` names what it is: `web` serves pages, `background` runs background and periodic tasks.
 */
export const ROLES = ['database', 'search', 'background', 'web'] as const;
export type Role = (typeof ROLES)[number];

/** Those of a server that runs the site's code. */
export const CODE: readonly Role[] = ['web', 'background'];

/** @returns whether this server has one of these roles */
export function hasAnyRole(answers: Answers, ...roles: readonly Role[]): boolean {
  const named = answers.list('roles');
  return named.length === 0 || roles.some((role) => named.includes(role));
}

/** @returns whether the site has other servers, with which this one shares its secrets: only then are roles named */
export function isSpread(answers: Answers): boolean {
  return answers.list('roles').length > 0;
}

/** @returns whether load balancers stand before this server, and end HTTPS for it */
export function isBalanced(answers: Answers): boolean {
  return answers.list('load-balancers').length > 0;
}

/** @returns whether this server has a certificate for the site: where load balancers end HTTPS, they have it */
export function endsHttps(answers: Answers): boolean {
  return hasAnyRole(answers, 'web') && !isBalanced(answers);
}
