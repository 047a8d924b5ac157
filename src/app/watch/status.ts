import { clean } from '../../output/clean.ts';
import { count } from '../../output/duration.ts';
import { localTime } from '../../output/local-time.ts';
import { WATCH_TIMER } from '../../site/layout.ts';
import { running, unitState } from '../../site/units.ts';
import { readChannels, waysOf } from '../../watch/channels.ts';
import { readWatchState, type WatchState } from '../../watch/state.ts';
import type { Session } from '../session.ts';
import { type Glance, glanceAt, glanceRecord, runLines, trendLines } from './glance.ts';

/** The newest things that were told. */
const EVENTS_SHOWN = 10;

/** What the watch found last, and what it told. */
export interface WatchStatus {
  readonly state: WatchState;
  /** Whether its timer runs; `undefined`: systemd could not be asked. */
  readonly on: boolean | undefined;
  /** Names of the ways of telling that are set up. */
  readonly ways: readonly string[];
  readonly glance: Glance;
}

/** Looks only. @throws ProblemError when the ways of telling can't be read */
export async function watchStatus(session: Session): Promise<WatchStatus> {
  const { host, product } = session;
  const channels = (await readChannels(host)) ?? {};
  const ways = (await waysOf(host, channels)).map(({ name }) => name);
  // Not what this host remembers: it may have been asked before the watch was set up.
  const on = await unitState(session.hostNow(), WATCH_TIMER).then(running, () => undefined);
  return { state: readWatchState(product.paths.state), on, ways, glance: glanceAt(session) };
}

/** Whether a check fails, or a way of telling. */
export function isTroubled({ state, ways }: Pick<WatchStatus, 'state' | 'ways'>): boolean {
  const failing = Object.values(state.checks).some(({ ok }) => !ok);
  return failing || ways.some((name) => state.ways[name]?.failing !== undefined);
}

/** Where systemd could not be asked, a watch that has made no round. */
export function isOff({ on, state: { rounds } }: Pick<WatchStatus, 'on' | 'state'>): boolean {
  return on === false || (on === undefined && rounds.length === 0);
}

/** A line of it. `mark`: whether that is well, where there is something to judge. */
export interface StatusLine {
  readonly text: string;
  readonly mark?: boolean;
}

/** @returns it in lines, cleaned */
export function statusLines({ state, on, ways, glance }: WatchStatus): readonly StatusLine[] {
  const { checks, rounds, events } = state;
  const last = rounds.at(-1);
  const lines: StatusLine[] = [
    ...(isOff({ on, state }) ? [{ text: 'The watch is off. To turn it on: studio-setup watch enable' }] : []),
    ...(last === undefined
      ? on
        ? [{ text: 'No round was made yet.' }]
        : []
      : [{ text: roundLine(last, rounds) }]),
    ...Object.values(checks).flatMap(({ ok, title, since }) =>
      ok ? [] : [{ text: `${title} fails since ${localTime(since)}`, mark: false }],
    ),
    ...(ways.length === 0 && (on || last !== undefined)
      ? [{ text: 'It tells nobody yet: studio-setup watch enable asks how to reach you.' }]
      : []),
    ...ways.map((name) => {
      const { failing, waiting = [], worked } = state.ways[name] ?? {};
      if (failing === undefined)
        return worked === undefined
          ? { text: `Told by ${name}: not tried yet. To try it: studio-setup watch test` }
          : { text: `Told by ${name}: works, last used ${localTime(worked)}`, mark: true };
      const since = `fails since ${localTime(failing.since)}: ${failing.why}`;
      return { text: `Told by ${name}: ${since}; ${count(waiting.length, 'message')} waiting`, mark: false };
    }),
    ...(events.length === 0 ? [] : [{ text: 'Told last:' }]),
    ...events
      .slice(-EVENTS_SHOWN)
      .map(({ at, title, kind }) => ({ text: `  ${localTime(at)}  ${title}: ${kind}` })),
    ...[...trendLines(glance), ...runLines(glance)].map((line) => ({ text: line })),
  ];
  return lines.map(({ text, ...line }) => ({ ...line, text: clean(text) }));
}

function roundLine(last: WatchState['rounds'][number], all: WatchState['rounds']): string {
  return `Last round: ${localTime(last.at)}, ${count(last.checks, 'check')}, ${last.failed.length} failed; ${count(all.length, 'round')} remembered.`;
}

/** @returns the same as a record of `--json` */
export function statusRecord({ state, ways, glance }: WatchStatus) {
  const { checks, rounds, events } = state;
  return {
    type: 'watch-status',
    rounds: rounds.length,
    last: rounds.at(-1)?.at,
    failing: Object.entries(checks).flatMap(([check, { ok, title, since }]) =>
      ok ? [] : [{ check, title, since }],
    ),
    ways: ways.map((way) => {
      const { failing = null, waiting = [], worked = null } = state.ways[way] ?? {};
      return { way, failing, waiting: waiting.length, worked };
    }),
    events: events.slice(-EVENTS_SHOWN),
    ...glanceRecord(glance),
  };
}
