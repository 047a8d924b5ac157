import { isLater, type Operation } from '../engine/operation.ts';
import type { Host } from '../host/host.ts';
import { reloadedSite } from '../operations/reload.ts';
import { type ManagedSettings, settings } from '../operations/settings.ts';
import { runningService } from '../operations/unit.ts';
import type { Secret } from '../output/secret.ts';
import { installedSettings } from '../site/installed-settings.ts';
import { SETTINGS } from '../site/layout.ts';
import { currentMasterKey, searchKeys, unhealthy } from '../site/meilisearch.ts';
import { SERVICES } from '../site/services.ts';
import { filledIn } from '../site/settings.ts';
import { masterKeyIn, masterKeyPlace } from './master-key.ts';
import type { BuiltProcedure, Circumstances, ProcedureKind } from './procedure.ts';
import { proof } from './proof.ts';
import { searchWorks } from './search-proof.ts';
import { keptOf, noticeOfFile, pairOf } from './secrets.ts';
import { siteAnswers, siteName } from './site.ts';
import { removeTransactionRecord, writeTransactionRecord } from './transaction-record.ts';

const ANSWER = 'meilisearch.master-key';

/** The two keys of settings.py; Meilisearch makes them from the master key, so both change with it. */
const NAMES = { public: 'MEILISEARCH_PUBLIC_KEY', private: 'MEILISEARCH_PRIVATE_KEY' } as const;

/** @returns the rotation of Meilisearch's master key, and with it of the keys that follow from it. */
export async function meilisearchKey(
  { id, transactionRecord }: ProcedureKind,
  circumstances: Circumstances,
): Promise<BuiltProcedure> {
  const { host } = circumstances;
  const place = await masterKeyPlace(host);
  const pair = await pairOf(circumstances, {
    transactionRecord,
    answer: ANSWER,
    what: 'master key of Meilisearch',
    length: 32,
    current: await currentMasterKey(host),
    others: await siteKeys(host),
  });
  const name = siteName(circumstances);
  const operations = (prefix: string, wanted: Secret, refused: readonly string[]): Operation[] => [
    masterKeyIn({ id: `${prefix}/master-key`, place, key: wanted }),
    runningService(SERVICES.meilisearch, {
      id: `${prefix}/service`,
      title: 'Meilisearch with this master key',
      watches: [place],
      answers: (host) => refusing(host, wanted),
    }),
    announced({
      id: `${prefix}/keys`,
      title: 'search keys',
      shell: [`editor ${SETTINGS}  # ${NAMES.public}, ${NAMES.private}`],
      async edit(file, host) {
        if (host.willChange(place)) return { later: 'needs Meilisearch with its new key' };
        const answer = await searchKeys(host, wanted);
        if ('wrong' in answer) return { later: `needs Meilisearch with this master key: ${answer.wrong}` };
        return file
          .set([NAMES.public], answer.keys.public.reveal())
          .set([NAMES.private], answer.keys.private.reveal());
      },
    }),
    reloadedSite({ id: `${prefix}/studio`, hostName: name, after: [`${prefix}/keys`] }),
    runningService(SERVICES['studio-background'], { id: `${prefix}/background` }),
    proof({
      id: `${prefix}/proof`,
      title: "search works with the site's key, and old keys are refused",
      after: [transactionRecord, place, SETTINGS],
      wrong: async (host) =>
        (await searchWorks(host, { name, master: wanted, refused })) ?? (await siteAnswers(host, name)),
      remedy: 'See what else is wrong with the search: studio-setup doctor',
    }),
    removeTransactionRecord(`${prefix}/forget`, transactionRecord),
  ];
  return {
    id,
    arguments: {},
    notices: [
      'Search is down while Meilisearch restarts, for about a second. Pages keep working.',
      'A page that a visitor has open keeps the old public key: search works there again once the page is reloaded.',
      ...noticeOfFile(pair, ANSWER),
    ],
    requirements: [
      proof({
        id: 'meilisearch-key/before',
        title: 'Meilisearch accepts its master key, and the site works',
        after: [],
        wrong: async (host) => (await refusing(host, pair.old)) ?? (await siteAnswers(host, name)),
        remedy: 'See what is wrong first: studio-setup doctor',
      }),
    ],
    forward: [
      writeTransactionRecord('meilisearch-key/keep', transactionRecord, { secrets: keptOf(pair) }),
      ...operations('meilisearch-key', pair.new, [pair.old.reveal(), ...Object.values(pair.others)]),
    ],
    backward: operations('meilisearch-key-back', pair.old, [pair.new.reveal()]),
    done: 'The new master key is in force. The old one, and the public and private keys derived from it, are refused.',
    undone: 'The old master key is in force again, and search works with its keys.',
  };
}

/** Which keys it will be can't be told yet; that settings.py changes, and who reads it restarts, can. */
function announced(wanted: ManagedSettings): Operation {
  const operation = settings(wanted);
  return {
    ...operation,
    async observe(host) {
      const observation = await operation.observe(host);
      return isLater(observation) ? { ...observation, touches: [SETTINGS] } : observation;
    },
  };
}

async function refusing(host: Host, master: Secret): Promise<string | undefined> {
  const sick = await unhealthy(host);
  if (sick !== undefined) return sick;
  const answer = await searchKeys(host, master);
  return 'wrong' in answer ? answer.wrong : undefined;
}

/** @returns the keys that the site has now, by name; without those that were never set */
async function siteKeys(host: Host): Promise<Readonly<Record<string, string>>> {
  const file = await installedSettings(host);
  return Object.fromEntries(
    Object.entries(NAMES).flatMap(([name, setting]) => {
      const value = filledIn(file, [setting]);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
