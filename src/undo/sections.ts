import type { Operation } from '../engine/operation.ts';
import type { Section } from '../engine/section.ts';
import { UNITS } from '../site/layout.ts';
import { SERVICES } from '../site/services.ts';
import { fileOperations } from './files.ts';
import { historiesOf } from './histories.ts';
import { renewedSecrets } from './in-force.ts';
import { isLost } from './irreversible.ts';
import { type Progress, progressOf } from './progress.ts';
import { treesOf } from './rights.ts';
import { isLinks, isUnit, type LinksEntry, type RunRecord, type UnitEntry } from './runs.ts';
import type { Target } from './target.ts';
import {
  type Enabled,
  linksAgain,
  nginxReloaded,
  type Reader,
  restarted,
  startedAgain,
  stopped,
  unitsReadAgain,
} from './units.ts';

const NGINX = SERVICES.nginx.unit;

/** Where undo reads and keeps. */
export interface Folders {
  readonly state: string;
  readonly copies: string;
}

/**
 * @param runs all of them: an earlier or later one may know which unit reads a file
 * @returns what takes a run back, as sections: units stop while systemd knows them, files go back newest first, and then
 *   what still runs gets to know of it
 */
export function undoSections(
  { run, entries, later }: Target,
  runs: readonly RunRecord[],
  { state, copies }: Folders,
): readonly Section[] {
  const histories = historiesOf(entries).filter((each) => !isLost(each, copies));
  const paths = histories.map(({ path }) => path);
  const reads = readers(runs, paths);
  const first = firstActivities(entries.filter(isUnit));
  const madeHere = histories.flatMap((each) => (each.before === null ? (unitOf(each.path) ?? []) : []));
  const stops = new Set([...namesOf(first, 'start').reverse(), ...madeHere]);
  const starts = namesOf(first, 'stop');
  const links = linksOf(entries.filter(isLinks));
  const linked = links.flatMap(({ before, after }) => [...Object.keys(before), ...Object.keys(after ?? {})]);
  const others = [...reads.keys()].filter((unit) => !stops.has(unit) && !starts.includes(unit));
  const reader = (unit: string): Reader => ({ unit, reads: reads.get(unit) ?? [] });
  const progress = (): Progress => progressOf(state, run.number);
  const nginxReads = paths.filter(
    (path) => path.startsWith('/etc/nginx/') || (reads.get(NGINX) ?? []).includes(path),
  );
  return [
    section(
      'stop',
      'Units stopped',
      [],
      [...[...stops].map((unit) => stopped(reader(unit), `stop/${unit}`))],
    ),
    section(
      'files',
      'Files put back',
      ['stop'],
      [
        ...links.map((each) => linksAgain(each, `files/boot:${each.unit}`)),
        ...fileOperations(histories, treesOf(entries), copies, renewedSecrets(later), later),
      ],
    ),
    section(
      'units',
      'Units brought up to date',
      ['files'],
      [
        unitsReadAgain([...paths, ...linked], progress, 'units/reload'),
        ...starts.map((unit) => startedAgain(reader(unit), `units/start:${unit}`)),
        ...others
          .filter((unit) => unit !== NGINX)
          .map((unit) => restarted(reader(unit), progress, `units/restart:${unit}`)),
        nginxReloaded(nginxReads, progress, 'units/nginx'),
      ],
    ),
  ];
}

/** @returns by unit, which of `paths` it reads, as far as any run noted it */
function readers(
  runs: readonly RunRecord[],
  paths: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const { unit, reads = [] } of runs.flatMap(({ entries }) => entries.filter(isUnit))) {
    const own = reads.filter((path) => paths.includes(path));
    if (own.length > 0) found.set(unit, new Set([...(found.get(unit) ?? []), ...own]));
  }
  return new Map([...found].map(([unit, own]) => [unit, [...own]]));
}

/** What the run did first with a unit tells how it was before. */
function firstActivities(entries: readonly UnitEntry[]): ReadonlyMap<string, UnitEntry['kind']> {
  const first = new Map<string, UnitEntry['kind']>();
  for (const { unit, kind } of entries) if (!first.has(unit)) first.set(unit, kind);
  return first;
}

function namesOf(first: ReadonlyMap<string, UnitEntry['kind']>, kind: UnitEntry['kind']): string[] {
  return [...first].flatMap(([unit, each]) => (each === kind ? [unit] : []));
}

function unitOf(path: string): string | undefined {
  const name = path.startsWith(`${UNITS}/`) ? path.slice(UNITS.length + 1) : '';
  return /^[^/]+\.(service|timer|socket|path)$/.test(name) ? name : undefined;
}

/** Newest first; of a unit that was enabled twice, from its first links to its last. */
function linksOf(entries: readonly LinksEntry[]): readonly Enabled[] {
  const units = [...new Set(entries.map(({ unit }) => unit))];
  return units.reverse().map((unit) => {
    const own = entries.filter((entry) => entry.unit === unit);
    const last = own.at(-1);
    return {
      unit,
      before: own.find(({ kind }) => kind === 'enable')?.links ?? {},
      after: last?.kind === 'enabled' ? last.links : undefined,
    };
  });
}

function section(
  id: string,
  title: string,
  needs: readonly string[],
  operations: readonly Operation[],
): Section {
  return { id, title, heading: title, summary: '', needs, questions: [], operations: () => operations };
}
