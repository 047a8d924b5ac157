import type { Operation } from '../engine/operation.ts';
import type { Host } from '../host/host.ts';
import { reloadedSite } from '../operations/reload.ts';
import { runningService } from '../operations/unit.ts';
import type { Secret } from '../output/secret.ts';
import { installedSettings } from '../site/installed-settings.ts';
import { SETTINGS } from '../site/layout.ts';
import { currentMasterKey } from '../site/meilisearch.ts';
import { SERVICES } from '../site/services.ts';
import { filledIn } from '../site/settings.ts';
import { masterKeyIn, masterKeyPlace } from './master-key.ts';
import type { BuiltProcedure, Circumstances, ProcedureKind } from './procedure.ts';
import { proof } from './proof.ts';
import { KEY_NAMES, refusing, searchKeysInSettings } from './search-keys.ts';
import { searchWorks } from './search-proof.ts';
import { keptOf, noticeOfFile, pairOf } from './secrets.ts';
import { siteAnswers, siteName } from './site.ts';
import { removeTransactionRecord, writeTransactionRecord } from './transaction-record.ts';

const ANSWER = 'meilisearch.master-key';

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
    searchKeysInSettings({ id: `${prefix}/keys`, master: wanted, after: [place] }),
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

/** @returns the keys that the site has now, by name; without those that were never set */
async function siteKeys(host: Host): Promise<Readonly<Record<string, string>>> {
  const file = await installedSettings(host);
  return Object.fromEntries(
    Object.entries(KEY_NAMES).flatMap(([name, setting]) => {
      const value = filledIn(file, [setting]);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
