import { type Chosen, chosenServer } from './chosen.ts';
import type { InForce, ServerInForce } from './in-force.ts';

export interface ClashOptions {
  /** Whether a file that nginx reads is the site's own. */
  readonly isOwn: (file: string) => boolean;
  readonly names: readonly string[];
  /** Of this server, by which visitors come; IPv6 without brackets. */
  readonly addresses: readonly string[];
  /** Where nginx will read the site's servers, when it does not yet: then the answer is for after that. */
  readonly planned?: string;
}

/** Somebody else's server that takes the site's visitors. */
export interface Clash {
  readonly server: ServerInForce;
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** `name`: it has the name. `address`: it listens on the address itself. `stream`: it takes connections before names count. */
  readonly cause: 'name' | 'address' | 'stream';
}

/**
 * Asks nginx's own rules which server each name of the site leads to, at each address, over HTTP and HTTPS.
 * @returns those that are not the site's: each server once for each name
 */
export function clashes(inForce: InForce, options: ClashOptions): readonly Clash[] {
  const { isOwn, names, addresses, planned } = options;
  const read = planned === undefined ? inForce : withSite(inForce, names, planned);
  const found = new Map<string, Clash>();
  for (const name of names)
    for (const address of addresses)
      for (const port of [80, 443]) {
        const chosen = chosenServer(read, { address, port, name });
        const cause = chosen === undefined || isOwn(chosen.server.file) ? undefined : causeOf(chosen);
        if (chosen === undefined || cause === undefined) continue;
        const { server } = chosen;
        const key = `${server.file}:${server.line} ${name} ${cause}`;
        if (!found.has(key)) found.set(key, { server, name, address, port, cause });
      }
  return [...found.values()];
}

/** @returns `undefined` for what answers all that nobody has: the site has no server on that port */
function causeOf({ server, listen, by }: Chosen): Clash['cause'] | undefined {
  if (server.kind === 'stream') return 'stream';
  if (!/^(\*|\[::\])$/.test(listen.address)) return 'address';
  return by === undefined ? undefined : 'name';
}

function withSite(inForce: InForce, names: readonly string[], file: string): InForce {
  const listens = ['*', '[::]'].flatMap((address) =>
    [80, 443].map((port) => ({ address, port, isDefault: false })),
  );
  return withServer(inForce, { file, line: 1, names, listens, kind: 'http' });
}

/**
 * nginx reads a folder in the order of names: of two servers with one name the first counts.
 * @returns what would be in force with a further server, in a file of its own
 */
export function withServer(inForce: InForce, server: ServerInForce): InForce {
  const { file } = server;
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  const servers = inForce.servers.filter((each) => each.file !== file);
  const after = servers.findIndex((each) => each.file.startsWith(folder) && each.file > file);
  const at = after === -1 ? servers.length : after;
  return { ...inForce, servers: servers.toSpliced(at, 0, server) };
}
