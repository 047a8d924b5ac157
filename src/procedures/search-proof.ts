import type { Host, HttpAnswer } from '../host/host.ts';
import { Secret } from '../output/secret.ts';
import { installedSettings } from '../site/installed-settings.ts';
import { valueAt } from '../site/integrations.ts';
import { MEILISEARCH } from '../site/layout.ts';
import { searchKeys } from '../site/meilisearch.ts';

export interface SearchProof {
  /** The site's name, for the public address. */
  readonly name: string;
  readonly master: Secret;
  /** Keys that must be worth nothing any more. */
  readonly refused: readonly string[];
}

/**
 * The way of a visitor, `https://NAME/s/`, with the key that settings.py gives to the pages; then each key that must be
 * worth nothing, asked for what it was good for: searching and listing keys.
 * @returns what is wrong, `undefined` when all is as it should be
 */
export async function searchWorks(
  host: Host,
  { name, master, refused }: SearchProof,
): Promise<string | undefined> {
  const answer = await searchKeys(host, master);
  if ('wrong' in answer) return `Meilisearch: ${answer.wrong}.`;
  const file = await installedSettings(host);
  const inSettings = ['MEILISEARCH_PUBLIC_KEY', 'MEILISEARCH_PRIVATE_KEY'].map(
    (each) => file && valueAt(file, [each]),
  );
  const { header } = answer;
  const { public: open, private: closed } = answer.keys;
  if (inSettings[0] !== open.reveal() || inSettings[1] !== closed.reveal())
    return 'settings.py does not hold the keys that Meilisearch has.';

  const listed = await host.request(`${MEILISEARCH}/indexes`, { headers: header(closed) });
  if (listed.status !== 200) return `Meilisearch refuses its private key (${said(listed)}).`;
  // Before the first indexing there is none: then that the key is taken shows in "no such index".
  const index = /"uid":\s*"([^"]+)"/.exec(listed.body)?.[1] ?? 'studio';
  const url = `https://${name}/s/indexes/${index}/search?q=a`;
  const found = await host.request(url, { headers: header(open) });
  if (found.status !== 200 && !(found.status === 404 && /index_not_found/.test(found.body)))
    return `A search at https://${name}/s/ with the site's key returned ${said(found)}.`;
  for (const key of refused) {
    for (const asked of [url, `${MEILISEARCH}/keys`]) {
      const { status } = await host.request(asked, { headers: header(new Secret(key)) });
      if (status !== 401 && status !== 403)
        return `A key that must be refused by now returned HTTP ${status} (expected 401 or 403).`;
    }
  }
  return undefined;
}

function said({ status, error }: HttpAnswer): string {
  return error ?? `HTTP ${status}`;
}
