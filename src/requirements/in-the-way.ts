import { type Clash, clashes } from '../configs/nginx/clashes.ts';
import { type InForce, isRead } from '../configs/nginx/in-force.ts';
import type { Host } from '../host/host.ts';
import type { Problem } from '../output/problem.ts';
import { resolve } from '../site/dns.ts';
import { MAINTENANCE, NGINX_LINK, NGINX_SITE, NGINX_SITES } from '../site/layout.ts';
import { nginxInForce } from '../site/nginx-in-force.ts';
import { ownAddresses } from './names.ts';

/** nginx's own file, on every system of Debian's family. */
const NGINX_CONF = '/etc/nginx/nginx.conf';

/**
 * @param names of the site
 * @param planned whether the site's servers are still to come into force
 * @returns what keeps visitors from the site's servers, with the file that does; none where nginx can't be asked
 */
export async function inTheWay(
  host: Host,
  names: readonly string[],
  planned: boolean,
): Promise<readonly Problem[]> {
  const inForce = await nginxInForce(host);
  if (inForce === undefined) return [];
  const own = await ownFiles(host, inForce);
  if (own.size === 0 && !(planned ? isRead(inForce, NGINX_LINK) : !(await linked(host))))
    return [notRead(planned)];
  const found = clashes(inForce, {
    isOwn: (file) => own.has(file) || file === NGINX_LINK || file === MAINTENANCE,
    names,
    addresses: await visitedAddresses(host, names),
    ...(planned ? { planned: NGINX_LINK } : {}),
  });
  return found.map(problemOf);
}

/** @returns by which names nginx reads the site's file: by itself, or by any link */
export async function ownFiles(host: Host, { files }: InForce): Promise<ReadonlySet<string>> {
  const own = new Set<string>();
  for (const file of files.keys()) {
    const target = file === NGINX_SITE ? file : (await host.status(file))?.target;
    if (file === NGINX_LINK || target === NGINX_SITE) own.add(file);
  }
  return own;
}

async function linked(host: Host): Promise<boolean> {
  return (await host.status(NGINX_LINK)) !== undefined;
}

function notRead(planned: boolean): Problem {
  return {
    what: `nginx ${planned ? 'would not read' : 'does not read'} ${NGINX_LINK}: no "include" in ${NGINX_CONF} names ${NGINX_SITES}/.`,
    remedy: `Add the line "include ${NGINX_SITES}/*;" to the http block of ${NGINX_CONF}, test it with nginx -t, then run again.`,
  };
}

/** Only at addresses that DNS gives do visitors come in; behind a router that translates them it may be any. */
export async function visitedAddresses(host: Host, names: readonly string[]): Promise<readonly string[]> {
  const { v4, v6 } = await ownAddresses(host);
  const own = [...v4, ...v6];
  const given = await Promise.all(names.map((name) => resolve(name)));
  const visited = own.filter((address) => given.some((each) => [...each.v4, ...each.v6].includes(address)));
  return visited.length > 0 ? visited : own;
}

function problemOf({ server: { file, line }, name, address, port, cause }: Clash): Problem {
  const place = `${file}:${line}`;
  const then = 'test it with nginx -t, load it with systemctl reload nginx, then run again.';
  switch (cause) {
    case 'stream':
      return {
        what: `The stream server at ${place} takes every connection to ${address}:${port}: nothing reaches the site.`,
        remedy: `Let it listen on another port or address, ${then}`,
      };
    case 'address':
      return {
        what: `The server at ${place} listens on the address ${address}:${port}, so nginx does not use the site's server for ${name} there.`,
        remedy: `Write "listen ${port}" instead of the address in ${file}, so that names decide; ${then}`,
      };
    case 'name':
      return {
        what: `The server at ${place} answers for ${name} on port ${port}, so visitors do not reach the site.`,
        remedy: `Take ${name} out of its server_name, or remove ${file} if it is no longer needed; ${then}`,
      };
  }
}
