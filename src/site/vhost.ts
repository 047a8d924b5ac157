import type { Answers } from '../answers/answers.ts';
import { parseDomain } from '../configs/domain.ts';
import { balancedVhost } from '../configs/nginx/balanced.ts';
import {
  NginxSyntaxError,
  NoSiteServerError,
  namesOfVhost,
  redirectsOf,
  studioVhost,
} from '../configs/nginx/vhost.ts';
import type { NotYet } from '../engine/operation.ts';
import type { Host } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';
import { liveFolder, siteCertificate } from './certificate.ts';
import { checkoutFile, deployed } from './deployed.ts';
import { formerSites } from './former-names.ts';
import { ACME_WEBROOT, NGINX_SITE, SITE_USER } from './layout.ts';
import { formerNamesOf, namesOf } from './names.ts';

/** Every name under which the site is reached. */
export interface SiteNames {
  readonly domain: string;
  readonly extraNames: readonly string[];
  /** They redirect to the domain. */
  readonly formerNames: readonly string[];
}

/**
 * Off in the kernel (`ipv6.disable=1`), an IPv6 socket can't be opened; turned off by sysctl it can, and takes nothing.
 * @returns whether the kernel has IPv6, by ipv6(7)'s own file
 */
export async function hasIpv6(host: Host): Promise<boolean> {
  return (await host.status('/proc/net/if_inet6')) !== undefined;
}

/** @returns the installed vhost, unless it still is the repository's own */
async function ownVhost(host: Host): Promise<string | undefined> {
  const vhost = await host.read(NGINX_SITE, { as: SITE_USER });
  return vhost === (await checkoutFile(host, NGINX_SITE)) ? undefined : vhost;
}

/**
 * The site's own account writes the vhost, so anything may stand there: of its words only host names are taken.
 * @returns the names that the installed vhost has; `undefined` while there is none, or only the repository's own
 */
export function namesOnHost(host: Host): Promise<SiteNames | undefined> {
  return host.once('names', async () => {
    const vhost = await ownVhost(host);
    if (vhost === undefined) return undefined;
    const [domain, ...extraNames] = namesOfVhost(vhost).filter((name) => parseDomain(name).ok);
    if (domain === undefined) return undefined;
    return { domain, extraNames, formerNames: redirectsOf(vhost).flatMap(({ names }) => names) };
  });
}

/**
 * @returns the HTTPS site for the names of the answers, made from the repository's own; former names without a
 *   certificate only have their challenges answered
 * @throws ProblemError when there is no site in the repository's file
 */
export async function httpsVhost(host: Host, answers: Answers): Promise<string | NotYet> {
  const source = await deployed(host, answers, NGINX_SITE);
  if (typeof source !== 'string') return source;
  const [domain, ...extraNames] = namesOf(answers);
  const former = await formerSites(host, formerNamesOf(answers));
  const { name, installed } = await siteCertificate(host, namesOf(answers));
  const ipv6 = await hasIpv6(host);
  const willBeNew = host.willChange(`${liveFolder(name)}/fullchain.pem`);
  return withSite(() =>
    studioVhost(source, {
      domain,
      extraNames,
      certificateName: willBeNew ? name : (installed?.name ?? name),
      webroot: ACME_WEBROOT,
      tlsOptions: 'certbot',
      ipv6,
      redirects: former.filter(({ issued }) => issued),
      challenged: former.filter(({ issued }) => !issued).flatMap((site) => site.names),
    }),
  );
}

/** @returns the same site over plain HTTP for load balancers, which end HTTPS @throws ProblemError likewise */
export async function httpVhost(host: Host, answers: Answers): Promise<string | NotYet> {
  const source = await deployed(host, answers, NGINX_SITE);
  if (typeof source !== 'string') return source;
  const [domain, ...extraNames] = namesOf(answers);
  const ipv6 = await hasIpv6(host);
  return withSite(() =>
    balancedVhost(source, { domain, extraNames, ipv6, balancers: answers.list('load-balancers') }),
  );
}

function withSite(make: () => string): string {
  try {
    return make();
  } catch (error) {
    if (error instanceof NginxSyntaxError || error instanceof NoSiteServerError) {
      throw new ProblemError({
        what: `The repository's deploy${NGINX_SITE} can't be used: ${error.message}`,
        remedy: 'Choose a branch whose file is whole (answer repository.branch), then run again.',
      });
    }
    throw error;
  }
}
