import type { Host } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';
import { type Addresses, resolve } from '../site/dns.ts';

/** @returns the addresses of this host's own interfaces, loopback left out. */
export async function ownAddresses(host: Host): Promise<Addresses> {
  const { stdout } = await host.query(['ip', '-oneline', 'address', 'show', 'scope', 'global']);
  const all = (family: string) =>
    [...stdout.matchAll(new RegExp(`${family} ([0-9a-f.:]+)/`, 'g'))].map(([, address = '']) => address);
  return { v4: all('inet'), v6: all('inet6') };
}

/**
 * Validation uses A and AAAA: one stale record fails it, and failed attempts are limited.
 * @param strict throw; else warn (a site that has its certificate keeps working)
 * @throws ProblemError when a name leads to another host
 */
export async function namesLeadHere(host: Host, names: readonly string[], strict: boolean): Promise<void> {
  const own = await ownAddresses(host);
  for (const name of names) {
    const wrong = judge(name, await resolve(name), own);
    if (wrong === undefined) continue;
    if (!strict || wrong.onlyWarn) host.warn(`${wrong.what} ${wrong.remedy}`);
    else throw new ProblemError(wrong);
  }
}

/** @returns what is wrong with where a name leads, `undefined` when it leads to this host. */
export function judge(
  name: string,
  found: Addresses,
  own: Addresses,
): { what: string; remedy: string; onlyWarn: boolean } | undefined {
  if (found.v4.length + found.v6.length === 0 && found.unanswered !== undefined) {
    return {
      what: `DNS could not be asked where ${name} leads: the name server gave no answer (${found.unanswered}).`,
      remedy:
        'See that this server reaches a name server that works (/etc/resolv.conf; resolvectl query NAME), then run again.',
      onlyWarn: false,
    };
  }
  if (found.v4.length + found.v6.length === 0) {
    return {
      what: `${name} has no address in DNS.`,
      remedy: `Add an A record with this host's address${own.v4[0] ? ` (${own.v4[0]})` : ''} at your DNS provider; it may take some minutes to be seen.`,
      onlyWarn: false,
    };
  }
  for (const [record, addresses, here] of [
    ['A', found.v4, own.v4],
    ['AAAA', found.v6, own.v6],
  ] as const) {
    const elsewhere = addresses.filter((address) => !here.includes(address));
    if (elsewhere.length === 0) continue;
    // Behind a router that translates addresses the host does not know its public one.
    const translated = here.length > 0 && here.every(isPrivate);
    return {
      what: `${name} leads to ${elsewhere.join(', ')} (${record} record), and this host has ${here.join(', ') || `no address for ${record} records`}.`,
      remedy: translated
        ? 'That is right when a router or load balancer hands ports 80 and 443 on to this host.'
        : `Correct the ${record} record at your DNS provider${record === 'AAAA' ? ', or remove it' : ''}, wait until it is seen, then run again. Nothing was changed.`,
      onlyWarn: translated,
    };
  }
  return undefined;
}

function isPrivate(address: string): boolean {
  return /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd])/.test(
    address,
  );
}
