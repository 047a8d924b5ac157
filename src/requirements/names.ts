import type { Host } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';
import { type Addresses, resolve } from '../site/dns.ts';
import { notThisSite } from '../site/token.ts';

/** @returns the addresses of this server's own interfaces, loopback skipped. */
export function ownAddresses(host: Host): Promise<Addresses> {
  return host.once('own addresses', async () => {
    const { stdout } = await host.query(['ip', '-oneline', 'address', 'show', 'scope', 'global']);
    const all = (family: string) =>
      [...stdout.matchAll(new RegExp(`${family} ([0-9a-f.:]+)/`, 'g'))].map(([, address = '']) => address);
    return { v4: all('inet'), v6: all('inet6') };
  });
}

/** What is wrong with where a name leads. */
interface Misled {
  readonly what: string;
  readonly remedy: string;
  /** Addresses that are not this server's own; none: the name leads nowhere. */
  readonly elsewhere: readonly string[];
}

/**
 * Addresses are compared for a warning only: Cloudflare, a load balancer, a floating IP or a router hand visitors on from
 * addresses that no interface here has. What decides is the site's token, fetched by name before a certificate is asked for.
 * @param strict a name that leads nowhere throws; else it is warned of (a site that has its certificate keeps working)
 * @throws ProblemError when a name has no address
 */
export async function namesLeadHere(host: Host, names: readonly string[], strict: boolean): Promise<void> {
  const own = await ownAddresses(host);
  for (const name of names) {
    const wrong = judge(name, await resolve(name), own);
    if (wrong === undefined) continue;
    if (strict && wrong.elsewhere.length === 0)
      throw new ProblemError({ what: wrong.what, remedy: `${wrong.remedy} Nothing was changed.` });
    if (!(await handedOn(host, name, wrong.elsewhere))) host.warn(`${wrong.what} ${wrong.remedy}`);
  }
}

/** A name that does not lead to this server. */
export interface MisledName {
  readonly name: string;
  /** What is wrong, a whole sentence. */
  readonly what: string;
  /** What its records have to say, one a line: `studio.example.org  A  192.0.2.10 → 203.0.113.20`. */
  readonly records: readonly string[];
}

/**
 * Both families of addresses count, and what could not be asked for leads nowhere yet. An address that is none of this server's own is
 * right where the site's token is found there.
 * @returns the names that do not lead here, with what to change
 */
export async function misled(host: Host, names: readonly string[]): Promise<readonly MisledName[]> {
  const own = await ownAddresses(host);
  const found = await Promise.all(
    names.map(async (name): Promise<readonly MisledName[]> => {
      const now = await resolve(name);
      const wrong = judge(name, now, own);
      const records = recordsOf(name, now, own);
      if (now.unanswered !== undefined)
        return [{ name, what: `DNS could not be asked for ${name} (${now.unanswered}).`, records }];
      if (wrong === undefined) return [];
      const elsewhere = [...now.v4, ...now.v6].filter((each) => ![...own.v4, ...own.v6].includes(each));
      return (await handedOn(host, name, elsewhere)) ? [] : [{ name, what: wrong.what, records }];
    }),
  );
  return found.flat();
}

/** @returns the records of a name that must change for it to lead here: a family that this server does not have must go */
function recordsOf(name: string, now: Addresses, own: Addresses): readonly string[] {
  return (
    [
      ['A', now.v4, own.v4],
      ['AAAA', now.v6, own.v6],
    ] as const
  ).flatMap(([record, found, here]) => {
    const right = found.every((address) => here.includes(address));
    if (right && (found.length > 0 || record === 'AAAA' || here.length === 0)) return [];
    const wanted = here.length === 0 ? 'remove it' : here.join(', ');
    return [`${name}  ${record}  ${found.join(', ') || 'none'} → ${wanted}`];
  });
}

/** @returns whether the name leads to this site by each of these addresses, proved by the site's token */
export async function handedOn(host: Host, name: string, addresses: readonly string[]): Promise<boolean> {
  const wrong = await Promise.all(addresses.map((address) => notThisSite(host, name, address)));
  return wrong.length > 0 && wrong.every((each) => each === undefined);
}

/** @returns what is wrong with where a name leads, `undefined` when it leads to this server. */
export function judge(name: string, found: Addresses, own: Addresses): Misled | undefined {
  if (found.v4.length + found.v6.length === 0 && found.unanswered !== undefined) {
    return {
      what: `DNS could not be asked for ${name}: the name server gave no answer (${found.unanswered}).`,
      remedy:
        'Check that this server reaches a working name server (/etc/resolv.conf; resolvectl query NAME), then run again.',
      elsewhere: [],
    };
  }
  if (found.v4.length + found.v6.length === 0) {
    const [record, address] = own.v4[0] === undefined && own.v6[0] ? ['AAAA', own.v6[0]] : ['A', own.v4[0]];
    return {
      what: `${name} has no address in DNS.`,
      remedy: `Add ${record === 'A' ? 'an A' : 'an AAAA'} record with this server's address${address ? ` (${address})` : ''} at your DNS provider; it may take some minutes to take effect.`,
      elsewhere: [],
    };
  }
  for (const [record, addresses, here] of [
    ['A', found.v4, own.v4],
    ['AAAA', found.v6, own.v6],
  ] as const) {
    const elsewhere = addresses.filter((address) => !here.includes(address));
    if (elsewhere.length === 0) continue;
    return {
      what: `${name} points to ${elsewhere.join(', ')} (${record} record); this server has ${here.join(', ') || `no address for ${record} records`}.`,
      remedy: `That is right if Cloudflare, a load balancer, a floating IP or a router forwards ports 80 and 443 to this server. Otherwise correct the ${record} record at your DNS provider${record === 'AAAA' ? ', or remove it' : ''}. Before it requests a certificate, studio-setup checks this by fetching a test file by name.`,
      elsewhere,
    };
  }
  return undefined;
}

/** @returns whether a router translates this server's addresses: then it may not reach itself by its public one */
export function isTranslated({ v4 }: Addresses): boolean {
  return v4.length > 0 && v4.every(isPrivate);
}

function isPrivate(address: string): boolean {
  return /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd])/.test(
    address,
  );
}
