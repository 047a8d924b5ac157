import { execStartProgram } from '../../configs/service.ts';
import type { Host, LiveHost } from '../../host/host.ts';
import { removeFolder } from '../../operations/remove-folder.ts';
import { isRecord, parsedJson } from '../../output/json.ts';
import { ProblemError } from '../../output/problem.ts';
import { MEILISEARCH_PREVIOUS } from '../../site/layout.ts';
import { forbiddenProgram, installedUnit, programVersion } from '../../site/meilisearch.ts';
import { dataFolder } from '../../site/meilisearch-unit.ts';

/** The search engine in one version: a program, the data that this program alone opens, and the unit that names both. */
export interface Engine {
  /** `1.50.0` */
  readonly version: string;
  /** Absolute paths. */
  readonly program: string;
  readonly data: string;
  /** The text of meilisearch.service. It may hold the master key, where the operator left it there: never to be shown. */
  readonly unit: string;
}

/** How the new data folder is filled: from a dump of the old server, or by the site's own commands from its database. */
export interface Fill {
  readonly by: 'dump' | 'site';
  /** Where the release comes from: an address or an absolute path. */
  readonly source: string;
  /** SHA-256 that it must have; absent: taken as it comes, by the operator's word. */
  readonly sha256?: string;
  /** Whether the program was there before: then it stays when the old state is restored. */
  readonly programStays: boolean;
}

/** Both ends of the procedure, as its transaction record holds them. */
export interface Way {
  readonly from: Engine;
  readonly to: Engine;
  /** Absent for a way back: what it goes to is there. */
  readonly fill?: Fill;
  /** What an earlier upgrade kept, and this one replaces. */
  readonly gone?: Engine;
}

/** Where a data folder is while it is being filled. */
export function partial({ data }: Engine): string {
  return `${data}.partial`;
}

/** @returns the engine that the installed unit starts @throws ProblemError where there is none, or one that can't be told */
export async function currentEngine(host: Host): Promise<Engine> {
  const unit = await installedUnit(host);
  const program = unit === undefined ? undefined : execStartProgram(unit);
  if (unit === undefined || program === undefined)
    throw new ProblemError({
      what: 'Meilisearch is not installed on this server. Nothing was changed.',
      remedy: 'Set the site up first: studio-setup run',
    });
  const version = await programVersion(host, program);
  if (version === undefined)
    throw new ProblemError({
      what: `The version of ${program} can't be told, so neither can what comes after it. Nothing was changed.`,
      remedy: `Check that it is there and works: ${program} --version`,
    });
  return { version, program, data: await dataFolder(host), unit };
}

/** @returns what the last upgrade kept, `undefined` when it kept nothing, or it was deleted since */
export async function previousEngine(host: Host): Promise<Engine | undefined> {
  const text = await host.read(MEILISEARCH_PREVIOUS);
  return text === undefined ? undefined : parsedEngine(parsedJson(text));
}

/** @returns the way in a record's text, `undefined` when it is none */
export function parsedWay(text: string): Way | undefined {
  const value = parsedJson(text);
  if (!isRecord(value)) return undefined;
  const { from, to, fill, gone } = value;
  const engines = [from, to, ...(gone === undefined ? [] : [gone])];
  const whole =
    engines.every((each) => parsedEngine(each) !== undefined) && (fill === undefined || isFill(fill));
  return whole ? (value as unknown as Way) : undefined;
}

function parsedEngine(value: unknown): Engine | undefined {
  if (!isRecord(value)) return undefined;
  const { version, program, data, unit } = value;
  const whole =
    typeof version === 'string' &&
    /^\d+\.\d+\.\d+$/.test(version) &&
    [program, data].every((path) => typeof path === 'string' && /^(\/[\w.+%@-]+)+$/.test(path)) &&
    typeof unit === 'string';
  return whole ? (value as unknown as Engine) : undefined;
}

function isFill(value: unknown): boolean {
  return isRecord(value) && (value.by === 'dump' || value.by === 'site') && typeof value.source === 'string';
}

/** @returns paths of an engine that are there and that none of `staying` uses */
export async function pathsOf(
  host: Host,
  engine: Engine,
  staying: readonly Engine[],
): Promise<{ readonly folders: readonly string[]; readonly programs: readonly string[] }> {
  const there = async (path: string) => ((await host.status(path)) === undefined ? [] : [path]);
  const folders = staying.some(({ data }) => data === engine.data) ? [] : [engine.data, partial(engine)];
  const programs = staying.some(({ program }) => program === engine.program) ? [] : [engine.program];
  return {
    folders: (await Promise.all(folders.map(there))).flat(),
    programs: (await Promise.all(programs.map(there))).flat(),
  };
}

/** Deletes them: the data as the account that owns it, a program only where root alone decides what stands there. */
export async function deletePaths(
  live: LiveHost,
  { folders, programs }: Awaited<ReturnType<typeof pathsOf>>,
): Promise<void> {
  for (const folder of folders) await removeFolder(live, folder);
  for (const program of programs)
    if ((await forbiddenProgram(live, program)) === undefined) await live.run(['rm', '-f', '--', program]);
}
