import type { Host, LiveHost } from '../host/host.ts';
import { djangoState } from './django.ts';

const HINT = 'search-empty-with';

/**
 * Whether an index without documents is right: the site has nothing to search for, or what it has brought none when it
 * was indexed (films that are not published, say). Without the second, each run would index such a site again.
 */
export async function emptyOnPurpose(host: Host): Promise<boolean> {
  const rows = await rowsOf(host);
  return rows === '0' || host.hint(HINT) === rows;
}

/** @param documents that the index held after the site was indexed */
export async function rememberIndexed(live: LiveHost, documents: number): Promise<void> {
  live.remember(HINT, documents === 0 ? await rowsOf(live) : '');
}

async function rowsOf(host: Host): Promise<string> {
  return String((await djangoState(host))?.searchable ?? 'unknown');
}
