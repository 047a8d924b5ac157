import { ProblemError } from '../output/problem.ts';
import { namesOnHost } from '../site/vhost.ts';
import type { Session } from './session.ts';

/** Where the site is reached. */
export interface SiteAddresses {
  readonly site: string;
  readonly admin: string;
  readonly others: readonly string[];
}

/** @throws ProblemError when there is no site on this server */
export async function siteAddresses({ host }: Session): Promise<SiteAddresses> {
  const names = await namesOnHost(host);
  if (names === undefined)
    throw new ProblemError({
      what: 'There is no site on this server yet, and so it has no address.',
      remedy: 'Set it up first: studio-setup',
    });
  const of = (name: string) => `https://${name}/`;
  return { site: of(names.domain), admin: `${of(names.domain)}admin/`, others: names.extraNames.map(of) };
}
