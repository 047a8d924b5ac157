import { template } from '../../../templates/index.ts';
import { applyEdits, type Edit } from '../../text/edits.ts';
import { fill } from '../fill.ts';
import { lineBreak } from '../lines.ts';
import { foreignTestEdits, guardEdits } from './host-conditions.ts';
import { ipv6Edits, withIpv6, withoutIpv6 } from './ipv6.ts';
import { blocksWithGaps, blockWithComment } from './layout.ts';
import { removal, renameEdits, serverNameEdits } from './names.ts';
import { namesOfOwnServers, type OperatorNames, safeCertificate, safeName, safePath } from './own.ts';
import { type Redirect, redirectServers, sharedListen, tlsAddresses } from './redirects.ts';
import { hostNames, isHttp, listens, type Server, servers, siteServer } from './site.ts';
import { certificateEdits, inlineTlsEdits } from './tls.ts';
import { type NginxNode, NginxSyntaxError, parseNginx } from './tree.ts';

export { foreignNames } from './foreign.ts';
export { type Redirect, redirectsOf } from './redirects.ts';
export { NginxSyntaxError } from './tree.ts';

/** Where certbot's `--webroot` puts its challenges, unless told otherwise. */
export const DEFAULT_WEBROOT = '/var/www/letsencrypt';

export interface VhostOptions extends OperatorNames {
  /** Name of the certificate at certbot, which may differ from the domain (`NAME-0001`). Default: the domain. */
  readonly certificateName?: string;
  /** Absolute path of the folder for certificate challenges. */
  readonly webroot?: string;
  /**
   * `inline` (default): TLS settings in the vhost itself, for `certbot certonly --webroot`.
   * `certbot`: keep the references to options-ssl-nginx.conf and ssl-dhparams.pem, which `certbot --nginx` leaves.
   */
  readonly tlsOptions?: 'certbot' | 'inline';
  /** Former names that lead to the domain; none when absent. */
  readonly redirects?: readonly Redirect[];
  /** Whether this server has IPv6; `true` when absent. */
  readonly ipv6?: boolean;
  /** Further names whose challenges are answered: they have no certificate yet. */
  readonly challenged?: readonly string[];
}

/** Thrown when a config holds no HTTPS server of the site: then the product's own template is what helps. */
export class NoSiteServerError extends Error {
  override readonly name = 'NoSiteServerError';

  constructor() {
    super('The nginx configuration has no HTTPS server that passes requests to uWSGI.');
  }
}

/**
 * The site's vhost for the operator's own names: what is not a server block stays, of the server blocks only the HTTPS
 * site, and one for port 80 that answers challenges. All that is kept stays as it was but for names and certificates.
 * Applied to its own result it changes nothing.
 * @param source the repository's `nginx_studio.conf`, of any age.
 * @throws {NginxSyntaxError} for a config that can not be read.
 * @throws {NoSiteServerError} when it has no HTTPS site.
 * @throws {TypeError} for names or paths that could break out of a directive.
 */
export function studioVhost(source: string, options: VhostOptions): string {
  const names = namesOfOwnServers(options);
  const nodes = parseNginx(source);
  const site = siteServer(nodes, names);
  if (!site) throw new NoSiteServerError();
  const siteNames = new Set([...hostNames(site), ...names]);
  const others = servers(nodes).filter((server) => server !== site);
  const http = others.find(
    (server) => isHttp(server) && hostNames(server).some((name) => siteNames.has(name)),
  );
  const { ipv6 = true } = options;
  const httpAddresses = listenAddresses(source, http ?? site, ipv6);
  const answered = [...names, ...(options.challenged ?? []).map(safeName)];
  const block = httpServer(answered, options.webroot, httpAddresses);
  const edits = [
    ...siteEdits(source, nodes, site, others, options),
    ...blocksWithGaps(
      source,
      nodes,
      others.filter((server) => server !== http),
    ).map((range) => ({ ...range, text: '' })),
    httpEdit(source, nodes, site, http, block),
  ];
  const vhost = applyEdits(
    source,
    edits.map((edit) => ({ ...edit, text: withBreaks(edit.text, lineBreak(source)) })),
  );
  const { redirects = [] } = options;
  if (redirects.length === 0) return vhost;
  const former = redirectServers(redirects, {
    domain: options.domain,
    webroot: options.webroot ?? DEFAULT_WEBROOT,
    https: withIpv6(tlsAddresses(site), ipv6),
    http: httpAddresses.map(sharedListen),
    ...(options.tlsOptions === 'certbot' ? {} : { inlineTls: template('snippets/tls.conf') }),
  });
  return withBreaks(`${vhost.trimEnd()}\n\n${former}`, lineBreak(source));
}

/**
 * The site before its first certificate: HTTP that answers challenges. A config with the paths of a certificate that
 * does not exist yet fails `nginx -t`, and `certbot --nginx` refuses to work on one that fails.
 * @throws {TypeError} for names or paths that could break out of a directive.
 */
export function bootstrapVhost(options: OperatorNames & Pick<VhostOptions, 'webroot' | 'ipv6'>): string {
  const text = template('snippets/http-only.conf');
  return fill(options.ipv6 === false ? text.replace(/^ *listen \[.*\n/m, '') : text, {
    names: namesOfOwnServers(options).join(' '),
    webroot: safePath(options.webroot ?? DEFAULT_WEBROOT),
  });
}

/**
 * The host names that a config, made by hand or by this product, serves the site under; the main one first.
 * @returns the names of the HTTPS site, else those of the first server that has any; none for an unreadable config.
 */
export function namesOfVhost(source: string): string[] {
  try {
    const nodes = parseNginx(source);
    const site = siteServer(nodes);
    const candidates = site ? [site] : servers(nodes);
    return [...new Set(candidates.map(hostNames).find((names) => names.length > 0))];
  } catch (error) {
    if (error instanceof NginxSyntaxError) return [];
    throw error;
  }
}

/** The main host name of `namesOf`. */
export function domainOf(source: string): string | undefined {
  return namesOfVhost(source)[0];
}

function siteEdits(
  source: string,
  nodes: readonly NginxNode[],
  site: Server,
  others: readonly Server[],
  options: VhostOptions,
): Edit[] {
  const names = namesOfOwnServers(options);
  const certificate = safeCertificate(options.certificateName ?? options.domain);
  const edits = [
    ...serverNameEdits(source, site, names),
    ...guardEdits(source, site.block, names),
    ...foreignTestEdits(source, site.block, [...names, ...hostNames(site).slice(0, 1)]),
    ...ipv6Edits(source, site, options.ipv6 ?? true),
    ...certificateEdits(source, site, certificate),
    ...(options.tlsOptions === 'certbot' ? [] : inlineTlsEdits(source, site, template('snippets/tls.conf'))),
    // Port 80 has a server of its own: with both, nginx would ignore the one that answers challenges.
    ...listens(site, 80).map((listen) => removal(source, listen)),
  ];
  const [former] = hostNames(site);
  const kept = nodes.filter((node) => !others.some((server) => server === node));
  return [
    ...edits,
    ...(former === undefined ? [] : renameEdits(source, kept, former, options.domain, edits)),
  ];
}

/** What port 80 listened on, and IPv6 as well where there is any: a validation by AAAA record comes in there. */
function listenAddresses(source: string, server: Server, ipv6: boolean): readonly string[] {
  const found = listens(server, 80).flatMap(({ args: [first, ...rest] }) =>
    first ? [source.slice(first.start, rest.at(-1)?.end ?? first.end)] : [],
  );
  const addresses = found.length > 0 ? found : ['80'];
  if (!ipv6) return withoutIpv6(addresses);
  return addresses.some((address) => address.startsWith('[::]')) ? addresses : [...addresses, '[::]:80'];
}

function httpServer(
  names: readonly string[],
  webroot: string | undefined,
  addresses: readonly string[],
): string {
  const text = fill(template('snippets/http.conf'), {
    names: names.join(' '),
    webroot: safePath(webroot ?? DEFAULT_WEBROOT),
  });
  const listen = addresses.map((address) => `listen ${address};`).join('\n    ');
  return text.replace(/listen [^;]*;\s*listen [^;]*;/, () => listen);
}

function httpEdit(
  source: string,
  nodes: readonly NginxNode[],
  site: Server,
  http: Server | undefined,
  text: string,
): Edit {
  if (http) return { ...blockWithComment(source, nodes, http), text };
  const { end } = blockWithComment(source, nodes, site);
  return { start: end, end, text: `\n${text}` };
}

function withBreaks(text: string, lineBreak: string): string {
  return text.replaceAll(/\r?\n/g, lineBreak);
}
