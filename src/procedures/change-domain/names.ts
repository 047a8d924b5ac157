import type { Answers } from '../../answers/answers.ts';
import type { SiteNames } from '../../site/vhost.ts';

/** What is asked for: the arguments as typed. */
export interface Wanted {
  readonly domain: string;
  /** What becomes of the names that the site has now. */
  readonly old: 'redirect' | 'remove';
  /** Further names of the site from now on; absent: none, or, when the domain stays, the current ones. */
  readonly extraNames?: readonly string[];
}

/**
 * @param from the site's names now
 * @returns its names afterwards. Names that led to the old domain lead to the new one; asked to remove what is old when the
 *   domain stays, they go.
 */
export function namesAfter(from: SiteNames, { domain, old, extraNames }: Wanted): SiteNames {
  const stays = domain === from.domain;
  const extra = without(extraNames ?? (stays ? from.extraNames : []), [domain]);
  const given = old === 'redirect' ? [...ownNames(from), ...from.formerNames] : stays ? [] : from.formerNames;
  return { domain, extraNames: extra, formerNames: without(given, [domain, ...extra]) };
}

/** @returns the site's own names, its domain first */
export function ownNames({ domain, extraNames }: SiteNames): readonly [string, ...string[]] {
  return [domain, ...without(extraNames, [domain])];
}

/** @returns every name of these sites */
export function allNames(...sites: readonly SiteNames[]): readonly string[] {
  return sites.flatMap((site) => [...ownNames(site), ...site.formerNames]);
}

/**
 * @returns what nginx serves while the change is under way: names that go are still led to the new domain, so that
 *   nobody finds a closed door before all else is proved
 */
export function inBetween(to: SiteNames, from: SiteNames): SiteNames {
  const formerNames = without([...to.formerNames, ...ownNames(from), ...from.formerNames], ownNames(to));
  return { ...to, formerNames };
}

/** @returns whether both are the same site, whatever the order of its further names */
export function sameNames(one: SiteNames, other: SiteNames): boolean {
  const sorted = ({ domain, extraNames, formerNames }: SiteNames) =>
    JSON.stringify([domain, [...extraNames].sort(), [...formerNames].sort()]);
  return sorted(one) === sorted(other);
}

/** @returns the answers of a site with these names */
export function answersFor(answers: Answers, names: SiteNames): Answers {
  return answers
    .with('domain', names.domain, 'host')
    .with('extra-names', names.extraNames, 'host')
    .with('redirect-names', names.formerNames, 'host');
}

export function without(names: readonly string[], others: readonly string[]): readonly string[] {
  return [...new Set(names)].filter((name) => !others.includes(name));
}
