import { Secret } from '../answers/secret.ts';
import type { Host } from '../host/host.ts';
import { installedSettings } from '../operations/settings.ts';
import { valueAt } from '../site/integrations.ts';
import { MEILISEARCH } from '../site/layout.ts';
import { currentMasterKey, keyHeader, searchKeys } from '../site/meilisearch.ts';
import { type Check, failing, fine } from './check.ts';

const MEND = 'Run: studio-setup run meilisearch';

/** The way of a visitor's search: the public URL with the key that the pages carry; and closed to any other key. */
export const searchAnswers: Check = {
  id: 'search',
  title: 'Search',
  async run(host, answers) {
    const version = answers.text('meilisearch.version');
    const [publicKey, privateKey] = [
      await keyIn(host, 'MEILISEARCH_PUBLIC_KEY'),
      await keyIn(host, 'MEILISEARCH_PRIVATE_KEY'),
    ];
    if (publicKey === undefined || privateKey === undefined)
      return failing('settings.py holds no search keys.', MEND);
    const listed = await host.request(`${MEILISEARCH}/indexes`, { headers: keyHeader(version, privateKey) });
    if (listed.status !== 200)
      return failing(
        `Meilisearch refuses the private key of settings.py (${listed.error ?? `HTTP ${listed.status}`}).`,
        MEND,
      );
    const index = /"uid":\s*"([^"]+)"/.exec(listed.body)?.[1];
    if (index === undefined) return failing('Meilisearch has no indexes.', MEND);
    const url = `https://${answers.text('domain')}/s/indexes/${index}/search?q=a`;
    const found = await host.request(url, { headers: keyHeader(version, publicKey) });
    if (found.status !== 200)
      return failing(`A search by ${url} is answered with ${found.error ?? `HTTP ${found.status}`}.`, MEND);
    const wrong = await host.request(url, { headers: keyHeader(version, new Secret('wrong-key-wrong-key')) });
    return wrong.status === 401 || wrong.status === 403
      ? fine(`A search by https://${answers.text('domain')}/s/ is answered, and refused with a wrong key.`)
      : failing(
          `A search with a wrong key is answered with HTTP ${wrong.status}: the search interface is open to everybody.`,
          'Meilisearch runs without its master key. Run: studio-setup run meilisearch',
        );
  },
};

export const searchKeysMatch: Check = {
  id: 'search-keys',
  title: 'Search keys',
  async run(host) {
    const master = await currentMasterKey(host);
    if (master === undefined) return failing('There is no master key on this host.', MEND);
    const answer = await searchKeys(host, master);
    if ('wrong' in answer) return failing(`Meilisearch: ${answer.wrong}.`, MEND);
    const matching =
      (await keyIn(host, 'MEILISEARCH_PUBLIC_KEY'))?.reveal() === answer.keys.public.reveal() &&
      (await keyIn(host, 'MEILISEARCH_PRIVATE_KEY'))?.reveal() === answer.keys.private.reveal();
    return matching
      ? fine("The keys in settings.py are Meilisearch's own.")
      : failing('The keys in settings.py are not those of Meilisearch (any more).', MEND);
  },
};

async function keyIn(host: Host, name: string): Promise<Secret | undefined> {
  const file = await installedSettings(host);
  const value = file && valueAt(file, [name]);
  return typeof value === 'string' && value !== '' && !/CHANGE[_-]ME/.test(value)
    ? new Secret(value)
    : undefined;
}
