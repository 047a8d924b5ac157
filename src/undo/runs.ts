import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FileStatus } from '../host/host.ts';
import type { PathChange } from '../host/journal.ts';
import type { Rights } from '../host/rights.ts';
import { isRecord, parsedJson } from '../output/json.ts';
import type { Links } from '../site/enablement.ts';

interface Common {
  /** Number of the run that wrote it, four digits. */
  readonly run: string;
  /** Counts within the run, from 1. */
  readonly sequence: number;
  readonly operation: string;
}

/** A path as the journal has it: see {@link PathChange}. */
export interface PathEntry extends Common, Omit<PathChange, 'before' | 'content'> {
  readonly before: (FileStatus & { readonly sha256?: string }) | null;
  /** Name of the copy among the run's copies. */
  readonly copy?: string;
}

/** What was done with a unit. `restarted` and `reloaded` are of undo itself: it is done, not begun. */
export interface UnitEntry extends Common {
  readonly kind: 'start' | 'stop' | 'restart' | 'restarted' | 'reload' | 'reloaded';
  readonly unit: string;
  /** Paths that it reads when it starts. */
  readonly reads?: readonly string[];
}

/** A unit's links before (`enable`) and after (`enabled`) it was enabled. */
export interface LinksEntry extends Common {
  readonly kind: 'enable' | 'enabled';
  readonly unit: string;
  readonly links: Links;
}

/** Rights of a whole tree, before they were changed. */
export interface RightsEntry extends Common {
  readonly kind: 'rights';
  readonly path: string;
  readonly was: readonly Rights[];
}

/** An operation found something missing, and begins to bring it about. */
export interface ChangeEntry extends Common {
  readonly kind: 'change';
  /** The operation's. */
  readonly title: string;
  readonly summary: string;
  readonly irreversible?: string;
}

/** All that `undo` knows by itself; the rest of a journal is for the reader. */
export type Entry = PathEntry | UnitEntry | LinksEntry | RightsEntry | ChangeEntry;

/** One run as its journal tells it. */
export interface RunRecord {
  readonly number: string;
  /** As typed. */
  readonly command: string;
  /** Start, ISO 8601. */
  readonly at: string;
  /** Login name of who started it, where it was known. */
  readonly by?: string;
  readonly undoes?: string;
  readonly procedure: boolean;
  /** It came to its end with nothing failed or skipped. */
  readonly complete: boolean;
  readonly entries: readonly Entry[];
}

const PATHS = ['write', 'folder', 'link', 'remove', 'mode', 'owner'];
const UNITS = ['start', 'stop', 'restart', 'restarted', 'reload', 'reloaded'];

export function isPath(entry: Entry): entry is PathEntry {
  return PATHS.includes(entry.kind);
}

export function isUnit(entry: Entry): entry is UnitEntry {
  return UNITS.includes(entry.kind);
}

export function isLinks(entry: Entry): entry is LinksEntry {
  return entry.kind === 'enable' || entry.kind === 'enabled';
}

export function isRights(entry: Entry): entry is RightsEntry {
  return entry.kind === 'rights';
}

/** @returns the last of the later runs that wrote a file again, if one did */
export function changedAgainBy(file: string, later: readonly RunRecord[]): RunRecord | undefined {
  return later.findLast(({ entries }) => entries.some((entry) => isPath(entry) && entry.path === file));
}

/** @param state the state folder @returns the runs of which there is a journal, oldest first */
export function readRuns(state: string): readonly RunRecord[] {
  const folder = path.join(state, 'runs');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^\d{4,}$/.test(name))
    .sort((a, b) => Number(a) - Number(b))
    .flatMap((name) => readRun(path.join(folder, name, 'journal.jsonl'), name) ?? []);
}

function readRun(file: string, number: string): RunRecord | undefined {
  if (!existsSync(file)) return undefined;
  const all = readFileSync(file, 'utf8').split('\n').flatMap(parsed);
  const first = all.find(({ kind }) => kind === 'run');
  const end = all.findLast(({ kind }) => kind === 'end');
  const known = [...PATHS, ...UNITS, 'enable', 'enabled', 'rights', 'change'];
  return {
    number,
    command: String(first?.command ?? '?'),
    at: String(all[0]?.at ?? ''),
    ...(typeof first?.by === 'string' ? { by: first.by } : {}),
    ...(typeof first?.undoes === 'string' ? { undoes: first.undoes } : {}),
    procedure: first?.procedure === true,
    complete: end !== undefined && end.failed === 0 && end.skipped === 0,
    entries: all
      .filter(({ kind }) => known.includes(String(kind)))
      .map((entry) => ({ ...entry, run: number }) as unknown as Entry),
  };
}

/**
 * A kill, or a full disk, may have cut off a line: it was to be written before a change that then was not made. A line that
 * lacks what its kind must have tells nothing that could be put back.
 */
function parsed(line: string): readonly Readonly<Record<string, unknown>>[] {
  const entry = parsedJson(line);
  return isRecord(entry) && hasWhatItsKindNeeds(entry) ? [entry] : [];
}

function hasWhatItsKindNeeds({
  kind,
  path: file,
  unit,
  was,
  links,
  before,
  title,
}: Readonly<Record<string, unknown>>): boolean {
  if (typeof kind !== 'string') return false;
  if (PATHS.includes(kind)) return typeof file === 'string' && (before === null || isRecord(before));
  if (UNITS.includes(kind)) return typeof unit === 'string';
  if (kind === 'enable' || kind === 'enabled')
    return typeof unit === 'string' && (isRecord(links) || Array.isArray(links));
  if (kind === 'rights') return typeof file === 'string' && Array.isArray(was);
  return kind !== 'change' || typeof title === 'string';
}
