import { count } from '../../output/duration.ts';
import { localTime } from '../../output/local-time.ts';
import { DAYS, type Day, daysOf, trendsOf } from '../../watch/history.ts';
import { readWatchState } from '../../watch/state.ts';
import { type ListedRun, runsOf } from '../listed-runs.ts';
import type { Session } from '../session.ts';

/** So many runs are told. */
const RUNS = 5;

/** What was done to the site, and by whom as far as it is recorded. */
interface Done extends Pick<ListedRun, 'changes' | 'state'> {
  readonly run: string;
  readonly command: string;
  /** ISO 8601. */
  readonly at: string;
  /** Login name. */
  readonly by?: string;
}

/** How the site went, and what was done to it. */
export interface Glance {
  /** Absent while the watch has no history. */
  readonly days?: readonly Day[];
  /** The last runs that changed something, newest first. */
  readonly runs: readonly Done[];
}

/** Looks only, and only into the state folder. */
export function glanceAt({ product }: Pick<Session, 'product'>): Glance {
  const { rounds } = readWatchState(product.paths.state);
  const runs = runsOf({ product }).slice(0, RUNS).map(doneOf);
  return rounds.length === 0 ? { runs } : { days: daysOf(rounds, Date.now()), runs };
}

function doneOf({ record: { number: run, command, at, by }, changes, state }: ListedRun): Done {
  return { run, command, at, ...(by === undefined ? {} : { by }), changes, state };
}

/** @returns the history in lines; none while there is no history */
export function trendLines({ days }: Glance): readonly string[] {
  if (days === undefined) return [];
  const trends = trendsOf(days);
  const width = Math.max(...trends.map(({ label }) => label.length));
  return [
    `Last ${DAYS} days:`,
    ...trends.map(({ label, bars, words }) => `  ${label.padEnd(width)}  ${bars}  ${words}`),
  ];
}

/** @returns the last runs in lines, the newest first; none where nothing was changed yet */
export function runLines({ runs }: Glance): readonly string[] {
  return runs.length === 0 ? [] : ['Done last:', ...runs.map((run) => `  ${runLine(run)}`)];
}

/** @returns a run in a line: when, what, by whom */
export function runLine({ at, command, changes, state, by }: Done): string {
  const notes = { done: '', undone: ', undone', 'cut off': ', not finished' }[state];
  return `${localTime(at)}  ${command} (${count(changes, 'change')}${notes})${by === undefined ? '' : `, by ${by}`}`;
}

/** @returns the same for programs: of the days those on which the watch looked */
export function glanceRecord({ days = [], runs }: Glance) {
  return { days: days.filter(({ rounds }) => rounds > 0), runs };
}
