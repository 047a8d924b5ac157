import type { Redirect } from '../configs/nginx/vhost.ts';
import type { Host } from '../host/host.ts';
import { installedCertificate, isFor } from './certificate.ts';

/** Former names that share a certificate; `certificate` is the name that it has, or will get, at certbot. */
export interface FormerSite extends Redirect {
  readonly names: readonly [string, ...string[]];
  /** Whether the certificate is there: without one nginx can't serve these names over HTTPS. */
  readonly issued: boolean;
}

/**
 * Former names keep the certificate that they had as names of the site.
 * @param names in the order of the answer `redirect-names`
 * @returns them by certificate, as {@link byCertificate} has it
 */
export async function formerSites(host: Host, names: readonly string[]): Promise<readonly FormerSite[]> {
  const named = new Map<string, readonly string[]>();
  if (names.length === 0) return [];
  // One that was made by hand may be called otherwise: certbot itself says NAME-0001.
  for (const name of new Set([...names, ...(await host.list('/etc/letsencrypt/live'))])) {
    const certificate = await installedCertificate(host, name);
    if (certificate !== undefined) named.set(name, certificate.names);
  }
  return byCertificate(names, named);
}

/**
 * @param named certificates by the name that they have at certbot, each with the names that it is for
 * @returns the names under the certificate that is theirs, else under the first that names them too; those that none
 *   names stand together under the first of them
 */
export function byCertificate(
  names: readonly string[],
  named: ReadonlyMap<string, readonly string[]>,
): readonly FormerSite[] {
  const sites = new Map<string, { names: [string, ...string[]]; issued: boolean }>();
  let without: string | undefined;
  for (const name of names) {
    const issued = [name, ...named.keys()].find((certificate) =>
      isFor({ names: named.get(certificate) ?? [] }, name),
    );
    if (issued === undefined) without ??= name;
    const certificate = issued ?? without ?? name;
    const site = sites.get(certificate);
    if (site === undefined) sites.set(certificate, { names: [name], issued: issued !== undefined });
    else site.names.push(name);
  }
  return [...sites].map(([certificate, site]) => ({ certificate, ...site }));
}
