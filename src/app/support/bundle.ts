import { readdir, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { failures } from '../../checks/examine.ts';
import { withExamples } from '../../engine/example-answers.ts';
import { graphOf } from '../../engine/graph.ts';
import { plan } from '../../engine/plan.ts';
import type { Host } from '../../host/host.ts';
import { clean, harmless } from '../../output/clean.ts';
import { count } from '../../output/duration.ts';
import { localTime } from '../../output/local-time.ts';
import { problemOf } from '../../output/problem.ts';
import { redactor } from '../../output/redaction.ts';
import { likelySecretsIn, withoutLikelySecrets } from '../../output/secret-patterns.ts';
import { readTransactionRecord } from '../../procedures/transaction-record.ts';
import { planText } from '../../reporters/plan-text.ts';
import { entriesOf, problemsOf } from '../../reporters/plan-view.ts';
import { readChannels } from '../../watch/channels.ts';
import { examineSite } from '../examine-site.ts';
import { withoutUnreadable } from '../known-answers.ts';
import { runsOf } from '../listed-runs.ts';
import type { Session } from '../session.ts';
import { learnFromFiles } from './learn.ts';
import { type Part, partsOfServer } from './parts.ts';

/** Characters of one file that are taken, from its end: the newest. */
const LARGEST = 1024 * 1024;
/** Characters of a line. */
const LONGEST_LINE = 4096;
/** Logs of runs that are taken, the newest. */
const LOGS = 5;

/** What is given to somebody who is to help: texts without secrets. */
export interface Bundle {
  readonly files: readonly BundleFile[];
  /** What could not be asked, and why. It stands in the bundle, too. */
  readonly unasked: readonly Unasked[];
}

interface BundleFile {
  /** Its path in the archive. */
  readonly name: string;
  readonly about: string;
  readonly text: string;
}

interface Unasked {
  readonly what: string;
  readonly why: string;
}

/**
 * Asks the server for all that helps to find a fault. Changes nothing; what can't be asked is noted, and stops nothing.
 * @param host what the server itself is asked through
 * @returns the files, masked by the funnel and by what secrets look like
 */
export async function gatherBundle(session: Session, host: Host = session.host): Promise<Bundle> {
  await session.learnSecrets();
  await learnOwnSecrets(session);
  const unread = await learnFromFiles(host);
  const unasked: Unasked[] = [...unread].map(([file, why]) => ({
    what: file,
    why: `${why} Secrets that only stand there are known by their looks alone.`,
  }));
  const raw: BundleFile[] = [];
  // One after the other: plan and doctor alone keep a small server busy.
  for (const part of await partsOf(session, host)) {
    try {
      raw.push({ name: part.name, about: part.about, text: bounded(await part.text()) });
    } catch (error) {
      unasked.push({ what: `${part.name} (${part.about})`, why: problemOf(error).what });
    }
  }
  // What one of them shows to be a secret may stand in another where nothing shows it.
  for (const { text } of raw)
    for (const value of likelySecretsIn(text)) if (isTelling(value)) redactor.learn(value);
  const masked = (text: string) => withoutLikelySecrets(clean(text));
  const files = raw.map(({ text, ...file }) => ({ ...file, text: `${masked(text).trimEnd()}\n` }));
  const said = unasked.map(({ what, why }) => ({ what: masked(what), why: masked(why) }));
  return { files: [readme(session, files, said), ...files], unasked: said };
}

/** @returns `3 kB`, `1.2 MB` */
export function sizeOf(bytes: number): string {
  return bytes < 1_000_000
    ? `${Math.max(1, Math.round(bytes / 1000))} kB`
    : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** Learnt from a log, a word of a sentence would be masked everywhere. */
function isTelling(value: string): boolean {
  return value.length >= 10 && /\d/.test(value) && /[A-Za-z]/.test(value);
}

/** Of what was begun and killed, old and new, and of the watch: reading them teaches them. What is unreadable teaches nothing. */
async function learnOwnSecrets({ product, host }: Session): Promise<void> {
  await readChannels(host).catch(() => {});
  for (const { transactionRecord } of (await product.procedures?.()) ?? [])
    await readTransactionRecord(host, transactionRecord).catch(() => {});
}

async function partsOf(session: Session, host: Host): Promise<readonly Part[]> {
  const { paths, version } = session.product;
  return [
    { name: 'plan.txt', about: 'what a run would change', text: () => planned(session) },
    { name: 'doctor.txt', about: 'what each check of the doctor found', text: () => examined(session) },
    { name: 'runs.txt', about: 'the runs that changed something', text: async () => runs(session) },
    ...(await newestLogs(paths.log)).map((name) => ({
      name: `logs/${name}`,
      about: 'log of a run of studio-setup',
      text: () => readFile(path.join(paths.log, name), 'utf8'),
    })),
    ...partsOfServer(host, version),
  ];
}

async function planned(session: Session): Promise<string> {
  const sections = withoutUnreadable(await session.product.sections());
  const { answers, missing } = await session.collect(sections);
  const entries = await plan(graphOf(sections, withExamples(missing, answers)), session.host);
  const changes = entriesOf(entries);
  return [
    ...(missing.length === 0
      ? []
      : [`Nobody answered ${missing.map(({ id }) => id).join(', ')}: there the plan has made-up answers.`]),
    ...problemsOf(entries).map(({ at, problem }) => `Problem: ${at}: ${problem.what}`),
    ...(changes.length === 0 ? ['A run would change nothing.'] : planText(changes, sections, { diff: true })),
  ].join('\n');
}

async function examined(session: Session): Promise<string> {
  const results = await examineSite(session);
  const failed = failures(results);
  return [
    `${failed.length} of ${count(results.length, 'check')} failed.`,
    ...[...failed, ...results.filter(([, { ok }]) => ok)].map(
      ([{ id, title }, { ok, said }]) => `${ok ? 'ok    ' : 'FAILED'} ${title} (${id}): ${said}`,
    ),
  ].join('\n');
}

function runs(session: Session): string {
  const all = runsOf(session).map(
    ({ record: { number, at, command }, state, changes }) =>
      `${number}  ${at}  ${count(changes, 'change')}, ${state}: ${command}`,
  );
  return all.length === 0 ? 'No run has changed anything on this server yet.' : all.join('\n');
}

async function newestLogs(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names
    .filter((name) => /^run-\d+\.log$/.test(name))
    .sort()
    .slice(-LOGS);
}

function bounded(text: string): string {
  const lines = harmless(text)
    .split('\n')
    .map((line) => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)} …` : line));
  const kept = lines.join('\n');
  return kept.length > LARGEST ? `… (the beginning is left out)\n${kept.slice(-LARGEST)}` : kept;
}

/** What stands first in the archive: what this is, what it holds, and what it lacks. */
function readme(session: Session, files: readonly BundleFile[], unasked: readonly Unasked[]): BundleFile {
  const text = [
    `Support bundle of studio-setup ${session.product.version}`,
    `Server: ${hostname()}`,
    `Made:   ${localTime(Date.now())}, ${new Date().toISOString()}`,
    '',
    'Secrets are masked as dots: those that studio-setup knows of this server, and what looks like one. Names, e-mail addresses',
    'and network addresses of visitors may stand in the journals. Read it before you give it to somebody.',
    '',
    'Files:',
    ...files.map(({ name, about, text: { length } }) => `  ${name} (${length} characters): ${about}`),
    '',
    unasked.length === 0 ? 'Nothing could not be asked.' : 'What could not be asked:',
    ...unasked.map(({ what, why }) => `  ${what}: ${why}`),
    '',
  ].join('\n');
  return { name: 'README.txt', about: 'what this bundle holds, and what could not be asked', text };
}
