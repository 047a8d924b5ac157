import type { Operation } from '../../engine/operation.ts';
import type { Host } from '../../host/host.ts';
import { maintenanceOff, maintenanceOn } from '../../operations/maintenance.ts';
import { isUp, withoutFile } from '../../operations/own-units.ts';
import { isRecord, parsedJson } from '../../output/json.ts';
import { ProblemError } from '../../output/problem.ts';
import { MAINTENANCE, SERVICE_UNITS } from '../../site/layout.ts';
import { unitState } from '../../site/units.ts';
import { namesOnHost, type SiteNames } from '../../site/vhost.ts';
import type { BuiltProcedure, Circumstances, ProcedureKind } from '../procedure.ts';
import { proof } from '../proof.ts';
import { siteAnswers, siteBehind, siteName } from '../site.ts';
import { removeTransactionRecord } from '../transaction-record.ts';
import { keepWay, keptWay, NOTHING_TO_DO } from '../way.ts';
import { namesLead } from './names.ts';
import { renewals } from './renewals.ts';
import { isUnit, MOVED, readMoved, recordOfMove, rested } from './state.ts';
import { started, stopped, unitsThatRun } from './units.ts';

/** What must survive a kill: the units that were up before the move. */
interface Way {
  readonly units: readonly string[];
}

/** Seconds that visitors and services are told to wait: a move takes about as long as DNS remembers. */
const RETRY_AFTER = 3600;

/**
 * The first half of a move, on the old server: visitors get the maintenance page, nothing writes any more, and a last backup has all. It
 * is the order that others give: stop what writes, back up, restore there, then DNS (docs.joinmastodon.org, admin/migrating;
 * docs.gitlab.com, "Migrate to a new server").
 */
export async function move(
  { id, transactionRecord }: ProcedureKind,
  circumstances: Circumstances,
): Promise<BuiltProcedure> {
  const { host } = circumstances;
  const begun = await keptWay(host, transactionRecord, parsedWay);
  const words = {
    id,
    arguments: {},
    done: 'Visitors get the maintenance page, nothing writes any more, and the last backup was made and proved. What comes next: studio-setup move',
    undone: 'The site serves from this server, as before.',
  };
  if (begun === undefined && (await readMoved(host)) !== undefined) return { ...words, ...NOTHING_TO_DO };
  const name = siteName(circumstances);
  const { units } = begun ?? { units: await unitsThatRun(host, (await circumstances.ownTimers?.()) ?? []) };
  const backup = await circumstances.lastBackup?.();
  if (backup === undefined) throw new TypeError('a move needs somebody who makes the last backup');
  return {
    ...words,
    notices: [
      'From now on visitors get the maintenance page, until the site serves from the new server, or from here again (studio-setup move back).',
    ],
    requirements: [
      proof({
        id: 'move/before',
        title: 'the site works',
        after: [],
        wrong: async (now) =>
          (await now.status(MAINTENANCE)) === undefined ? siteAnswers(now, name) : siteBehind(name),
        remedy: 'See what is wrong with it first: studio-setup doctor',
      }),
    ],
    forward: [
      keepWay('move/keep', transactionRecord, { units }),
      ...maintenanceOn('move', RETRY_AFTER),
      ...stopped('move', units),
      ...backup.operations.map(whileNotRecorded),
      recordOfMove('move/record', async (now) => ({ ...(await backup.newest(now)), units, rested: false })),
      atRest('move/proof', units),
      removeTransactionRecord('move/forget', transactionRecord),
    ],
    backward: awake('move-back', units, name, transactionRecord),
  };
}

/** The site serves from the old server again. Argument: `anyway`, a flag, although its names lead to another server. */
export async function moveBack(
  { id, transactionRecord }: ProcedureKind,
  circumstances: Circumstances,
  given: Readonly<Record<string, string>>,
): Promise<BuiltProcedure> {
  const { host } = circumstances;
  const words = {
    id,
    arguments: given,
    done: 'The site serves from this server.',
    undone: 'The site was moved, as before: visitors get the maintenance page here.',
  };
  const begun = await keptWay(host, transactionRecord, parsedWay);
  const moved = await readMoved(host);
  const units = (begun ?? moved)?.units;
  if (units === undefined) return { ...words, ...NOTHING_TO_DO };
  const names = await knownNames(host);
  const { meilisearch } = SERVICE_UNITS;
  const atRestBefore = moved?.rested === true;
  const off = atRestBefore ? [...units, meilisearch] : units;
  return {
    ...words,
    notices: ['What was written on the new server since the move is not on this one.'],
    requirements: given.anyway === undefined ? [namesLead('move-back/dns', names, 'here')] : [],
    forward: [
      keepWay('move-back/keep', transactionRecord, { units }),
      renewals('move-back/renewals', names, true),
      ...awake('move-back', [...units, meilisearch], siteName(circumstances), transactionRecord),
    ],
    backward: [
      ...maintenanceOn('move', RETRY_AFTER),
      ...stopped('move', off),
      ...(atRestBefore ? [renewals('move/renewals', names, false)] : []),
      atRest('move/proof', off),
      removeTransactionRecord('move/forget', transactionRecord),
    ],
  };
}

/**
 * Nothing of the old server is needed any more: its search and its renewals end. The maintenance page stays, and so does all data.
 * Argument: `anyway`, a flag, although names lead here.
 */
export async function moveRest(
  { id, transactionRecord }: ProcedureKind,
  circumstances: Circumstances,
  given: Readonly<Record<string, string>>,
): Promise<BuiltProcedure> {
  const { host } = circumstances;
  const begun = await keptWay(host, transactionRecord, parsedWay);
  const moved = await readMoved(host);
  if (moved === undefined)
    throw new ProblemError({
      what: 'The site of this server was not moved: put to rest, it could not be reached by anybody. Nothing was changed.',
      remedy: 'Move it first: studio-setup move',
    });
  const words = {
    id,
    arguments: given,
    done: 'The site is at rest here: its services are off, its certificates are not renewed here, and nothing was deleted. To wake it up: studio-setup move back',
    undone: 'The site is not at rest, as before.',
  };
  if (begun === undefined && moved.rested) return { ...words, ...NOTHING_TO_DO };
  const names = await knownNames(host);
  const { meilisearch } = SERVICE_UNITS;
  return {
    ...words,
    notices: [],
    requirements: given.anyway === undefined ? [namesLead('move-rest/dns', names, 'elsewhere')] : [],
    forward: [
      keepWay('move-rest/keep', transactionRecord, { units: moved.units }),
      renewals('move-rest/renewals', names, false),
      ...stopped('move-rest', [meilisearch]),
      rested('move-rest/record', true),
      atRest('move-rest/proof', [...moved.units, meilisearch]),
      removeTransactionRecord('move-rest/forget', transactionRecord),
    ],
    backward: [
      renewals('move-rest-back/renewals', names, true),
      ...started('move-rest-back', [meilisearch], siteName(circumstances)),
      rested('move-rest-back/record', false),
      removeTransactionRecord('move-rest-back/forget', transactionRecord),
    ],
  };
}

/** @returns what has the site serve from here again, its proof among it */
function awake(
  prefix: string,
  units: readonly string[],
  name: string,
  transactionRecord: string,
): readonly Operation[] {
  return [
    ...started(prefix, units, name),
    ...maintenanceOff(prefix),
    proof({
      id: `${prefix}/proof`,
      title: `${name} works`,
      after: [MAINTENANCE],
      wrong: (host) => siteAnswers(host, name),
      remedy: 'See what else is wrong: studio-setup doctor',
    }),
    withoutFile(`${prefix}/record`, MOVED),
    removeTransactionRecord(`${prefix}/forget`, transactionRecord),
  ];
}

/** A backup is made each time that it is asked for: once it is recorded, no other one is needed. */
function whileNotRecorded(operation: Operation): Operation {
  return {
    ...operation,
    observe: async (host) => ((await host.status(MOVED)) === undefined ? operation.observe(host) : undefined),
  };
}

function atRest(id: string, units: readonly string[]): Operation {
  return proof({
    id,
    title: 'nothing of the site writes on this server',
    after: [MOVED],
    async wrong(host) {
      for (const unit of units) if (isUp(await unitState(host, unit))) return `${unit} runs again.`;
      return undefined;
    },
    remedy: 'Find out what started it (systemctl status UNIT; journalctl -u UNIT), then try again.',
  });
}

async function knownNames(host: Host): Promise<SiteNames> {
  const names = await namesOnHost(host);
  if (names !== undefined) return names;
  throw new ProblemError({
    what: "nginx's file of the site does not tell the site's names. Nothing was changed.",
    remedy: 'See what is wrong with it: studio-setup doctor',
  });
}

function parsedWay(text: string): Way | undefined {
  const way = parsedJson(text);
  if (!isRecord(way) || !Array.isArray(way.units)) return undefined;
  const units = way.units.map(String);
  return units.every(isUnit) ? { units } : undefined;
}
