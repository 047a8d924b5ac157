import { dirname } from 'node:path';
import type { Operation } from '../../engine/operation.ts';
import type { Host } from '../../host/host.ts';
import { command, requirement } from '../../operations/command.ts';
import { fetchProgram, RELEASE_MB, sha256Of } from '../../operations/download.ts';
import { folder } from '../../operations/folder.ts';
import { reloadedSite } from '../../operations/reload.ts';
import { runningService } from '../../operations/unit.ts';
import { ProblemError } from '../../output/problem.ts';
import type { Secret } from '../../output/secret.ts';
import { masterKeyFits } from '../../requirements/meilisearch.ts';
import { freePort } from '../../requirements/ports.ts';
import { inMegabytes, MEGABYTE, shortDisk } from '../../requirements/short-disk.ts';
import { manage, unitEnvironment } from '../../site/django.ts';
import {
  CHECKOUT,
  MEILISEARCH_DUMPS,
  MEILISEARCH_SNAPSHOTS,
  SETTINGS,
  SITE_USER,
} from '../../site/layout.ts';
import {
  currentMasterKey,
  forbiddenProgram,
  programVersion,
  rememberInstalled,
  runningVersion,
  wantedProgram,
} from '../../site/meilisearch.ts';
import { siteClient } from '../../site/meilisearch-client.ts';
import { explainJournal } from '../../site/meilisearch-journal.ts';
import { freeFolder } from '../../site/meilisearch-unit.ts';
import { makesFolders, opensData } from '../../site/meilisearch-versions.ts';
import { SERVICES } from '../../site/services.ts';
import type { BuiltProcedure, Circumstances, ProcedureKind } from '../procedure.ts';
import { proof } from '../proof.ts';
import { refusing, searchKeysInSettings } from '../search-keys.ts';
import { searchWorks } from '../search-proof.ts';
import { siteAnswers, siteName } from '../site.ts';
import { removeTransactionRecord } from '../transaction-record.ts';
import { keepWay, keptWay, NOTHING_TO_DO, type Planned } from '../way.ts';
import { BESIDE_PORT, BESIDE_UNIT } from './beside.ts';
import { currentEngine, type Engine, type Fill, parsedWay, previousEngine, type Way } from './engine.ts';
import { filled, waySuggested } from './fill.ts';
import { keptEngine } from './kept.ts';
import { doubts, releaseOf, targetVersion } from './target.ts';
import { UNIT, unitFor, unitOf } from './unit.ts';

const DONE = 'Already up to date.';
/** Bytes that stay free beside all else. */
const SPARE = 300 * MEGABYTE;
/** An index that is being filled, and the dump or the tasks that it comes from. */
const TIMES_DATA = 2;

/**
 * Meilisearch in another version, or back in the one before. Arguments: `version`, empty for the one that fits; `rollback`, a
 * flag; `sha256`, that the release must have.
 */
export async function upgradeMeilisearch(
  { id, transactionRecord }: ProcedureKind,
  circumstances: Circumstances,
  given: Readonly<Record<string, string>>,
): Promise<BuiltProcedure> {
  const { host } = circumstances;
  const begun = await keptWay(host, transactionRecord, parsedWay);
  const planned = begun
    ? { way: begun, notices: [], requirements: [] }
    : await plannedWay(circumstances, given);
  const { version = '', ...flags } = given;
  if (planned === undefined)
    return { id, arguments: { version, ...flags }, ...NOTHING_TO_DO, done: DONE, undone: '' };
  const { way, notices, requirements } = planned;
  const { from, to, fill, gone } = way;
  const master = await masterKey(host);
  const name = siteName(circumstances);
  const serving = (prefix: string, engine: Engine, strict: boolean) =>
    served(prefix, { engine, master, name, strict, transactionRecord });
  const staying = fill === undefined ? [from, to] : [from, to, ...(gone === undefined ? [] : [gone])];
  return {
    id,
    arguments: { version: flags.rollback === undefined ? to.version : '', ...flags },
    notices,
    requirements,
    forward: [
      keepWay('upgrade-meilisearch/keep', transactionRecord, way),
      ...(fill === undefined ? [] : prepared(way, fill, master)),
      ...serving('upgrade-meilisearch', to, true),
      keptEngine({
        id: 'upgrade-meilisearch/previous',
        previous: from,
        ...(gone === undefined ? {} : { gone }),
        staying: [from, to],
        after: transactionRecord,
      }),
      removeTransactionRecord('upgrade-meilisearch/forget', transactionRecord),
    ],
    backward: [
      ...serving('upgrade-meilisearch-back', from, false),
      keptEngine({
        id: 'upgrade-meilisearch-back/previous',
        ...(fill === undefined ? {} : { gone: to }),
        // A program that was there before is somebody's.
        staying: staying
          .filter((each) => each !== to)
          .concat(fill?.programStays ? [{ ...to, data: '' }] : []),
        after: transactionRecord,
      }),
      removeTransactionRecord('upgrade-meilisearch-back/forget', transactionRecord),
    ],
    done: `Meilisearch ${to.version} serves the search. ${from.version} stays: studio-setup upgrade meilisearch --rollback goes back to it, --clean deletes it.`,
    undone: `Meilisearch ${from.version} serves the search, as before.`,
  };
}

async function masterKey(host: Host): Promise<Secret> {
  const master = await currentMasterKey(host);
  if (master !== undefined) return master;
  throw new ProblemError({
    what: 'There is no master key of Meilisearch on this server. Nothing was changed.',
    remedy: 'Set the site up first: studio-setup run',
  });
}

/** @returns `undefined` when it is there already */
async function plannedWay(
  circumstances: Circumstances,
  given: Readonly<Record<string, string>>,
): Promise<Planned<Way> | undefined> {
  const { host } = circumstances;
  const from = await currentEngine(host);
  const previous = await previousEngine(host);
  return given.rollback === undefined
    ? plannedUpgrade(circumstances, given, from, previous)
    : plannedRollback(circumstances, from, previous);
}

async function plannedUpgrade(
  circumstances: Circumstances,
  given: Readonly<Record<string, string>>,
  from: Engine,
  previous: Engine | undefined,
): Promise<Planned<Way> | undefined> {
  const { host, answers } = circumstances;
  const { version, notices } = await targetVersion(host, answers, given.version || undefined, from.version);
  if (version === from.version) return undefined;
  const program = besideProgram(from, version);
  const data = await freeFolder(host, from.data, version);
  const unit = await unitFor(host, answers, from, { version, program, data });
  const chosen = await waySuggested(host, from, version);
  const programStays = (await host.status(program)) !== undefined;
  const { source, sha256 } = releaseOf(answers, version, given.sha256);
  const fill: Fill = { by: chosen.by, source, programStays, ...(sha256 === undefined ? {} : { sha256 }) };
  const way: Way = {
    from,
    to: { version, program, data, unit },
    fill,
    ...(previous ? { gone: previous } : {}),
  };
  return {
    way,
    notices: [
      ...notices,
      chosen.by === 'dump'
        ? `The new index comes out of a dump of ${from.version}, with all settings and keys.`
        : `The new index is filled by the site's own commands (${chosen.why}). Indexes, settings and keys that were made by hand do not come along.`,
      'Search is down while Meilisearch starts once, for about a second. Pages keep working.',
      ...(chosen.by === 'dump' ? [] : [OPEN_PAGES]),
      ...(previous === undefined
        ? []
        : [`Meilisearch ${previous.version}, which the upgrade before kept, is deleted at the end.`]),
      ...fileNotice(circumstances, version),
    ],
    requirements: [
      ...requirementsOf(circumstances, way),
      room(way),
      ...(await startable(circumstances, way)),
    ],
  };
}

const OPEN_PAGES =
  'A page that a visitor has open keeps the old public key: search works there again once the page is reloaded.';

/** The repository's own naming, beside the old program; one without a version in its name keeps its place. */
function besideProgram({ unit, program }: Engine, version: string): string {
  const path = wantedProgram(unit, version);
  return path === program ? `${program}-${version}` : path;
}

async function plannedRollback(
  circumstances: Circumstances,
  from: Engine,
  previous: Engine | undefined,
): Promise<Planned<Way>> {
  const { host } = circumstances;
  if (previous === undefined)
    throw new ProblemError({
      what: 'No earlier Meilisearch is kept on this server: it was not upgraded, or what was kept is deleted. Nothing was changed.',
      remedy: 'A version can be named instead: studio-setup upgrade meilisearch VERSION',
    });
  const way: Way = { from, to: previous };
  return {
    way,
    notices: [
      ...doubts(await siteClient(host), previous.version),
      'Search is down while Meilisearch starts once, for about a second. Pages keep working.',
      OPEN_PAGES,
      `The index is as it was when ${from.version} took over; the site adds what came since.`,
      ...fileNotice(circumstances, previous.version),
    ],
    requirements: [...requirementsOf(circumstances, way), stillThere(previous)],
  };
}

function fileNotice({ answers }: Circumstances, version: string): readonly string[] {
  if (answers.sourceOf('meilisearch.version') !== 'file') return [];
  const said = answers.text('meilisearch.version');
  return said === version
    ? []
    : [
        `The answers file says "meilisearch.version: ${said}": write ${version} there. A run with the file as it is will be refused.`,
      ];
}

/** The kept engine is whole: its program, and data that it opens. */
function stillThere({ version, program, data }: Engine): Operation {
  return requirement({
    id: 'upgrade-meilisearch/kept',
    title: `Meilisearch ${version}, as it was kept`,
    async check(host) {
      const mark = (await host.read(`${data}/VERSION`, { as: SITE_USER }))?.trim();
      const lost = (await host.status(program)) === undefined ? program : undefined;
      const empty = (await host.list(data)).length === 0 || !opensData(version, mark) ? data : undefined;
      if (lost === undefined && empty === undefined) return;
      throw new ProblemError({
        what: `${lost ?? empty}, which belongs to the kept Meilisearch ${version}, is gone or is another version's.`,
        remedy: `It can be set up again: studio-setup upgrade meilisearch ${version}`,
      });
    },
  });
}

function requirementsOf(circumstances: Circumstances, { to }: Way): readonly Operation[] {
  return [
    proof({
      id: 'upgrade-meilisearch/before',
      title: 'Meilisearch accepts its master key, and the site works',
      after: [],
      wrong: async (host) =>
        (await refusing(host, await masterKey(host))) ?? (await siteAnswers(host, siteName(circumstances))),
      remedy: 'See what is wrong first: studio-setup doctor',
    }),
    requirement({
      id: 'upgrade-meilisearch/key-length',
      title: `the master key is long enough for Meilisearch ${to.version}`,
      check: async (host) => masterKeyFits(await masterKey(host), to.version),
    }),
  ];
}

async function startable({ host }: Circumstances, { to }: Way): Promise<readonly Operation[]> {
  const why = await forbiddenProgram(host, to.program);
  return [
    requirement({
      id: 'upgrade-meilisearch/place',
      title: 'a place for the new program and its data',
      async check(now) {
        if (why !== undefined)
          throw new ProblemError({
            what: `Root will not install or run a program at ${to.program}: ${why}.`,
            remedy: `Let ExecStart= in ${UNIT} name a program in a folder owned by root, such as /usr/bin/meilisearch-VERSION.`,
          });
        const parent = dirname(to.data);
        const { code } = await now.query(['test', '-w', parent], { as: SITE_USER });
        if (code !== 0)
          throw new ProblemError({
            what: `${SITE_USER}, which runs Meilisearch, can't make ${to.data}: ${parent} is not writable for it.`,
            remedy: `Let it write there (install -d -o ${SITE_USER} -g ${SITE_USER} ${parent}), then start again.`,
          });
        await freePort(now, BESIDE_PORT, BESIDE_UNIT);
      },
    }),
  ];
}

function room({ from, to }: Way): Operation {
  return requirement({
    id: 'upgrade-meilisearch/room',
    title: 'room on the disk',
    async check(host) {
      const { stdout } = await host.query(['du', '-sb', '--', from.data]);
      const data = Number.parseInt(stdout, 10) || 0;
      const short = await shortDisk(
        host,
        [
          { path: dirname(to.data), bytes: TIMES_DATA * data },
          { path: dirname(to.program), bytes: RELEASE_MB * MEGABYTE },
        ],
        SPARE,
      );
      if (short === undefined) return;
      const { target } = short;
      const { free, wanted } = inMegabytes(short);
      throw new ProblemError({
        what: `Only ${free} MB are free on ${target}; the new Meilisearch and its index may take ${wanted} MB.`,
        remedy: `Make room there (df -h, du -xh --max-depth=2 ${target} | sort -h), then start again.`,
      });
    },
  });
}

/** All that can fail beside the server that serves. */
function prepared(way: Way, fill: Fill, master: Secret): readonly Operation[] {
  const { to } = way;
  const folders = makesFolders(to.version) ? [MEILISEARCH_DUMPS, MEILISEARCH_SNAPSHOTS] : [];
  return [
    program(to, fill),
    ...folders
      .filter((path) => to.unit.includes(path))
      .map((path) =>
        folder({
          id: `upgrade-meilisearch/${path.slice(path.lastIndexOf('-') + 1)}`,
          path,
          owner: SITE_USER,
          group: SITE_USER,
          mode: 0o750,
        }),
      ),
    filled('upgrade-meilisearch/index', way, fill, master),
  ];
}

function program({ program: path, version }: Engine, { source, sha256 }: Fill): Operation {
  return command({
    id: 'upgrade-meilisearch/program',
    title: `Meilisearch ${version}`,
    ...(source.startsWith('/') ? {} : { downloads: `Meilisearch ${version} (about ${RELEASE_MB} MB)` }),
    shell: [
      `curl -fLo ${path} ${source}`,
      `sha256sum ${path}  # ${sha256 ?? 'compare it with what you trust'}`,
      `chmod 755 ${path}`,
    ],
    touches: [path],
    async missing(host) {
      if ((await host.status(path)) === undefined) return path;
      if (sha256 !== undefined) return (await sha256Of(host, path)) === sha256 ? undefined : path;
      return (await programVersion(host, path)) === version ? undefined : path;
    },
    async apply(live) {
      const found = await fetchProgram(live, { path, source, ...(sha256 === undefined ? {} : { sha256 }) });
      rememberInstalled(live, version, found);
      if (sha256 === undefined)
        live.warn(
          `${source} was installed without a known SHA-256. The SHA-256 of the file is ${found}: compare it with a source that you trust.`,
        );
    },
  });
}

interface Serving {
  readonly engine: Engine;
  readonly master: Secret;
  readonly name: string;
  /** Whether the site has to be able to fill the index; where it is to be as before, what was so before is no hindrance. */
  readonly strict: boolean;
  readonly transactionRecord: string;
}

/** One engine serves, and no longer the other. */
function served(prefix: string, wanted: Serving): readonly Operation[] {
  const { engine, master, name } = wanted;
  return [
    unitOf(`${prefix}/unit`, engine, master),
    runningService(SERVICES.meilisearch, {
      id: `${prefix}/service`,
      title: `Meilisearch ${engine.version} running`,
      answers: async (host) => (await refusing(host, master)) ?? otherVersion(host, engine, master),
      explain: explainJournal,
    }),
    searchKeysInSettings({ id: `${prefix}/keys`, master, after: [UNIT] }),
    reloadedSite({ id: `${prefix}/studio`, hostName: name, after: [`${prefix}/keys`] }),
    runningService(SERVICES['studio-background'], { id: `${prefix}/background` }),
    sinceThen(`${prefix}/since`, wanted),
    proof({
      id: `${prefix}/proof`,
      title: `search works with Meilisearch ${engine.version}`,
      after: [wanted.transactionRecord, UNIT, SETTINGS],
      wrong: async (host) =>
        (await otherVersion(host, engine, master)) ??
        (await searchWorks(host, { name, master, refused: [] })) ??
        (await siteAnswers(host, name)),
      remedy: 'See what else is wrong with the search: studio-setup doctor',
    }),
  ];
}

async function otherVersion(host: Host, { version }: Engine, master: Secret): Promise<string | undefined> {
  const found = await runningVersion(host, master);
  return found === version ? undefined : `Meilisearch ${found ?? 'that answers'} is not ${version}.`;
}

/** Which data folder has had what came while it was not the one that serves. */
const SINCE = 'meilisearch-indexed';

/** What editors changed since the index was filled; through the public address, so it shows the site's own way too. */
function sinceThen(id: string, { engine: { data }, strict }: Serving): Operation {
  return command({
    id,
    title: 'what the site has changed since then',
    shell: ['manage.py index_documents'],
    async missing(host) {
      if (host.hint(SINCE) === data) return undefined;
      return host.willChange(UNIT) ? { later: 'after the new Meilisearch' } : 'index_documents';
    },
    async apply(live) {
      const { code } = await live.run(manage('index_documents'), {
        as: SITE_USER,
        cwd: CHECKOUT,
        env: await unitEnvironment(live),
        yields: true,
        ...(strict ? {} : { accept: Array.from({ length: 256 }, (_, each) => each) }),
      });
      if (code !== 0)
        live.warn(
          `The site could not add what changed (manage.py index_documents ended with ${code}): see studio-setup doctor.`,
        );
      live.remember(SINCE, data);
    },
  });
}
