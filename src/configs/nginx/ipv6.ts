import type { Edit } from '../../text/edits.ts';
import { indentation } from '../lines.ts';
import { removal } from './names.ts';
import { sharedListen } from './redirects.ts';
import { listens, type Server } from './site.ts';
import { type Directive, directives } from './tree.ts';

/**
 * With IPv6, HTTPS is reached by it where it is reached by every IPv4 address: who comes by an AAAA record would find the
 * port closed. Without, as with `ipv6.disable=1`, nginx refuses to open such a socket ("Address family not supported").
 */
export function ipv6Edits(source: string, site: Server, ipv6: boolean): Edit[] {
  const own = directives(site.block.nodes, 'listen').filter(isIpv6);
  if (!ipv6)
    return own
      .filter((listen) => !listens(site, 80).includes(listen))
      .map((listen) => removal(source, listen));
  const all = listens(site, 443).find((listen) => ALL_IPV4.test(listen.args[0]?.text ?? ''));
  if (all === undefined || listens(site, 443).some(isIpv6)) return [];
  const words = all.args.map(({ text }) => text).join(' ');
  const indent = indentation(source, all.start);
  const listen = sharedListen(words).replace(/^\S+/, '[::]:443');
  return [{ start: all.start, end: all.start, text: `listen ${listen};\n${indent}` }];
}

const ALL_IPV4 = /^(?:(?:\*|0\.0\.0\.0):)?443$/;

function isIpv6({ args: [address] }: Directive): boolean {
  return address?.text.startsWith('[') ?? false;
}

/**
 * @param addresses arguments of `listen` directives for port 443
 * @returns those with IPv6 where there is any, and none of it where there is not
 */
export function withIpv6(addresses: readonly string[], ipv6: boolean): readonly string[] {
  if (!ipv6) return withoutIpv6(addresses);
  const all = addresses.find((address) => ALL_IPV4.test(address.split(/\s/)[0] ?? ''));
  if (all === undefined || withoutIpv6(addresses).length < addresses.length) return addresses;
  return [sharedListen(all).replace(/^\S+/, '[::]:443'), ...addresses];
}

export function withoutIpv6(addresses: readonly string[]): readonly string[] {
  return addresses.filter((address) => !address.startsWith('['));
}
