import { template } from '../../../templates/index.ts';
import type { Operation } from '../../engine/operation.ts';
import type { Host } from '../../host/host.ts';
import { collectedStatic } from '../../operations/collect-static.ts';
import { requirement } from '../../operations/command.ts';
import { runningService } from '../../operations/unit.ts';
import { localTime } from '../../output/local-time.ts';
import { ProblemError } from '../../output/problem.ts';
import { site, withValues } from '../../site/django.ts';
import { CHECKOUT, UWSGI_SOCKET, VENV, WWW } from '../../site/layout.ts';
import { maintenanceSince } from '../../site/maintenance.ts';
import { hasAnyRole, isBalanced } from '../../site/roles.ts';
import { SERVICES } from '../../site/services.ts';
import { askUwsgi } from '../../site/uwsgi.ts';
import type { BuiltProcedure, Circumstances, Consent, ProcedureKind } from '../procedure.ts';
import { proof } from '../proof.ts';
import { siteName } from '../site.ts';
import { removeTransactionRecord } from '../transaction-record.ts';
import { keepWay, keptWay, NOTHING_TO_DO, type Planned } from '../way.ts';
import { newStatic, switchedCode } from './code.ts';
import { whatComes } from './coming.ts';
import { checkedCode, databaseBack, difference, type Migrations, migrated } from './database.ts';
import { databaseState } from './database-state.ts';
import { lossWords } from './loss.ts';
import { aheadOf, backFrom, pageOff, pageOn } from './page.ts';
import { brokenSince, releaseServes, siteWorks } from './proof.ts';
import { keptRelease, keptReleases, tidied } from './releases.ts';
import { askedRelease, currentRelease, fetched, named, nothingToLose } from './repository.ts';
import { enoughRoom } from './room.ts';
import { siteService } from './service.ts';
import { staged } from './stage.ts';
import { parsedWay, type Release, type Way } from './state.ts';
import { builtVirtualenv, switchedVirtualenv } from './virtualenv.ts';

/**
 * The site at another commit, with what belongs to it. Arguments: `to`, a branch or a commit, empty for the newest of the
 * branch that is checked out; `rollback`, back to the release before; `restore-database`, that a dump may be taken;
 * `maintenance` and `no-maintenance`, whether visitors get the maintenance page. All but the first are flags: their value is
 * empty.
 */
export async function update(
  { id, transactionRecord }: ProcedureKind,
  circumstances: Circumstances,
  given: Readonly<Record<string, string>>,
): Promise<BuiltProcedure> {
  const { host } = circumstances;
  const begun = await keptWay(host, transactionRecord, parsedWay);
  const name = siteName(circumstances);
  const restore = given['restore-database'] !== undefined;
  const wanted = { restore, ...(await wantedPage(circumstances, name, given)) };
  const planned: (Planned<Way> & Pick<BuiltProcedure, 'consent'>) | undefined = begun
    ? { way: { ...begun, restore: begun.restore || restore }, notices: [], requirements: [] }
    : given.rollback === undefined
      ? await plannedUpdate(circumstances, given.to || undefined, wanted)
      : await plannedRollback(circumstances, wanted);
  const words = { id, arguments: argumentsOf(given) };
  if (planned === undefined)
    return {
      ...words,
      ...NOTHING_TO_DO,
      done: 'Already up to date.',
      undone: '',
    };
  const { way, notices, requirements } = planned;
  const steps =
    way.back === undefined
      ? updateSteps(way, name, circumstances)
      : rollbackSteps(way, way.back, name, circumstances);
  const ended = (prefix: string, gone: string | undefined) => [
    tidied(`${prefix}/tidy`, gone, transactionRecord),
    removeTransactionRecord(`${prefix}/forget`, transactionRecord),
  ];
  return {
    ...words,
    notices,
    ...(planned.consent === undefined ? {} : { consent: planned.consent }),
    lastResort: () => dumpOfBefore(host, way),
    requirements,
    forward: [keepWay('update/keep', transactionRecord, way), ...steps.forward, ...ended('update', way.back)],
    backward: [...steps.backward, ...ended('update-back', way.kept)],
    done: `The site is at ${short(way.to)}. ${way.back === undefined ? 'To go back: studio-setup update --rollback' : 'To the newest code again: studio-setup update'}`,
    undone: `The site is at ${short(way.from)}, as before.`,
  };
}

function argumentsOf({
  to = '',
  ...flags
}: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { to, ...flags };
}

/** The dump that was made right before the migrations, where these can't be taken back. */
async function dumpOfBefore(host: Host, { back, restore, kept, applied }: Way): Promise<Consent | undefined> {
  const release = (await keptReleases(host)).find(({ name }) => name === kept);
  // A rollback takes its dump of a moment ago anyway.
  if (restore || back !== undefined || release === undefined) return undefined;
  const { applied: now, writes } = await databaseState(host);
  const more = difference(now, applied);
  if (more === undefined) return undefined;
  return dumpConsent(
    `The database has migrations that can't be taken back: ${more}. It can be put back from its dump.`,
    release.at,
    lossWords(release.at, writes, release.writes),
  );
}

function dumpConsent(why: string, at: number, loss: string): Consent {
  return {
    about: `${why} ${loss}`,
    question: `Put the database back from the dump of ${localTime(at)}?`,
    given: { 'restore-database': '' },
  };
}

type Wanted = Pick<Way, 'restore' | 'page'>;

/** A page that the operator turned on is the operator's to end. Behind load balancers it is they who keep visitors away. */
async function wantedPage(
  { host, answers }: Circumstances,
  name: string,
  given: Readonly<Record<string, string>>,
): Promise<Pick<Way, 'page'>> {
  if (isBalanced(answers) || !hasAnyRole(answers, 'web')) return { page: 'never' };
  if ((await maintenanceSince(host, name)) !== undefined) return { page: 'stays' };
  if (given.maintenance !== undefined) return { page: 'always' };
  return given['no-maintenance'] === undefined ? {} : { page: 'never' };
}

/** @returns `undefined` when the site is there already */
async function plannedUpdate(
  circumstances: Circumstances,
  asked: string | undefined,
  wantedWay: Wanted,
): Promise<Planned<Way> | undefined> {
  const { host, answers } = circumstances;
  const from = await currentRelease(host, asked);
  await fetched(host);
  const to = await askedRelease(host, from, asked);
  if (to.commit === from.commit && to.branch === from.branch) return undefined;
  await nothingToLose(host, from, to);
  const { applied, bytes } = await databaseState(host);
  const wanted =
    answers.sourceOf('repository.branch') === 'file' ? answers.text('repository.branch') : to.branch;
  return {
    way: { from, to, kept: nameOf(from), applied, failing: await failingNow(circumstances), ...wantedWay },
    notices: [
      ...(await whatComes(host, from, to, wantedWay.page)),
      ...(wanted === to.branch
        ? []
        : [
            `The answers file says "repository.branch: ${wanted}": write ${to.branch} there before a run with it.`,
          ]),
    ],
    requirements: requirementsOf(circumstances, bytes, from.virtualenv !== to.virtualenv),
  };
}

/** A name that sorts by its time, and tells the commit. */
function nameOf({ commit }: Release): string {
  return `${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}-${commit.slice(0, 12)}`;
}

async function plannedRollback(
  circumstances: Circumstances,
  wanted: Wanted,
): Promise<Planned<Way> & Pick<BuiltProcedure, 'consent'>> {
  const { host } = circumstances;
  const before = (await keptReleases(host)).find(({ left }) => left !== true);
  if (before === undefined)
    throw new ProblemError({
      what: 'No earlier release is kept on this server: no update was made, or all were taken back. Nothing was changed.',
      remedy: 'A commit can be named instead: studio-setup update COMMIT',
    });
  const { name: back, at, applied: earlier, writes: then, commit, branch, virtualenv } = before;
  const from = await currentRelease(host, branch);
  const to = { commit, branch, virtualenv };
  await nothingToLose(host, from, to);
  const { applied, bytes, writes } = await databaseState(host);
  const since = applied.filter((each) => !earlier.includes(each));
  const lasting = since.length === 0 ? '' : await lastingSince(host, earlier);
  const loss = lossWords(at, writes, then);
  const consent =
    lasting === '' || wanted.restore
      ? undefined
      : dumpConsent(
          `The database can't go back by its migrations: ${lasting}. It could be put back from its dump.`,
          at,
          loss,
        );
  return {
    ...(consent === undefined ? {} : { consent }),
    way: {
      ...{ from, to, kept: nameOf(from), back, applied, earlier, ...wanted },
      failing: await failingNow(circumstances),
    },
    notices: [
      ...(await whatComes(host, from, to, wanted.page)),
      ...(since.length === 0
        ? []
        : [
            `The database goes back too, to before ${named(since)}: what is in the tables and columns that they made is lost. A dump of all is made first.`,
          ]),
      ...(lasting !== '' && wanted.restore
        ? [`These migrations have no way back: ${lasting}. The database is put back from its dump. ${loss}`]
        : []),
    ],
    requirements: [
      ...requirementsOf(circumstances, bytes, false),
      requirement({
        id: 'update/virtualenv-kept',
        title: 'the virtualenv of then',
        async check(now) {
          if (virtualenv === from.virtualenv || (await now.status(`${WWW}/${virtualenv}`)) !== undefined)
            return;
          throw new ProblemError({
            what: `${WWW}/${virtualenv} is gone, the virtualenv of the earlier release.`,
            remedy: `Name its commit, and a new one is made: studio-setup update ${commit}`,
          });
        },
      }),
      requirement({
        id: 'update/migrations',
        title: 'the migrations have a way back',
        async check() {
          if (consent === undefined) return;
          throw new ProblemError({
            what: consent.about,
            remedy: 'If that may be: studio-setup update --rollback --restore-database',
          });
        },
      }),
    ],
  };
}

/** @returns migrations without a way back that the database has since an earlier state, in words; empty for none */
async function lastingSince(host: Host, earlier: readonly string[]): Promise<string> {
  const values = { applied: earlier.join(' ') };
  const answer = await site<Migrations>(host, withValues(values, template('python/migrations.py')));
  return 'wrong' in answer
    ? answer.wrong
    : named(answer.since.filter((each) => answer.lasting.includes(each)));
}

function requirementsOf(
  circumstances: Circumstances,
  bytes: number,
  virtualenv: boolean,
): readonly Operation[] {
  return [
    proof({
      id: 'update/before',
      title: 'the site works',
      after: [],
      wrong: (host) => siteWorks(host, siteName(circumstances), servesPages(circumstances)),
      remedy: 'See what is wrong with it first: studio-setup doctor',
    }),
    requirement({
      id: 'update/programs',
      title: 'pg_dump',
      async check(host) {
        const { code } = await host.query(['pg_dump', '--version']);
        if (code !== 0)
          throw new ProblemError({
            what: 'pg_dump, which keeps the database as it is, does not run on this server.',
            remedy: 'apt-get install postgresql-client',
          });
      },
    }),
    enoughRoom('update/room', bytes, virtualenv),
  ];
}

interface Steps {
  readonly forward: readonly Operation[];
  readonly backward: readonly Operation[];
}

function updateSteps(way: Way, name: string, circumstances: Circumstances): Steps {
  const { from, to, applied, restore, kept } = way;
  return {
    forward: [
      staged('update/code', to),
      builtVirtualenv('update/dependencies', from, to),
      checkedCode('update/check', to, applied, restore),
      keptRelease('update/database', way),
      newStatic('update/new-static', to),
      ...pageOn('update', way, aheadOf(to)),
      migrated('update/migrate', to),
      ...serving('update', circumstances, way, to, from, name, 'at once'),
      ...pageOff('update', way, name),
      served('update', to, circumstances, () => brokenSince(circumstances, way.failing ?? [])),
    ],
    backward: [
      ...pageOn('update-back', way, backFrom(applied, to)),
      ...serving('update-back', circumstances, way, from, to, name, 'static first'),
      databaseBack({ id: 'update-back/database', applied, dump: kept, by: to, restore }),
      ...pageOff('update-back', way, name),
      served('update-back', from, circumstances),
    ],
  };
}

function rollbackSteps(way: Way, back: string, name: string, circumstances: Circumstances): Steps {
  const { from, to, applied, restore, kept, earlier = [] } = way;
  return {
    forward: [
      // The newer code: it knows how to take its migrations back.
      staged('update/code', from),
      keptRelease('update/database', way),
      ...pageOn('update', way, backFrom(earlier, from)),
      ...serving('update', circumstances, way, to, from, name, 'static first'),
      databaseBack({ id: 'update/database-back', applied: earlier, dump: back, by: from, restore }),
      ...pageOff('update', way, name),
      served('update', to, circumstances, () => brokenSince(circumstances, way.failing ?? [])),
    ],
    backward: [
      ...pageOn('update-back', way, backFrom(applied)),
      // Of a moment ago, and whole: what a migration dropped on its way back would come again empty.
      databaseBack({ id: 'update-back/database', applied, dump: kept, restore: true }),
      ...serving('update-back', circumstances, way, from, to, name, 'static first'),
      ...pageOff('update-back', way, name),
      served('update-back', from, circumstances),
    ],
  };
}

/**
 * The one release serves, and no longer the other.
 * @param when forward new static files are there already, and the processes get the new code at once; else pages of
 *   the old code must find theirs first
 */
function serving(
  prefix: string,
  circumstances: Circumstances,
  way: Way,
  now: Release,
  other: Release,
  name: string,
  when: 'at once' | 'static first',
): readonly Operation[] {
  const statics = afterCode(
    collectedStatic({ id: `${prefix}/static`, shell: ['manage.py collectstatic --no-input'] }),
  );
  const services = [
    ...(servesPages(circumstances)
      ? [
          runningService(siteService(now.virtualenv !== other.virtualenv), {
            id: `${prefix}/studio`,
            // Whatever it says: an error page is new code, too, and the proof sees it at once.
            async answers() {
              const answer = await askUwsgi(UWSGI_SOCKET, name);
              return 'wrong' in answer ? answer.wrong : undefined;
            },
          }),
        ]
      : []),
    ...(hasAnyRole(circumstances.answers, 'background')
      ? [runningService(SERVICES['studio-background'], { id: `${prefix}/background` })]
      : []),
  ].map(afterCode);
  return [
    switchedVirtualenv(`${prefix}/virtualenv`, now, other, way),
    switchedCode(`${prefix}/checkout`, now, way),
    ...(when === 'at once' ? [...services, statics] : [statics, ...services]),
  ];
}

/** Whether there is something to do shows when the site has the other code. */
function afterCode(operation: Operation): Operation {
  return {
    ...operation,
    async observe(host) {
      if (host.willChange(CHECKOUT) || host.willChange(VENV))
        return { later: 'after the switch', summary: operation.title, shell: [] };
      return operation.observe(host);
    },
  };
}

/** @returns ids of the checks that fail now */
async function failingNow({ failing }: Circumstances): Promise<readonly string[]> {
  return [...((await failing?.()) ?? [])].map(([id]) => id);
}

/** @param also what else must not be wrong; not on the way back, which must come to its end whatever else happens */
function served(
  prefix: string,
  release: Release,
  circumstances: Circumstances,
  also: () => Promise<string | undefined> = async () => undefined,
): Operation {
  return proof({
    id: `${prefix}/proof`,
    title: `visitors are served by ${short(release)}`,
    after: [CHECKOUT, VENV],
    wrong: async (host) =>
      (await releaseServes(host, release, siteName(circumstances), servesPages(circumstances))) ??
      (await also()),
    remedy: `See what else is wrong: studio-setup doctor, and journalctl -u ${SERVICES.studio.unit}`,
  });
}

function servesPages({ answers }: Circumstances): boolean {
  return hasAnyRole(answers, 'web');
}

function short({ branch, commit }: Release): string {
  return `${branch} ${commit.slice(0, 12)}`;
}
