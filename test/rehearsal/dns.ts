import { must } from './process.ts';
import { aliases, guestAddress, nameServerAddress, services, siteNames } from './recipe.ts';
import type { Sandbox } from './sandbox.ts';

/** What a name points at. Addresses of a kind that is not given stay as they are. */
export interface Records {
  readonly a?: readonly string[];
  readonly aaaa?: readonly string[];
}

/** Where the name server takes its orders, inside the rehearsal's internet only. */
const management = '127.0.0.1:8055';

/** The command that serves every name of the rehearsal. A name that nobody set points at the router, where nothing listens. */
export function nameServer(programs: string): string[] {
  return [
    `${programs}/pebble-challtestsrv`,
    ...['-dns01', `${nameServerAddress}:53`, '-management', management],
    ...['-defaultIPv4', nameServerAddress, '-defaultIPv6', ''],
    // Empty on purpose: unless told otherwise it takes the ports of the web as well.
    ...['-http01', '', '-https01', '', '-tlsalpn01', ''],
  ];
}

/** Changes what the names of the rehearsal point at, for the guest and for the ACME server alike. */
export class Dns {
  readonly #sandbox: Sandbox;
  /** Names that were ever set. */
  readonly #names = new Set<string>();

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  /** Points the services and the site's names where they belong. */
  async populate(): Promise<void> {
    for (const [name, address] of Object.entries(services)) await this.set(name, { a: [address] });
    for (const [name, service] of Object.entries(aliases)) await this.set(name, { a: [services[service]] });
    for (const name of siteNames) await this.set(name, { a: [guestAddress] });
  }

  /** Takes back what was set since the names were populated. */
  async putBack(): Promise<void> {
    for (const name of this.#names) await this.set(name, { a: [], aaaa: [] });
    await this.populate();
  }

  /** Replaces a name's addresses of each kind given. An empty list of `a` leaves the name with the default, the router. */
  async set(name: string, records: Records): Promise<void> {
    this.#names.add(name);
    for (const kind of ['a', 'aaaa'] as const) {
      const addresses = records[kind];
      if (addresses === undefined) continue;
      await this.#order(`clear-${kind}`, { host: name });
      if (addresses.length > 0) await this.#order(`add-${kind}`, { host: name, addresses });
    }
  }

  #order(what: string, body: unknown): Promise<string> {
    const curl = ['curl', '-sS', '--fail', '--retry', '20', '--retry-connrefused', '--retry-delay', '0'];
    const argv = [...curl, '--data', JSON.stringify(body), `http://${management}/${what}`];
    return must(this.#sandbox.online(argv));
  }
}
