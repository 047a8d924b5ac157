const HOUR_MS = 60 * 60_000;

/** So many changes within so long, and a check comes and goes: each of them would be told otherwise. */
const MANY_CHANGES = 4;
const WINDOW_MS = 6 * HOUR_MS;
/** So long without a change, and one that came and went counts as steady again. */
const STEADY_MS = 2 * HOUR_MS;

/** What is told of a check. `unsteady`: it comes and goes, and nothing more is told of it until it stays one or the other. */
export type Told = 'well' | 'failing' | 'unsteady';

/** What is remembered of one check. Times are milliseconds since the epoch. */
export interface CheckState {
  readonly title: string;
  /** As it was found last. */
  readonly ok: boolean;
  /** Since when it is so. */
  readonly since: number;
  readonly toldAs: Told;
  /** When it changed, as far back as it matters. */
  readonly changes: readonly number[];
}

/**
 * @param before what was remembered; `undefined` for a check that was never made
 * @param at when it was made
 * @returns what is remembered from now on, and what is to be told, once: nothing in most rounds
 */
export function afterCheck(
  before: CheckState | undefined,
  { title, ok }: Pick<CheckState, 'title' | 'ok'>,
  at: number,
): { readonly state: CheckState; readonly tell?: Told } {
  const known = before ?? { title, ok: true, since: at, toldAs: 'well', changes: [] };
  const changed = ok !== known.ok;
  const changes = [...known.changes, ...(changed ? [at] : [])].filter((each) => at - each < WINDOW_MS);
  const state = { title, ok, since: changed ? at : known.since, toldAs: known.toldAs, changes };
  const tell = dueOf(state, at);
  return tell === undefined ? { state } : { state: { ...state, toldAs: tell }, tell };
}

function dueOf({ ok, since, toldAs, changes }: CheckState, at: number): Told | undefined {
  const now = ok ? 'well' : 'failing';
  if (toldAs === 'unsteady') return at - since >= STEADY_MS ? now : undefined;
  if (toldAs === now) return undefined;
  return changes.length >= MANY_CHANGES ? 'unsteady' : now;
}
