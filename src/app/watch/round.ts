import type { Check } from '../../checks/check.ts';
import { failing, fine } from '../../checks/check.ts';
import type { Examined } from '../../checks/examine.ts';
import { clean, cleaned } from '../../output/clean.ts';
import { problemOf } from '../../output/problem.ts';
import { messageOf } from '../../watch/message.ts';
import {
  NOTHING_YET,
  type Round,
  WAITING,
  type WatchEvent,
  type WatchState,
  type WayState,
} from '../../watch/state.ts';
import { afterCheck } from '../../watch/transitions.ts';
import type { Measures } from '../../watch/trend.ts';
import type { Answered, Way } from '../../watch/way.ts';

/** What failed is looked at once more after so long: a service that restarts, a page that was slow, are no news. */
const LOOK_AGAIN_MS = 20_000;
const DAY_MS = 24 * 60 * 60_000;

/** What a round needs of the world. */
export interface World {
  /** All that may be checked. */
  readonly checks: readonly Check[];
  /** Makes some of them. @throws where there is nothing that could be checked */
  examine(checks: readonly Check[]): Promise<readonly Examined[]>;
  readonly ways: readonly Way[];
  /** What is left of memory and disks; kept for the trend. */
  readonly measures?: Measures;
  /** In how many milliseconds the front page came. */
  readonly page?: number | undefined;
  /** The name of the site. */
  readonly site: string;
  /** Milliseconds since the epoch. */
  now(): number;
  pause(ms: number): Promise<void>;
}

/** How a round ended. */
export interface RoundResult {
  readonly state: WatchState;
  readonly examined: readonly Examined[];
  /** What was new. */
  readonly events: readonly WatchEvent[];
  /** By way, what the other side answered; ways that had nothing to say are not in it. */
  readonly answers: ReadonlyMap<string, Answered>;
}

/**
 * Looks at the site once, and tells what is new by every way. What a way could not tell waits for the next round.
 * @param before what was remembered
 * @param deep whether the daily checks are made, too; when absent: a day after the last time
 */
export async function watchRound(
  world: World,
  before: WatchState = NOTHING_YET,
  deep?: boolean,
): Promise<RoundResult> {
  const started = world.now();
  const isDeep = deep ?? started - (before.deepAt ?? Number.NEGATIVE_INFINITY) >= DAY_MS;
  const examined = await looked(world, before, isDeep);
  const at = world.now();
  const checks: Record<string, WatchState['checks'][string]> = {};
  // What is not checked any more is forgotten; what is checked daily keeps what it was.
  for (const { id } of [...world.checks, WHOLE]) {
    const known = before.checks[id];
    if (known !== undefined) checks[id] = known;
  }
  const events = examined.flatMap(([{ id, title }, { ok, said, remedy }]): readonly WatchEvent[] => {
    const known = checks[id];
    const { state, tell } = afterCheck(known, { title, ok }, at);
    checks[id] = state;
    if (tell === undefined) return [];
    const lasted = tell === 'well' && known !== undefined ? { lasted: at - known.since } : {};
    return [
      { at, check: id, title, kind: tell, said, ...(remedy === undefined ? {} : { remedy }), ...lasted },
    ];
  });
  const round: Round = {
    at: started,
    ms: at - started,
    deep: isDeep,
    checks: examined.length,
    failed: examined.flatMap(([{ id }, { ok }]) => (ok ? [] : [id])),
    ...(world.measures && { measures: world.measures }),
    ...(world.page === undefined ? {} : { page: world.page }),
  };
  const state = {
    ...before,
    checks,
    rounds: [...before.rounds, round],
    events: [...before.events, ...events],
    ...(isDeep ? { deepAt: started } : {}),
  };
  const answers = new Map<string, Answered>();
  const ways = await Promise.all(
    world.ways.map(async (way) => [way.name, await told(way, world, state, events, answers)] as const),
  );
  return { state: { ...state, ways: Object.fromEntries(ways) }, examined, events, answers };
}

/** Stands for the checks as a whole: they can't be made where nothing tells the name of the site any more. */
const WHOLE: Check = {
  id: 'checks',
  title: 'Checking',
  asks: '',
  means: '',
  fixes: [],
  run: async () => fine('They can be made.'),
};

async function looked(world: World, before: WatchState, deep: boolean): Promise<readonly Examined[]> {
  // Whoever fixed what a daily check found hears of it in the next round, not the next day.
  const due = world.checks.filter(
    ({ id, daily }) => deep || daily !== true || before.checks[id]?.ok === false,
  );
  try {
    const first = await world.examine(due);
    const news = first
      .filter(([{ id }, { ok }]) => !ok && (before.checks[id]?.ok ?? true))
      .map(([check]) => check);
    if (news.length > 0) await world.pause(LOOK_AGAIN_MS);
    const again = news.length === 0 ? [] : await world.examine(news);
    const second = new Map(again.map((each) => [each[0].id, each]));
    return [[WHOLE, fine('They can be made.')], ...first.map((each) => second.get(each[0].id) ?? each)];
  } catch (error) {
    const { what, remedy } = problemOf(error);
    return [[WHOLE, cleaned(failing(what, remedy))]];
  }
}

/** @returns what was told of the checks that fail now */
function stillFailing({ checks, events }: WatchState): readonly WatchEvent[] {
  return Object.entries(checks).flatMap(([id, { ok }]) =>
    ok ? [] : (events.findLast(({ check, kind }) => check === id && kind !== 'well') ?? []),
  );
}

/** @param answers takes what the other side answered */
async function told(
  way: Way,
  { site, now }: World,
  state: WatchState,
  events: readonly WatchEvent[],
  answers: Map<string, Answered>,
): Promise<WayState> {
  const known = state.ways[way.name];
  // A way that is new is told what fails already.
  const before = known?.waiting ?? stillFailing(state);
  const waiting = way.report === undefined ? [...new Set([...before, ...events])].slice(-WAITING) : [];
  // Where it did not work, and nothing waits for it (a test failed), the next message tries it.
  if (way.report === undefined && waiting.length === 0) return known ?? { waiting };
  const answered = await (way.report === undefined ? way.tell(messageOf(site, waiting)) : way.report(state));
  answers.set(way.name, answered);
  return afterTelling(known, answered.ok ? [] : waiting, answered, now());
}

/** @param waiting what is left to tell @param at when it was tried, in milliseconds since the epoch */
function afterTelling(
  known: WayState | undefined,
  waiting: readonly WatchEvent[],
  answered: Answered,
  at: number,
): WayState {
  if (answered.ok) return { waiting, worked: at };
  const failing = { since: known?.failing?.since ?? at, why: clean(answered.said) };
  return { waiting, failing, ...(known?.worked === undefined ? {} : { worked: known.worked }) };
}

/**
 * @param setUp when the ways were set up as they are now, in milliseconds since the epoch
 * @returns what is remembered without how ways did that were set up otherwise; what waits for them still does
 */
export function withoutFormerWays(state: WatchState, setUp: number): WatchState {
  const ways = Object.entries(state.ways).map(([name, { waiting, failing, worked }]) => {
    const now: WayState = {
      waiting,
      ...(failing !== undefined && failing.since >= setUp ? { failing } : {}),
      ...(worked !== undefined && worked >= setUp ? { worked } : {}),
    };
    return [name, now] as const;
  });
  return { ...state, ways: Object.fromEntries(ways) };
}

/**
 * @param answers to a test message, by way @param at when it was sent, in milliseconds since the epoch
 * @returns what is remembered then; what waits for a way still does
 */
export function afterTest(before: WatchState, answers: RoundResult['answers'], at: number): WatchState {
  const tried = [...answers].map(([name, answered]) => {
    const known = before.ways[name];
    return [name, afterTelling(known, known?.waiting ?? stillFailing(before), answered, at)] as const;
  });
  return { ...before, ways: { ...before.ways, ...Object.fromEntries(tried) } };
}
