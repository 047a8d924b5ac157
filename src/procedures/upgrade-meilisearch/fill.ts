import { setTimeout as sleep } from 'node:timers/promises';
import { template } from '../../../templates/index.ts';
import { dumpsFolderOf } from '../../configs/meilisearch.ts';
import type { Operation } from '../../engine/operation.ts';
import type { Host, LiveHost } from '../../host/host.ts';
import { asAccount } from '../../host/shell.ts';
import { command } from '../../operations/command.ts';
import { isRecord, parsedJson } from '../../output/json.ts';
import { ProblemError } from '../../output/problem.ts';
import type { Secret } from '../../output/secret.ts';
import { siteProgram, unitEnvironment, withValues } from '../../site/django.ts';
import { CHECKOUT, MEILISEARCH, SITE_USER, VENV } from '../../site/layout.ts';
import { indexed, keyHeader, searchKeys } from '../../site/meilisearch.ts';
import { folderVariables } from '../../site/meilisearch-versions.ts';
import { isAtLeast } from '../../text/version.ts';
import { BESIDE, BESIDE_FILE, startBeside, stopBeside } from './beside.ts';
import { type Engine, type Fill, partial, type Way } from './engine.ts';

/**
 * From 0.30 on a unit names a folder for dumps, as that version does not start without one; before, dumps would go to `/`, where
 * www-data may not write, and naming another folder would take a further restart.
 */
const NAMES_A_FOLDER = '0.30.0';

/**
 * Which way the index takes. A dump is read by the same and by later versions only, and brings all that the server has: its
 * settings, further indexes and keys, without asking the database (docs of Meilisearch, learn/update_and_migration/updating.mdx:
 * "migrate an existing database from an older version"; both ways index every document again, so it is the quicker one). Else
 * the site fills the index out of its database, which is always possible.
 * @returns the way, and for the site's own why it is no dump
 */
export async function waySuggested(
  host: Host,
  from: Engine,
  version: string,
): Promise<{ readonly by: 'dump' } | { readonly by: 'site'; readonly why: string }> {
  if (!isAtLeast(from.version, NAMES_A_FOLDER))
    return { by: 'site', why: `Meilisearch ${from.version} has no folder for dumps` };
  if (!isAtLeast(version, from.version))
    return { by: 'site', why: `${version} does not read dumps of the newer ${from.version}` };
  const folder = dumpsFolder(from);
  if (folder === undefined) return { by: 'site', why: 'its unit names no folder for dumps' };
  const { code } = await host.query(['test', '-w', folder], { as: SITE_USER });
  return code === 0 ? { by: 'dump' } : { by: 'site', why: `${SITE_USER} can't write dumps to ${folder}` };
}

function dumpsFolder({ unit, version }: Engine): string | undefined {
  return dumpsFolderOf(unit, folderVariables(version).dumps);
}

/** The new engine's data, whole: it gets its name only when it is. Meanwhile the old one serves. */
export function filled(id: string, { from, to }: Way, fill: Fill, master: Secret): Operation {
  return command({
    id,
    title: `the index of Meilisearch ${to.version}, beside the old one`,
    shell:
      fill.by === 'dump'
        ? [
            `curl -X POST -H "Authorization: Bearer $MASTER_KEY" ${MEILISEARCH}/dumps`,
            asAccount(
              SITE_USER,
              `${to.program} --db-path ${to.data} --import-dump DUMP --http-addr ${BESIDE}`,
            ),
          ]
        : ['manage.py create_search_indexes', `manage.py index_documents  # into ${BESIDE}`],
    touches: [to.data],
    missing: async (host) => ((await host.status(to.data)) === undefined ? to.data : undefined),
    async apply(live) {
      await stopBeside(live);
      await live.run(['rm', '-rf', '--', partial(to)], { as: SITE_USER });
      try {
        const dump = fill.by === 'dump' ? await dumped(live, from, master) : undefined;
        await startBeside(live, to, dump);
        if (dump === undefined) await filledBySite(live, master);
        await whole(live, { from, to }, fill, master);
        await stopBeside(live);
        if (dump !== undefined) await live.run(['rm', '-f', '--', dump], { as: SITE_USER });
        await live.run(['mv', '-T', '--', partial(to), to.data], { as: SITE_USER });
      } finally {
        if ((await live.status(BESIDE_FILE)) !== undefined) await stopBeside(live);
      }
    },
  });
}

/** What a dump that was left behind by a kill is remembered by. */
const DUMP = 'meilisearch-dump';

/**
 * Has the server that serves write a dump; searches go on meanwhile.
 * From 0.28 on that is a task, whose details name the file (docs of Meilisearch, learn/update_and_migration/updating.mdx,
 * "Create the dump").
 * @returns its absolute path
 */
async function dumped(live: LiveHost, from: Engine, master: Secret): Promise<string> {
  const folder = dumpsFolder(from) ?? '';
  const before = live.hint(DUMP);
  if (before) await live.run(['rm', '-f', '--', `${folder}/${before}.dump`], { as: SITE_USER });
  const headers = keyHeader(from.version, master);
  const begun = await live.request(`${MEILISEARCH}/dumps`, { method: 'POST', headers });
  const task = field(begun.body, 'taskUid');
  if (typeof task !== 'number') throw noDump(begun.error ?? `HTTP ${begun.status}`);
  const wanted = async () => {
    const answer = await live.request(`${MEILISEARCH}/tasks/${task}`, { headers });
    const { status, details, error } = record(parsedJson(answer.body));
    if (status === 'failed' || status === 'canceled') throw noDump(String(record(error).message ?? status));
    const uid = record(details).dumpUid;
    return status === 'succeeded' && typeof uid === 'string' && /^[\w-]+$/.test(uid) ? uid : undefined;
  };
  const uid = await waitedFor(live, wanted, 'the dump');
  live.remember(DUMP, uid);
  return `${folder}/${uid}.dump`;
}

function noDump(why: string): ProblemError {
  return new ProblemError({
    what: `Meilisearch did not write a dump: ${why}. Search works as before.`,
    remedy: 'See its journal (journalctl -u meilisearch), then start the same command again.',
  });
}

async function filledBySite(live: LiveHost, master: Secret): Promise<void> {
  const answer = await searchKeys(live, master, BESIDE);
  if ('wrong' in answer)
    throw new ProblemError({
      what: `The new Meilisearch does not work: ${answer.wrong}. Search works as before.`,
      remedy: 'Start the same command again; if it stays so, choose another version.',
    });
  const values = { address: BESIDE, key: answer.keys.private.reveal() };
  await live.run([`${VENV}/bin/python`, '-'], {
    as: SITE_USER,
    cwd: CHECKOUT,
    env: await unitEnvironment(live),
    input: siteProgram(withValues(values, template('python/fill_search.py'))),
    yields: true,
    explain: () => ({
      what: "The site's own commands could not fill the new Meilisearch. Search works as before.",
      remedy:
        "The last lines above say why. If the site's Python client does not speak to this version, choose another one: studio-setup upgrade meilisearch VERSION",
    }),
  });
}

/** Adding documents is answered at once and done later: it waits for that, and compares with the server that serves. */
async function whole(live: LiveHost, { from, to }: Way, { by }: Fill, master: Secret): Promise<void> {
  const answer = await searchKeys(live, master, BESIDE);
  if ('wrong' in answer) throw notWhole(`it has no keys (${answer.wrong})`);
  const headers = keyHeader(to.version, master);
  await waitedFor(live, () => tasksDone(live, headers, by), 'its index');
  const now = await indexed(live, from.version, master);
  const then = await indexed(live, to.version, master, BESIDE);
  if (then === undefined) throw notWhole('it does not say what it has');
  live.say(`${then.documents} documents in the new index, ${now?.documents ?? 'unknown'} in the old one`);
  if (then.indexes === 0 || (then.documents === 0 && now !== undefined && now.documents > 0))
    throw notWhole(`it has ${then.documents} documents, the old one ${now?.documents}`);
}

/** The newest first, and more of them than any site has at once; 0.27 and earlier give all. */
const TASKS = `${BESIDE}/tasks?limit=1000`;

async function tasksDone(
  live: LiveHost,
  headers: Record<string, string>,
  by: Fill['by'],
): Promise<true | undefined> {
  const { body } = await live.request(TASKS, { headers });
  const results = record(parsedJson(body)).results;
  if (!Array.isArray(results)) return undefined;
  const tasks = results.map(record);
  const failed = tasks.find(({ status, type }) => status === 'failed' && /^document/i.test(String(type)));
  // A dump brings the tasks of all times with it.
  if (by === 'site' && failed !== undefined)
    throw notWhole(`adding documents failed (${record(failed.error).code})`);
  return tasks.some(({ status }) => status === 'enqueued' || status === 'processing') ? undefined : true;
}

function notWhole(why: string): ProblemError {
  return new ProblemError({
    what: `The new index is not whole: ${why}. Search works as before.`,
    remedy: 'Start the same command again. If it stays so: studio-setup doctor',
  });
}

const PATIENCE_MS = 60 * 60_000;

async function waitedFor<T>(live: LiveHost, ask: () => Promise<T | undefined>, what: string): Promise<T> {
  for (const until = Date.now() + PATIENCE_MS; ; await sleep(300)) {
    live.forget();
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > until || live.signal.aborted)
      throw new ProblemError({
        what: `Meilisearch did not finish ${what} within an hour. Search works as before.`,
        remedy: 'See its journal, and the load of this server (uptime); then start the same command again.',
      });
  }
}

function field(body: string, name: string): unknown {
  return record(parsedJson(body))[name];
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}
