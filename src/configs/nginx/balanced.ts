import { applyEdits, type Edit } from '../../text/edits.ts';
import { indentation } from '../lines.ts';
import { blocksWithGaps } from './layout.ts';
import { removal } from './names.ts';
import { namesOfOwnServers } from './own.ts';
import { type Server, servers, siteServer } from './site.ts';
import { type Directive, directives, parseNginx } from './tree.ts';
import { NoSiteServerError, studioVhost, type VhostOptions } from './vhost.ts';

/** nginx's own variable for the peer of the connection, whatever address it names for its visitor. */
const PEER = '$realip_remote_addr';

/**
 * The site's vhost behind load balancers that end HTTPS: the HTTPS site of {@link studioVhost} over plain HTTP, for these
 * balancers and for this server itself. What it logs and hands on as the visitor's address is what they name in
 * X-Forwarded-For (nginx.org/en/docs/http/ngx_http_realip_module.html); who is let in is decided by the connection's own, in
 * {@link balancersFile}.
 * @param balancers addresses and networks
 * @throws what `studioVhost` throws
 */
export function balancedVhost(
  source: string,
  options: VhostOptions & { readonly balancers: readonly string[] },
): string {
  const { balancers, ipv6 = true } = options;
  const vhost = studioVhost(source, { ...options, tlsOptions: 'certbot' });
  const nodes = parseNginx(vhost);
  const site = siteServer(nodes, namesOfOwnServers(options));
  if (site === undefined) throw new NoSiteServerError();
  const others = servers(nodes).filter((server) => server !== site);
  const edits: Edit[] = [
    ...listenEdits(vhost, site, balancers, ipv6),
    ...directives(site.block.nodes)
      .filter(isOfTls)
      .map((directive) => removal(vhost, directive)),
    ...blocksWithGaps(vhost, nodes, others).map((range) => ({ ...range, text: '' })),
  ];
  return `${applyEdits(vhost, edits).trimEnd()}\n`;
}

/** Port 80 alone, and what decides who is let in. */
function listenEdits(source: string, { block }: Server, balancers: readonly string[], ipv6: boolean): Edit[] {
  const [first, ...others] = directives(block.nodes, 'listen');
  const indent = first === undefined ? '    ' : indentation(source, first.start);
  const lines = [
    'listen 80;',
    ...(ipv6 ? ['listen [::]:80;'] : []),
    '# Only load balancers are let in; the address of a visitor is what they say it is.',
    'if ($studio_balancer = 0) {',
    '    return 403;',
    '}',
    ...balancers.map((each) => `set_real_ip_from ${each};`),
    'real_ip_header X-Forwarded-For;',
  ].join(`\n${indent}`);
  // Without a directive nginx, which root starts, listens on port 80.
  const { start, end } = first ?? { start: block.open + 1, end: block.open + 1 };
  return [
    { start, end, text: first === undefined ? `\n${indent}${lines}` : lines },
    ...others.map((listen) => removal(source, listen)),
  ];
}

/**
 * The addresses that are let in, for a file of root's: inside such a block, root's nginx may write files beside those that it
 * includes (ngx_http_geo_module.c, `ngx_http_geo_create_binary_base`), so that none is taken from what www-data can write.
 * @param balancers addresses and networks
 */
export function balancersFile(balancers: readonly string[]): string {
  return [
    '# Written by studio-setup: who may fetch the site over plain HTTP, load balancers and this server itself.',
    `geo ${PEER} $studio_balancer {`,
    '    default 0;',
    ...['127.0.0.1', '::1', ...balancers].map((each) => `    ${each} 1;`),
    '}',
    '',
  ].join('\n');
}

function isOfTls({ name, args }: Directive): boolean {
  return (
    name.startsWith('ssl_') ||
    name === 'http2' ||
    (name === 'include' && /\/options-ssl-nginx\.conf$/.test(args[0]?.text ?? ''))
  );
}
