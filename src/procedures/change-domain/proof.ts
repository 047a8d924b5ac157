import type { Host } from '../../host/host.ts';
import { installedSettings } from '../../operations/settings.ts';
import { certificateMissing } from '../../site/certificate.ts';
import { djangoState } from '../../site/django.ts';
import { valueAt } from '../../site/integrations.ts';
import { currentMasterKey } from '../../site/meilisearch.ts';
import type { SiteNames } from '../../site/vhost.ts';
import { searchWorks } from '../search-proof.ts';
import { siteAnswers } from '../site.ts';
import { ownNames } from './names.ts';

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
    return `The site's own name is ${state.siteDomain} in its database.`;
  const file = await installedSettings(host);
  const address = file && valueAt(file, ['MEILISEARCH_API_ADDRESS']);
  if (address !== `https://${domain}/s/`) return `settings.py says ${String(address)} for the search.`;
  const master = await currentMasterKey(host);
  const search = master && (await searchWorks(host, { name: domain, master, refused: [] }));
  if (search !== undefined) return search;
  for (const name of formerNames) {
    const wrong = (await leads(host, `https://${name}/`, domain)) ?? (await plainLeads(host, name, domain));
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

/** @returns which of the names is served here over HTTPS although it went, `undefined` for none */
export async function stillServed(host: Host, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    const { status } = await host.request(`https://${name}/`, { address: '127.0.0.1' });
    if (status !== 0) return `https://${name}/ is still answered here.`;
  }
  return undefined;
}

function plainLeads(host: Host, name: string, domain: string): Promise<string | undefined> {
  return leads(host, `http://${name}/`, domain);
}

async function leads(host: Host, url: string, domain: string): Promise<string | undefined> {
  const { status, headers, error } = await host.request(url);
  return status === 301 && headers.location === `https://${domain}/`
    ? undefined
    : `${url} does not lead to https://${domain}/ (${error ?? `HTTP ${status} ${headers.location ?? ''}`}).`;
}
