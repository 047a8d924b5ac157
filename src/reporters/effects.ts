import type { Fact } from '../output/fact.ts';
import type { PlanEntry } from './plan-view.ts';

/**
 * @param entries what would change
 * @returns what is deleted, and what becomes of services: what is started is as much felt on a server as what is restarted
 */
export function effectFacts(entries: readonly PlanEntry[]): readonly Fact[] {
  const units = (of: 'starts' | 'stops' | 'restarts' | 'reloads') => [
    ...new Set(entries.flatMap((entry) => entry[of] ?? [])),
  ];
  const fact = (label: string, names: readonly string[]) =>
    names.length === 0 ? [] : [{ label, value: names.join(', ') }];
  const restarts = units('restarts');
  const removed = entries.flatMap(({ removes = [] }) => removes);
  return [
    ...fact('Removes', shortened(removed)),
    ...fact('Stops', units('stops')),
    ...fact(
      'Starts',
      units('starts').filter((unit) => !restarts.includes(unit)),
    ),
    ...fact('Restarts', restarts),
    ...fact('Reloads', units('reloads')),
  ];
}

/** @returns what became of services in a run: a site that was reloaded did not go down, and must not read as if it had */
export function servicedFacts({
  restarts,
  reloads,
}: {
  readonly restarts: readonly string[];
  readonly reloads: readonly string[];
}): readonly Fact[] {
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['Restarted', restarts.filter((unit) => !reloads.includes(unit))],
    ['Reloaded', reloads],
  ];
  return rows.flatMap(([label, units]) => (units.length === 0 ? [] : [{ label, value: units.join(', ') }]));
}

/** Files that are named; each has a row of its own, too. */
const NAMED = 4;

function shortened(files: readonly string[]): readonly string[] {
  const { length } = files;
  return length <= NAMED + 1 ? files : [...files.slice(0, NAMED), `and ${length - NAMED} more files`];
}

/** @returns whether something would be gone, or no longer run: nobody agrees to that by Enter alone */
export function isLoss({ removes = [], stops = [] }: PlanEntry): boolean {
  return removes.length + stops.length > 0;
}

/** Said of services where nothing becomes of them. */
export const NO_EFFECT = 'none is started, restarted or reloaded';

/** @returns the same as sentences */
export function effectsOf(entries: readonly PlanEntry[]): readonly string[] {
  const all = effectFacts(entries).map(({ label, value }) => `${label}: ${value}.`);
  return all.length === 0 ? ['No service is started, restarted or reloaded.'] : all;
}

/**
 * @returns what can't be undone, in words; `undefined` where all can. What is found only once other changes are made (a database
 *   needs its server first) says nothing yet: so that nobody takes the list for a whole one, it ends with what undo does at all.
 */
export function irreversibleWords(entries: readonly PlanEntry[]): string | undefined {
  const reasons = entries.flatMap(({ irreversible }) => irreversible ?? []);
  if (reasons.length === 0) return undefined;
  // What stays, without the reason why; each change has that, where it is opened.
  const stays = [...new Set(reasons.map((reason) => reason.split(/[;:]/)[0] ?? reason))];
  const all = entries.every(({ irreversible }) => irreversible !== undefined);
  const rest = all
    ? ''
    : ' `studio-setup undo` puts back files, links and services; all else stays, also the database.';
  return `${stays.join(', ')}.${rest}`;
}
