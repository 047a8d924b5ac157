import { isLoss } from '../../../reporters/effects.ts';
import { type Key, motionOf, moved } from '../../kit/key.ts';
import type { Dispatch } from '../../state/intent.ts';
import { goBack, goHome, goTo } from '../../state/navigation.ts';
import type { WizardState } from '../../state/state.ts';
import { asked } from '../actions.ts';
import type { Binding } from '../binding.ts';
import { actionOf, rowAt, unresolved } from './outline.ts';
import { applied, type ConflictAt, type ReviewState } from './state.ts';

/** What keys do in the review: one table, though many mean something only while nothing is in the way. */
export const REVIEW_KEYS: readonly Binding[] = [
  {
    on: ['r'],
    does: 'check again',
    hint: (state) => (isBlocked(state) ? 'always' : 'never'),
    press: lookAgain,
  },
  {
    on: ['enter'],
    does: enterWords,
    hint: (state) => (opensNothing(state) ? 'never' : unlessBlocked(state)),
    press: enter,
  },
  {
    on: ['a'],
    does: 'apply all',
    hint: (state) => (rowAt(state)?.thing?.action === 'apply' ? 'never' : unlessBlocked(state)),
    press: begin,
  },
  {
    on: [' ', 'left', 'right'],
    does: 'open, close',
    hint: (state) => (isBlocked(state) ? 'never' : 'rare'),
    press: folded,
  },
  {
    on: ['e'],
    does: 'edit answers',
    when: (state) => isOfSections(state) && isBlocked(state),
    press: editAnswers,
  },
  {
    on: ['!'],
    does: 'shell',
    hint: (state) => (isBlocked(state) ? 'always' : 'never'),
    press: (state, _, dispatch) => asked(state, dispatch, { type: 'shell' }),
  },
  { on: ['escape'], does: 'back', press: goBack },
  {
    on: ['e'],
    does: 'answers',
    when: (state) => isOfSections(state) && !isBlocked(state),
    press: editAnswers,
  },
  {
    on: ['s'],
    does: 'script',
    when: isOfSections,
    hint: unlessBlocked,
    press: (state, _, dispatch) => asked(state, dispatch, { type: 'script' }),
  },
  { on: ['f'], does: 'from here', when: isOfSections, hint: unlessBlocked, press: fromHere },
  {
    on: ['*'],
    does: 'all diffs',
    hint: (state) => (isBlocked(state) ? 'never' : 'rare'),
    press: openAll,
  },
  { on: ['move'], does: 'move', hint: 'never', press: moveIn },
];

function isBlocked({ review: shown }: WizardState): boolean {
  return shown !== undefined && shown.problems.length > 0;
}

function unlessBlocked(state: WizardState): 'always' | 'never' {
  return isBlocked(state) ? 'never' : 'always';
}

function isOfSections({ review: shown }: WizardState): boolean {
  return shown?.task === undefined;
}

function enterWords(state: WizardState): string {
  const { review: shown } = state;
  const row = rowAt(state)?.thing;
  if (row?.action === 'apply') return 'apply all';
  if (row?.action === 'check') return 'check the site';
  if (row?.action === 'decide') return 'decide';
  if (row?.conflict && shown && !shown.excluded.has(row.conflict.operation)) return 'decide';
  const open = row?.entry
    ? shown?.opened.has(row.entry.operation)
    : row?.section !== undefined && shown?.folded.has(row.section) !== true;
  return open ? 'close' : 'open';
}

function moveIn(state: WizardState, key: Key): WizardState {
  const found = rowAt(state);
  const motion = motionOf(key);
  if (found === undefined || motion === undefined) return state;
  return withReview(state, { selected: moved(found.at, motion, found.rows.length - 1, 15) });
}

/** Whether the selected line is only read: a fact, or a notice. */
function opensNothing(state: WizardState): boolean {
  const row = rowAt(state)?.thing;
  return row !== undefined && (row.action ?? row.section ?? row.entry) === undefined;
}

/** On a change it shows what belongs to it, or decides on its file; only the first line goes on. */
function enter(state: WizardState, key: Key, dispatch: Dispatch): WizardState {
  const row = rowAt(state)?.thing;
  if (state.review === undefined || row === undefined || row.action !== undefined || isBlocked(state))
    return begin(state, key, dispatch);
  if (opensNothing(state))
    return { ...state, notice: 'This row has no details. Press a to apply all changes.' };
  const conflict = unresolved(state.review).find(({ operation }) => operation === row.conflict?.operation);
  return conflict ? decide(state, conflict) : folded(state);
}

/** Nothing is changed by it: to the files that are to be decided on, or to the one question before a run. */
function begin(state: WizardState, _: Key, dispatch: Dispatch): WizardState {
  const { review: shown } = state;
  if (shown === undefined) return goBack(state);
  const [conflict] = unresolved(shown);
  if (conflict) return decide(state, conflict);
  if (shown.problems.length > 0) return { ...state, notice: 'Fix this first. Then press r to check again.' };
  if (actionOf(shown) === 'apply')
    return goTo({ ...state, confirm: { yes: !applied(shown).some(isLoss) } }, 'confirm');
  return asked(state, dispatch, { type: 'check' });
}

function decide(state: WizardState, at: ConflictAt): WizardState {
  return goTo({ ...state, conflict: { at, scroll: 0 } }, 'conflict');
}

function lookAgain(state: WizardState, _: Key, dispatch: Dispatch): WizardState {
  const { review: shown } = state;
  if (shown === undefined) return state;
  return asked(
    state,
    dispatch,
    shown.task ? { type: 'task', request: shown.task.request } : { type: 'review', names: shown.names },
  );
}

function openAll(state: WizardState): WizardState {
  const { review: shown } = state;
  if (shown === undefined) return state;
  const all = shown.entries.map(({ operation }) => operation);
  return withReview(state, { opened: new Set(shown.opened.size === all.length ? [] : all) });
}

/** By way of the overview: an answer of another section may be meant. */
function editAnswers(state: WizardState): WizardState {
  const row = rowAt(state)?.thing;
  const index = state.sections.findIndex(({ id }) => id === (row?.entry?.section ?? row?.section));
  const asks = (state.sections[index]?.questions.length ?? 0) > 0;
  if (!asks && index >= 0) return { ...state, notice: 'That section has no questions.' };
  const overview = { ...state.overview, selected: Math.max(0, index) };
  return { ...goHome(state), overview, notice: 'Press e to edit the answers of the selected section.' };
}

function folded(state: WizardState): WizardState {
  const { review: shown } = state;
  const row = rowAt(state)?.thing;
  if (shown === undefined) return state;
  const toggled = (set: ReadonlySet<string>, id: string) =>
    new Set(set.has(id) ? [...set].filter((each) => each !== id) : [...set, id]);
  if (row?.entry) return withReview(state, { opened: toggled(shown.opened, row.entry.operation) });
  if (row?.section !== undefined) {
    const now = withReview(state, { folded: toggled(shown.folded, row.section) });
    return shown.folded.has(row.section) ? now : { ...now, notice: 'Closed. Enter opens it again.' };
  }
  return state;
}

function fromHere(state: WizardState, _: Key, dispatch: Dispatch): WizardState {
  const row = rowAt(state)?.thing;
  const from = state.sections.findIndex(({ id }) => id === (row?.section ?? row?.entry?.section));
  if (from < 0) return { ...state, notice: 'Select a section, or a change in it, first.' };
  dispatch({ type: 'review', names: state.sections.slice(from).map(({ id }) => id) });
  return {
    ...state,
    notice: 'Reviewing from this section on; the sections that it needs are checked first.',
  };
}

export function withReview(state: WizardState, change: Partial<ReviewState>): WizardState {
  return state.review === undefined ? state : { ...state, review: { ...state.review, ...change } };
}
