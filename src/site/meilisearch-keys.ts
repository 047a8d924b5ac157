import { Secret } from '../output/secret.ts';

/** The two keys that the site's settings want. */
export interface SearchKeys {
  readonly public: Secret;
  readonly private: Secret;
}

interface Key {
  readonly key: string;
  readonly actions: readonly string[];
  readonly indexes: readonly string[];
  readonly expiresAt?: string | null;
  readonly createdAt?: string;
}

interface Listing {
  readonly public?: string;
  readonly private?: string;
  readonly results?: readonly Key[];
  readonly total?: number;
}

/** Keys that a server may have: more are no reason to ask for ever. */
const MOST = 10_000;

/**
 * @param first the answer of `/keys` @param next gives the page that begins with the key of that number
 * @returns the public and the private key: of all indexes, for ever, and with the whole set of actions that the default ones
 *   have; the oldest, where an operator made such another one. `undefined` when they are not among them.
 */
export async function keysIn(
  first: string,
  next: (offset: number) => Promise<string | undefined>,
): Promise<SearchKeys | undefined> {
  let listing = JSON.parse(first) as Listing;
  if (listing.public && listing.private)
    return { public: new Secret(listing.public), private: new Secret(listing.private) };
  const found = [...(listing.results ?? [])];
  const total = Math.min(listing.total ?? found.length, MOST);
  while (found.length < total) {
    const body = await next(found.length);
    if (body === undefined) return undefined;
    listing = JSON.parse(body) as Listing;
    if (!listing.results?.length) break;
    found.push(...listing.results);
  }
  const [search, all] = [oldestWith(found, 'search'), oldestWith(found, '*')];
  return search && all ? { public: new Secret(search.key), private: new Secret(all.key) } : undefined;
}

function oldestWith(keys: readonly Key[], action: string): Key | undefined {
  const same = (list: readonly string[], only: string) => new Set(list).size === 1 && list[0] === only;
  return keys
    .filter((key) => same(key.actions, action) && same(key.indexes, '*') && !key.expiresAt)
    .toSorted((one, other) => (one.createdAt ?? '').localeCompare(other.createdAt ?? ''))
    .at(0);
}
