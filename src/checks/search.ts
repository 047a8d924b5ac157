import type { Host, HttpAnswer } from '../host/host.ts';
import { Secret } from '../output/secret.ts';
import { installedSettings } from '../site/installed-settings.ts';
import { MEILISEARCH } from '../site/layout.ts';
import { isMaintenancePage } from '../site/maintenance.ts';
import { currentMasterKey, indexed, keyHeader, searchKeys } from '../site/meilisearch.ts';
import { emptyOnPurpose } from '../site/search-index.ts';
import { filledIn } from '../site/settings.ts';
import { type Check, type CheckResult, failing, fine, returned } from './check.ts';
import { MEILISEARCH_FIXES, NGINX_FIXES, SEARCH_FIXES } from './fixes.ts';

/** Milliseconds; a search that takes longer is none. */
const ANSWERS_MS = 5000;
const FIX = 'Run: studio-setup run meilisearch';

/** The way of a visitor's search: the public URL with the key that the pages carry; and closed to any other key. */
export const searchAnswers: Check = {
  id: 'search',
  title: 'Search',
  asks: "Searches through https://DOMAIN/s/ with the public key of settings.py, as a visitor's page does; then with a wrong key, which must be refused.",
  means: 'Visitors find nothing, or anybody can read and change the whole search index.',
  fixes: [...new Set([...SEARCH_FIXES, ...NGINX_FIXES, 'meilisearch/indexes'])],
  answers: ['meilisearch.version'],
  async run(host, answers) {
    const version = answers.text('meilisearch.version');
    const [publicKey, privateKey] = [
      await keyIn(host, 'MEILISEARCH_PUBLIC_KEY'),
      await keyIn(host, 'MEILISEARCH_PRIVATE_KEY'),
    ];
    if (publicKey === undefined || privateKey === undefined)
      return failing('settings.py holds no search keys.', FIX, SEARCH_FIXES);
    const listed = await host.request(`${MEILISEARCH}/indexes`, {
      headers: keyHeader(version, privateKey),
      timeoutMs: ANSWERS_MS,
    });
    if (listed.status !== 200) return notListed(listed);
    const index = /"uid":\s*"([^"]+)"/.exec(listed.body)?.[1];
    if (index === undefined) return failing('Meilisearch has no indexes.', FIX, ['meilisearch/indexes']);
    const url = `https://${answers.text('domain')}/s/indexes/${index}/search?q=a`;
    const found = await host.request(url, {
      headers: keyHeader(version, publicKey),
      timeoutMs: ANSWERS_MS,
    });
    if (isMaintenancePage(found))
      return fine("Meilisearch takes the site's keys. Visitors can't search: the maintenance page is on.");
    if (found.status !== 200)
      return failing(`A search at ${url} ${returned(found)}.`, FIX, [...SEARCH_FIXES, ...NGINX_FIXES]);
    const wrong = await host.request(url, { headers: keyHeader(version, new Secret('wrong-key-wrong-key')) });
    if (wrong.status !== 401 && wrong.status !== 403 && wrong.status !== 200)
      return failing(
        `A search with a wrong key ${returned(wrong)}; it should be refused.`,
        FIX,
        SEARCH_FIXES,
      );
    return wrong.status !== 200
      ? fine(`A search through https://${answers.text('domain')}/s/ works, and a wrong key is refused.`)
      : failing(
          `A search with a wrong key ${returned(wrong)}: the search interface is open to everybody.`,
          'Meilisearch runs without its master key. Run: studio-setup run meilisearch',
          MEILISEARCH_FIXES,
        );
  },
};

/** Only 401 and 403 refuse the key; without an answer, or with another, nothing is known of it. */
function notListed(answer: HttpAnswer): CheckResult {
  if (answer.status === 401 || answer.status === 403)
    return failing(
      `Meilisearch refuses the private key of settings.py (HTTP ${answer.status}).`,
      FIX,
      SEARCH_FIXES,
    );
  return answer.status === 0
    ? failing(
        `Meilisearch can't be asked: a request to ${MEILISEARCH} ${returned(answer)}.`,
        'Start the service first, then check again: systemctl restart meilisearch. If it does not stay up: journalctl -u meilisearch -n 50',
        SEARCH_FIXES,
      )
    : failing(`Meilisearch does not list its indexes: it ${returned(answer)}.`, FIX, SEARCH_FIXES);
}

export const searchKeysMatch: Check = {
  id: 'search-keys',
  title: 'Search keys',
  asks: "Asks Meilisearch for its keys with the master key, and compares them with settings.py's.",
  means: 'The site can neither search nor update the index, from the next restart at the latest.',
  fixes: SEARCH_FIXES,
  async run(host) {
    const master = await currentMasterKey(host);
    if (master === undefined) return failing('There is no master key on this server.', FIX, SEARCH_FIXES);
    const answer = await searchKeys(host, master);
    if ('wrong' in answer) return failing(`Meilisearch: ${answer.wrong}.`, FIX, SEARCH_FIXES);
    const matching =
      (await keyIn(host, 'MEILISEARCH_PUBLIC_KEY'))?.reveal() === answer.keys.public.reveal() &&
      (await keyIn(host, 'MEILISEARCH_PRIVATE_KEY'))?.reveal() === answer.keys.private.reveal();
    return matching
      ? fine('The keys in settings.py are those of Meilisearch.')
      : failing('The keys in settings.py are not those of Meilisearch.', FIX, SEARCH_FIXES);
  },
};

export const searchIsFilled: Check = {
  id: 'search-index',
  title: 'Search index',
  asks: 'Counts the documents that Meilisearch holds, and the films, posts and trainings that the site has.',
  means: 'Searches work but find nothing.',
  fixes: [...SEARCH_FIXES, 'meilisearch/indexes'],
  answers: ['meilisearch.version'],
  async run(host, answers) {
    const key = await keyIn(host, 'MEILISEARCH_PRIVATE_KEY');
    const found = key && (await indexed(host, answers.text('meilisearch.version'), key));
    if (found === undefined)
      return failing(
        'Meilisearch does not say how many documents it holds.',
        'See Search keys above.',
        SEARCH_FIXES,
      );
    if (found.documents > 0) return fine(`Documents in the index: ${found.documents}.`);
    return (await emptyOnPurpose(host))
      ? fine('The index is empty: the site has nothing to search for yet.')
      : failing(
          'The index is empty, although the site has films, posts or trainings.',
          'Fill it: studio-setup run meilisearch',
          ['meilisearch/indexes'],
        );
  },
};

async function keyIn(host: Host, name: string): Promise<Secret | undefined> {
  const value = filledIn(await installedSettings(host), [name]);
  return value === undefined ? undefined : new Secret(value);
}
