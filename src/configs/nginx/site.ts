import { parseDomain } from '../domain.ts';
import { type Directive, descendants, directives, type NginxBlock, type NginxNode } from './tree.ts';

/** A `server { … }` of a config. */
export type Server = Directive & { readonly block: NginxBlock };

/** The server blocks of a file that is meant for `sites-enabled/`. */
export function servers(nodes: readonly NginxNode[]): Server[] {
  return directives(nodes, 'server').filter(
    (directive): directive is Server => directive.block !== undefined,
  );
}

/** All words of all `server_name` directives of a server, in order. */
function serverNames(server: Server): string[] {
  return directives(server.block.nodes, 'server_name').flatMap(({ args }) => args.map(({ text }) => text));
}

/** The names of a server that are host names: no `_`, no pattern, no address. */
export function hostNames(server: Server): string[] {
  return serverNames(server).flatMap((name) => {
    const parsed = parseDomain(name);
    return parsed.ok ? [parsed.domain] : [];
  });
}

/** The names of a server that DNS can lead to: host names, and all below one (`*.example.org`, `.example.org`). */
export function addressedNames(server: Server): string[] {
  return serverNames(server).flatMap((name) => {
    const [, all = '', rest = ''] = /^(\*?\.)?(.*)$/.exec(name) ?? [];
    const parsed = parseDomain(rest);
    return parsed.ok ? [`${all}${parsed.domain}`] : [];
  });
}

/** The port of a `listen` directive; `undefined` for a Unix socket. */
function listenPort(listen: Directive): number | undefined {
  const address = listen.args[0]?.text ?? '';
  if (address.startsWith('unix:')) return undefined;
  return Number(/^\d+$/.exec(address)?.[0] ?? /:(\d+)$/.exec(address)?.[1] ?? 80);
}

export function listens(server: Server, port: number): Directive[] {
  return directives(server.block.nodes, 'listen').filter((listen) => listenPort(listen) === port);
}

/** Whether a server answers plain HTTP on port 80; nginx as root listens there when nothing else is said. */
export function isHttp(server: Server): boolean {
  return listens(server, 80).length > 0 || directives(server.block.nodes, 'listen').length === 0;
}

function isTls({ block }: Server): boolean {
  return directives(block.nodes).some(
    (directive) =>
      directive.name === 'ssl_certificate' ||
      (directive.name === 'listen' &&
        (listenPort(directive) === 443 || directive.args.some(({ text }) => text === 'ssl'))),
  );
}

function passesToUwsgi({ block }: Server): boolean {
  return [...descendants(block.nodes)].some(({ name }) => name === 'uwsgi_pass');
}

function includesCommon({ block }: Server): boolean {
  return [...descendants(block.nodes)].some(
    ({ name, args }) =>
      name === 'include' && args.some(({ text }) => /\bnginx_[\w-]+\.common\.conf$/.test(text)),
  );
}

/**
 * The HTTPS server of the site, told by what it does and not by its name: it speaks TLS and hands requests to
 * uWSGI, or at least includes the site's common file. The private load balancer's block does so too, without TLS.
 * @param preferred names to decide by when several servers qualify.
 */
export function siteServer(
  nodes: readonly NginxNode[],
  preferred: readonly string[] = [],
): Server | undefined {
  const tls = servers(nodes).filter(isTls);
  const uwsgi = tls.filter(passesToUwsgi);
  const candidates = uwsgi.length > 0 ? uwsgi : tls.filter(includesCommon);
  return (
    candidates.find((server) => hostNames(server).some((name) => preferred.includes(name))) ?? candidates[0]
  );
}
