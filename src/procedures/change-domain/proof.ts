import type { Host, HttpAnswer } from '../../host/host.ts';
import { certificateMissing } from '../../site/certificate.ts';
import { djangoState } from '../../site/django.ts';
import { installedSettings } from '../../site/installed-settings.ts';
import { valueAt } from '../../site/integrations.ts';
import { NGINX_SITE, SITE_USER } from '../../site/layout.ts';
import { currentMasterKey } from '../../site/meilisearch.ts';
import type { SiteNames } from '../../site/vhost.ts';
import { searchWorks } from '../search-proof.ts';
import { siteAnswers } from '../site.ts';
import { ownNames } from './names.ts';
import { namesIn } from './nginx.ts';

/**
 * The site as visitors reach it: each of its names with a valid certificate, a page, the database under its new name, a
 * search; former names lead to it.
 * @returns what is wrong, `undefined` when nothing is
 */
export async function siteIs(host: Host, names: SiteNames): Promise<string | undefined> {
  const { domain, formerNames } = names;
  const missing = await certificateMissing(host, ownNames(names));
  if (missing !== undefined) return `The certificate for ${domain}: ${missing}.`;
  for (const name of ownNames(names)) {
    const wrong = (await siteAnswers(host, name)) ?? (await plainLeads(host, name, name));
    if (wrong !== undefined) return wrong;
  }
  const state = await djangoState(host);
  if (state?.databaseError !== undefined) return `The site can't use its database: ${state.databaseError}`;
  if (state?.siteDomain !== undefined && state.siteDomain !== domain)
    return `The Site record in the database says ${state.siteDomain}, not ${domain}.`;
  const file = await installedSettings(host);
  const address = file && valueAt(file, ['MEILISEARCH_API_ADDRESS']);
  if (address !== `https://${domain}/s/`)
    return `MEILISEARCH_API_ADDRESS in settings.py is ${String(address)} (expected https://${domain}/s/).`;
  const master = await currentMasterKey(host);
  const search = master && (await searchWorks(host, { name: domain, master, refused: [] }));
  if (search !== undefined) return search;
  for (const name of formerNames) {
    const wrong = (await leads(host, `https://${name}/`, domain)) ?? (await plainLeads(host, name, domain));
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

/**
 * Whether the site is still reached by names that went. Other servers of this server may answer them, with a certificate for
 * all names of a domain say: that is no concern of the site's.
 * @param domain the site's own now
 * @returns what is wrong, `undefined` when nothing is
 */
export async function stillServed(
  host: Host,
  names: readonly string[],
  domain: string,
): Promise<string | undefined> {
  const vhost = namesIn((await host.read(NGINX_SITE, { as: SITE_USER })) ?? '');
  const named = names.find((name) => vhost.includes(name));
  if (named !== undefined) return `${NGINX_SITE} still has a server for ${named}.`;
  const home = await host.request(`https://${domain}/`, { address: '127.0.0.1' });
  if (home.status === 0)
    return `https://${domain}/ is not answered on this server (${home.error ?? 'no answer'}).`;
  for (const name of names) {
    const answer = await host.request(`https://${name}/`, { address: '127.0.0.1' });
    if (isSites(answer, home)) return `https://${name}/ is still answered by the site on this server.`;
  }
  return undefined;
}

/** @returns whether an answer comes from the server that answers by the domain, and is a page of the site's */
function isSites(answer: HttpAnswer, home: HttpAnswer): boolean {
  return (
    answer.status !== 0 &&
    answer.status < 400 &&
    answer.certificate === home.certificate &&
    answer.status === home.status &&
    titleOf(answer) === titleOf(home)
  );
}

function titleOf({ body }: HttpAnswer): string | undefined {
  return /<title[^>]*>([^<]*)/i.exec(body)?.[1]?.trim();
}

function plainLeads(host: Host, name: string, domain: string): Promise<string | undefined> {
  return leads(host, `http://${name}/`, domain);
}

async function leads(host: Host, url: string, domain: string): Promise<string | undefined> {
  const { status, headers, error } = await host.request(url);
  return status === 301 && headers.location === `https://${domain}/`
    ? undefined
    : `${url} does not redirect to https://${domain}/ (${error ?? `HTTP ${status} ${headers.location ?? ''}`}).`;
}
