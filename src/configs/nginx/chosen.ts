import type { InForce, Listen, ServerInForce } from './in-force.ts';

/** Where a visitor comes in. */
export interface Request {
  /** Of this server, IPv6 without brackets. */
  readonly address: string;
  readonly port: number;
  /** Host name as the browser sends it. */
  readonly name: string;
}

export interface Chosen {
  readonly server: ServerInForce;
  /** What of the server made nginx choose it. */
  readonly listen: Listen;
  /** The word of `server_name` that fits; `undefined`: it is the default of its address. */
  readonly by: string | undefined;
}

/**
 * The server that nginx answers a request with, by its own rules (nginx.org, "How nginx processes a request" and
 * "Server names"): a `listen` on the address itself goes before one on all addresses; then an exact name, the longest
 * `*.name`, the longest `name.*`, the first pattern, and else the default server or the first.
 * @returns `undefined` when nothing listens there
 */
export function chosenServer({ servers }: InForce, request: Request): Chosen | undefined {
  const own = request.address.includes(':') ? `[${request.address}]` : request.address;
  const all = request.address.includes(':') ? '[::]' : '*';
  const at = (address: string) =>
    servers.flatMap((server) => {
      const listen = server.listens.find((each) => each.address === address && each.port === request.port);
      return listen === undefined ? [] : [{ server, listen }];
    });
  const here = at(own);
  const candidates = here.length > 0 ? here : at(all);
  const stream = candidates.find(({ server }) => server.kind === 'stream');
  if (stream !== undefined) return { ...stream, by: undefined };
  const name = request.name.toLowerCase();
  for (const [fits, longestFirst] of RULES) {
    const matches = candidates.flatMap(({ server, listen }) =>
      server.names.filter((each) => fits(each, name)).map((by) => ({ server, listen, by })),
    );
    const [found] = longestFirst ? matches.toSorted((a, b) => b.by.length - a.by.length) : matches;
    if (found !== undefined) return found;
  }
  const fallback = candidates.find(({ listen }) => listen.isDefault) ?? candidates[0];
  return fallback && { ...fallback, by: undefined };
}

type Fits = (word: string, name: string) => boolean;

const RULES: readonly (readonly [Fits, boolean])[] = [
  [(word, name) => word === name || (word.startsWith('.') && word.slice(1) === name), false],
  [(word, name) => /^\*?\./.test(word) && name.endsWith(word.replace(/^\*/, '')), true],
  [(word, name) => word.endsWith('.*') && name.startsWith(word.slice(0, -1)), true],
  [(word, name) => word.startsWith('~') && matches(word.slice(1), name), false],
];

/** nginx's are PCRE; what JavaScript can't read matches nothing here. */
function matches(pattern: string, name: string): boolean {
  try {
    return new RegExp(pattern.replaceAll('(?P<', '(?<'), 'i').test(name);
  } catch {
    return false;
  }
}
