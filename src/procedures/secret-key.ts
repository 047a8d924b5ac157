import { template } from '../../templates/index.ts';
import type { Operation } from '../engine/operation.ts';
import type { Host } from '../host/host.ts';
import { reloadedSite } from '../operations/reload.ts';
import { settings } from '../operations/settings.ts';
import { runningService } from '../operations/unit.ts';
import { ProblemError } from '../output/problem.ts';
import { Secret } from '../output/secret.ts';
import { isList } from '../python/value.ts';
import { djangoState, site } from '../site/django.ts';
import { installedSettings } from '../site/installed-settings.ts';
import { valueAt } from '../site/integrations.ts';
import { SETTINGS } from '../site/layout.ts';
import { SERVICES } from '../site/services.ts';
import { currentSecretKey } from '../site/settings.ts';
import { isAtLeast } from '../text/version.ts';
import type { BuiltProcedure, Circumstances, ProcedureKind } from './procedure.ts';
import { proof } from './proof.ts';
import { fingerprint, keptOf, noticeOfFile, pairOf, plainlyAssigned } from './secrets.ts';
import { siteAnswers, siteName } from './site.ts';
import { removeTransactionRecord, writeTransactionRecord } from './transaction-record.ts';

/** Django 4.1 and later go on taking what was signed with a key of this list. */
const FALLBACKS = 'SECRET_KEY_FALLBACKS';

/** @returns the rotation of Django's SECRET_KEY, which signs sessions, password resets and messages. */
export async function secretKey(
  { id, transactionRecord }: ProcedureKind,
  circumstances: Circumstances,
): Promise<BuiltProcedure> {
  const { host } = circumstances;
  const version = (await djangoState(host))?.version;
  const fallbacks = knowsFallbacks(version);
  await plainlyAssigned(host, ['SECRET_KEY']);
  const pair = await pairOf(circumstances, {
    transactionRecord,
    answer: 'secret-key',
    what: 'SECRET_KEY in settings.py',
    length: 50,
    current: await currentSecretKey(host),
    // Kept with the pair: once the settings are written, they no longer tell what was in them.
    others: fallbacks ? Object.fromEntries((await currentFallbacks(host)).entries()) : {},
  });
  const earlier = Object.values(pair.others).map((key) => new Secret(key));
  const name = siteName(circumstances);
  const operations = (
    prefix: string,
    wanted: Secret,
    other: Secret,
    kept: readonly Secret[],
  ): Operation[] => [
    settings({
      id: `${prefix}/settings`,
      title: 'SECRET_KEY',
      shell: [`editor ${SETTINGS}  # SECRET_KEY`],
      edit: async (file) => {
        const edited = file.set(['SECRET_KEY'], wanted.reveal());
        return fallbacks
          ? edited.set(
              [FALLBACKS],
              kept.map((each) => each.reveal()),
            )
          : edited;
      },
    }),
    reloadedSite({ id: `${prefix}/studio`, hostName: name }),
    runningService(SERVICES['studio-background'], { id: `${prefix}/background` }),
    proof({
      id: `${prefix}/proof`,
      title: 'the site signs with this key',
      after: [transactionRecord, SETTINGS],
      wrong: async (host) => (await signing(host, wanted, other, kept)) ?? (await siteAnswers(host, name)),
      remedy: `Check ${SETTINGS}: something other than SECRET_KEY decides which key is used.`,
    }),
    removeTransactionRecord(`${prefix}/forget`, transactionRecord),
  ];
  return {
    id,
    arguments: {},
    notices: [whatOfSessions(version), ...noticeOfFile(pair, 'secret-key')],
    requirements: [
      proof({
        id: 'secret-key/before',
        title: 'the site works',
        after: [],
        wrong: (host) => siteAnswers(host, name),
        remedy: 'See what is wrong with it first: studio-setup doctor',
      }),
    ],
    forward: [
      writeTransactionRecord('secret-key/keep', transactionRecord, { secrets: keptOf(pair) }),
      ...operations('secret-key', pair.new, pair.old, fallbacks ? [pair.old, ...earlier] : []),
    ],
    backward: operations('secret-key-back', pair.old, pair.new, earlier),
    done: 'The new SECRET_KEY is in force.',
    undone: 'The old SECRET_KEY is in force again.',
  };
}

/** @param version of Django, when it can be told */
function knowsFallbacks(version: string | undefined): boolean {
  return version !== undefined && isAtLeast(version, '4.1.0');
}

/** Django before 4.1.8 compares a session with the current key alone, fallbacks or not (its ticket 34384). */
function whatOfSessions(version: string | undefined): string {
  if (version !== undefined && isAtLeast(version, '4.1.8'))
    return `Sessions continue: the old key stays in ${FALLBACKS}. To make it worthless, empty that list later.`;
  const end = 'All sessions end: everybody has to log in again';
  return knowsFallbacks(version)
    ? `${end}. Links that were already sent keep working: the old key stays in ${FALLBACKS}. To make it worthless, empty that list later.`
    : `${end}, and password reset links that were already sent stop working.`;
}

/**
 * @returns the keys that are still taken, in their order; none of a list that is assigned in a way that can't be told:
 *   to write there is refused as well, before anything changes
 * @throws ProblemError when something else than keys is in the list: the way back could not bring it again
 */
async function currentFallbacks(host: Host): Promise<readonly string[]> {
  const file = await installedSettings(host);
  const value = file && valueAt(file, [FALLBACKS]);
  if (value === undefined) return [];
  if (isList(value)) {
    const keys = value.filter((each) => typeof each === 'string');
    if (keys.length === value.length) return keys;
  }
  throw new ProblemError({
    what: `${FALLBACKS} in ${SETTINGS} is not a plain list of quoted keys. Nothing was changed.`,
    remedy: 'Write it as a list of quoted keys, or as an empty list, then start again.',
  });
}

/**
 * @param other the key that was in force before
 * @param kept keys whose signatures are to be taken still
 * @returns what is wrong with what the site signs with; asked as www-data, under the unit's environment
 */
async function signing(
  host: Host,
  wanted: Secret,
  other: Secret,
  kept: readonly Secret[],
): Promise<string | undefined> {
  const script = template('python/signing.py').replace('OTHER', () =>
    JSON.stringify(JSON.stringify(other.reveal())),
  );
  const answer = await site<{ sum: string; taken: boolean }>(host, script);
  if ('wrong' in answer) return `settings.py does not import as www-data: ${answer.wrong}`;
  if (answer.sum !== fingerprint(wanted.reveal()))
    return 'The site does not use the SECRET_KEY that settings.py assigns.';
  const toBeTaken = kept.some((key) => key.reveal() === other.reveal());
  if (answer.taken === toBeTaken) return undefined;
  return toBeTaken
    ? `Signatures of the other key are refused, although ${FALLBACKS} lists it.`
    : 'Signatures of the other key are still accepted.';
}
