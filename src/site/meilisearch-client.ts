import type { Host } from '../host/host.ts';
import { isAtLeast } from '../text/version.ts';
import { CHECKOUT, SITE_USER } from './layout.ts';

/** Which servers a range of the Python client's versions speaks to. */
interface ClientRange {
  /** The first version of the client that is no longer in this range; absent for the newest ones. */
  readonly below?: string;
  /** The first server, and the first one that is too new. */
  readonly from?: string;
  readonly until?: string;
  /** What an operator gets when nothing else says a version. */
  readonly suggested: string;
  /** The newest that it was released for, where that is another one. */
  readonly newest?: string;
  /** Why, for the operator. */
  readonly why: string;
}

/**
 * Sources: the README inside each release of the package `meilisearch` on PyPI ("This package only guarantees the
 * compatibility with the version …"), and what its `_httprequests.py` and `index.py` send. Looked at: 0.12.4 to 0.17.0
 * (`X-Meili-Api-Key`; README of 0.17.0: v0.24.0), 0.18.0 to 0.18.3 (`Authorization: Bearer`, settings by POST; README:
 * v0.25.0, v0.26.0, v0.26.0, v0.27.0), 0.19.0 to 0.21.0 (settings by PATCH; README: v0.28.0). From 0.22.0 on the README
 * names no version; that of 0.22.0 is in its release notes: v0.29.0.
 * 0.27.2 came last of 0.27: meilisearch/meilisearch#2480 of 8 June 2022, the day of the change to 0.28.0 (#2493).
 */
const CLIENTS: readonly ClientRange[] = [
  {
    below: '0.18.0',
    until: '0.25.0',
    suggested: '0.24.0',
    why: 'it sends its key as X-Meili-API-Key, which Meilisearch refuses from 0.25 on',
  },
  {
    below: '0.19.0',
    from: '0.25.0',
    until: '0.28.0',
    suggested: '0.25.2',
    newest: '0.27.2',
    why: 'it was released for Meilisearch 0.25 to 0.27; from 0.28 on settings are not taken in the way that it sends them',
  },
  {
    below: '0.22.0',
    from: '0.28.0',
    until: '0.29.0',
    suggested: '0.28.1',
    why: 'it was released for Meilisearch 0.28',
  },
  { from: '0.28.0', suggested: '1.50.0', why: 'it was released for Meilisearch 0.29 and later' },
];

/** Of the header that carries a key: with the wrong one nothing works at all. */
const BEARER = { client: '0.18.0', server: '0.25.0' };

/** @returns the range of a version of the client. */
function rangeOf(client: string): ClientRange {
  const found = CLIENTS.find(({ below }) => below === undefined || !isAtLeast(client, below));
  if (found === undefined) throw new TypeError('the last range of clients has no end');
  return found;
}

/** @returns the version of Meilisearch for a site with this Python client. */
export function suggestedServer(client: string): string {
  return rangeOf(client).suggested;
}

/** @returns the newest version of Meilisearch that this Python client was released for, as far as the product knows one. */
export function newestServer(client: string): string {
  const { newest, suggested } = rangeOf(client);
  return newest ?? suggested;
}

/** What a client makes of a server. */
export type Fit =
  | { readonly fits: 'yes' }
  /** `no`: it can't even log in. `untested`: its authors name other versions. */
  | { readonly fits: 'no' | 'untested'; readonly why: string };

/** @returns whether the site's Python client speaks to this version of Meilisearch. */
export function fitOf(client: string, server: string): Fit {
  const range = rangeOf(client);
  const inRange =
    (range.from === undefined || isAtLeast(server, range.from)) &&
    (range.until === undefined || !isAtLeast(server, range.until));
  if (inRange) return { fits: 'yes' };
  const sameHeader = isAtLeast(client, BEARER.client) === isAtLeast(server, BEARER.server);
  const why = sameHeader
    ? range.why
    : isAtLeast(client, BEARER.client)
      ? 'it sends its key as Authorization: Bearer, which Meilisearch takes from 0.25 on'
      : range.why;
  return { fits: sameHeader ? 'untested' : 'no', why };
}

/**
 * @returns the version of the Python client that the checkout's poetry.lock names; `undefined` when there is no such file, or
 *   when it names none
 * @throws ProblemError when the file can't be read
 */
export async function siteClient(host: Host): Promise<string | undefined> {
  const lock = await host.once('meilisearch-client', () =>
    host.read(`${CHECKOUT}/poetry.lock`, { as: SITE_USER }),
  );
  return lock === undefined ? undefined : clientIn(lock);
}

/** @returns the version of the package `meilisearch` in a lock file of poetry's, of any of its formats. */
export function clientIn(lock: string): string | undefined {
  const packages = lock.split(/^\[\[package\]\][ \t]*\r?$/m).slice(1);
  const own = packages.find((each) => /^name = "meilisearch"[ \t]*\r?$/m.test(each));
  return own === undefined ? undefined : /^version = "(\d+\.\d+\.\d+)"[ \t]*\r?$/m.exec(own)?.[1];
}
