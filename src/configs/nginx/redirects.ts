import { template } from '../../../templates/index.ts';
import { fill } from '../fill.ts';
import { safeCertificate, safeName, safePath } from './own.ts';
import { hostNames, listens, type Server, servers, siteServer } from './site.ts';
import { descendants, directives, NginxSyntaxError, parseNginx } from './tree.ts';

/** Former names of the site that lead to its own, with the certificate that they still have. */
export interface Redirect {
  readonly names: readonly string[];
  /** Name of their certificate at certbot: they share one where they were names of one site. */
  readonly certificate: string;
}

export interface RedirectTarget {
  /** Where they lead. */
  readonly domain: string;
  /** Absolute path of the folder for certificate challenges. */
  readonly webroot: string;
  /** Arguments of each `listen` directive. */
  readonly https: readonly string[];
  readonly http: readonly string[];
  /** TLS settings in the place of certbot's own file. */
  readonly inlineTls?: string;
}

/**
 * The servers of former names: 301 to the same page, their challenges answered, so that their certificate renews.
 * @throws {TypeError} for names or paths that could break out of a directive
 */
export function redirectServers(redirects: readonly Redirect[], target: RedirectTarget): string {
  return redirects
    .map(({ names, certificate }) =>
      fill(template('snippets/redirect.conf'), {
        domain: safeName(target.domain),
        names: names.map(safeName).join(' '),
        certificate: safeCertificate(certificate),
        webroot: safePath(target.webroot),
      }),
    )
    .map((text) =>
      text
        .replace(LISTEN(443), () => listenLines(target.https))
        .replace(LISTEN(80), () => listenLines(target.http))
        .replace(/ {4}include \S+options-ssl-nginx\.conf;\n/, (include) =>
          target.inlineTls === undefined ? include : target.inlineTls.replaceAll(/^(?=.)/gm, '    '),
        ),
    )
    .join('\n');
}

const LISTEN = (port: number) => new RegExp(`listen ${port}[^;]*;\\s*listen [^;]*;`);

function listenLines(addresses: readonly string[]): string {
  return addresses.map((address) => `listen ${address};`).join('\n    ');
}

/** What port 443 listens on, for another server of the same sockets. */
export function tlsAddresses(site: Server): readonly string[] {
  const found = listens(site, 443).map(({ args }) => sharedListen(args.map(({ text }) => text).join(' ')));
  return found.length > 0 ? found : ['443 ssl'];
}

/**
 * @param listen arguments of a `listen` directive
 * @returns those that a second server of the same socket repeats: nginx refuses a second `reuseport` or `backlog`, and
 *   only one server can be the default
 */
export function sharedListen(listen: string): string {
  const [address = '', ...options] = listen.split(/\s+/);
  return [address, ...options.filter((option) => /^(ssl|http2|quic|proxy_protocol)$/.test(option))].join(' ');
}

/**
 * The former names in a config, made by hand or by this product: servers with TLS that do nothing but lead to a name of
 * the site.
 * @returns none for a config that can not be read
 */
export function redirectsOf(source: string): readonly Redirect[] {
  try {
    const nodes = parseNginx(source);
    const site = siteServer(nodes);
    if (site === undefined) return [];
    const own = hostNames(site);
    return servers(nodes).flatMap((server) => {
      const names = hostNames(server);
      const certificate = certificateOf(server);
      return server !== site && names.length > 0 && certificate !== undefined && leadsTo(server, own)
        ? [{ names, certificate }]
        : [];
    });
  } catch (error) {
    if (error instanceof NginxSyntaxError) return [];
    throw error;
  }
}

function certificateOf({ block }: Server): string | undefined {
  const path = directives(block.nodes, 'ssl_certificate')[0]?.args[0]?.text ?? '';
  return /^\/etc\/letsencrypt\/live\/([^/]+)\//.exec(path)?.[1];
}

function leadsTo({ block }: Server, names: readonly string[]): boolean {
  const returns = [...descendants(block.nodes)].filter(({ name }) => name === 'return');
  return (
    returns.length > 0 &&
    returns.every(({ args: [code, target] }) => {
      const host = /^https:\/\/([^/$]+)/.exec(target?.text ?? '')?.[1];
      return /^30[1278]$/.test(code?.text ?? '') && host !== undefined && names.includes(host);
    })
  );
}
