import type { SectionOutline } from '../../engine/events.ts';
import { count, duration } from '../../output/duration.ts';
import { effectsOf } from '../../reporters/effects.ts';
import { counted, type PlanEntry } from '../../reporters/plan-view.ts';
import { type Key, motionOf, moved } from '../kit/key.ts';
import type { Tone } from '../kit/line.ts';
import { bodyOf } from '../kit/window.ts';
import { goBack, goHome, goTo } from '../state/navigation.ts';
import type { ConflictAt, ReviewState, Want, WizardState } from '../state/state.ts';
import {
  type Block,
  type OutlineBlock,
  type OutlineItem,
  type Paragraph,
  RULE,
  text,
} from '../view/block.ts';
import { outlineRows } from '../view/outline-lines.ts';
import { asked } from './actions.ts';
import { applied } from './confirm.ts';
import type { Screen } from './screen.ts';

/** How a change is marked, and what the mark says. */
const SIGNS: Readonly<Record<PlanEntry['kind'], readonly [string, Tone, string]>> = {
  create: ['+', 'good', 'New'],
  update: ['~', 'warn', 'Changed'],
  run: ['▸', 'accent', 'Would run'],
  later: ['▸', 'dim', 'Would run'],
};

/** What Enter does on the row that is no change: the first, where the review begins. */
type Action = 'apply' | 'decide' | 'check';

/** A thing of the outline, and what it is about. */
interface Thing {
  readonly item: OutlineItem;
  readonly action?: Action;
  readonly section?: string;
  readonly entry?: PlanEntry;
  readonly conflict?: ConflictAt;
}

export const reviewScreen: Screen = {
  title({ review: shown }) {
    if (shown === undefined) return 'Review';
    const { entries, task } = shown;
    if (task) return `${task.title}: ${counted(entries)}`;
    const sections = new Set(entries.map(({ section }) => section)).size;
    const departures = new Set(entries.flatMap((entry) => entry.departures)).size;
    const tail = departures === 0 ? '' : `, ${count(departures, 'departure')} (≠)`;
    return `Review: ${count(entries.length, 'change')} in ${count(sections, 'section')}${tail}`;
  },

  view(state) {
    const { review: shown } = state;
    return { blocks: shown === undefined ? [] : [outlineOf(state, shown), ...footOf(shown)] };
  },

  bindings: [
    {
      on: ['r'],
      does: 'look again',
      hint: (state) => (isBlocked(state) ? 'always' : 'never'),
      press: lookAgain,
    },
    { on: ['enter'], does: enterWords, hint: unlessBlocked, press: enter },
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
      press: (state, _, want) => asked(state, want, { type: 'shell' }),
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
      press: (state, _, want) => asked(state, want, { type: 'script' }),
    },
    { on: ['f'], does: 'from here', when: isOfSections, hint: unlessBlocked, press: fromHere },
    {
      on: ['*'],
      does: 'all diffs',
      hint: (state) => (isBlocked(state) ? 'never' : 'rare'),
      press: openAll,
    },
    { on: ['move'], does: 'move', hint: 'never', press: moveIn },
  ],

  find: {
    texts: (state) => (rowAt(state)?.rows ?? []).map(({ line }) => line.map((each) => each.text).join('')),
    at: (state) => state.review?.selected ?? 0,
    go: (state, index) => withReview(state, { selected: index }),
  },

  /** Texts take other numbers of rows: the selection stays on the change where it was. */
  resized(state, before) {
    const item = rowAt({ ...state, size: before })?.item;
    const selected = rowAt(state)?.rows.findIndex((row) => row.item === item) ?? -1;
    return selected < 0 ? state : withReview(state, { selected });
  },
};

/** @returns the operator's files that are still to be decided on */
function unresolved({ conflicts, excluded }: ReviewState): readonly ConflictAt[] {
  return conflicts.filter(({ operation }) => !excluded.has(operation));
}

function actionOf(shown: ReviewState): Action {
  if (unresolved(shown).length > 0) return 'decide';
  if (shown.task?.mayDoNothing) return 'apply';
  return applied(shown).length === 0 ? 'check' : 'apply';
}

const ACTIONS: Readonly<Record<Action, (shown: ReviewState) => string>> = {
  apply: (shown) =>
    applied(shown).length === 0 && shown.task ? shown.task.nothing : `Apply all: ${counted(applied(shown))}`,
  decide: (shown) => {
    const files = unresolved(shown);
    const edited = files.every(({ conflict }) => conflict.doubts === undefined);
    return `Decide on ${count(files.length, 'file')}${edited ? ' edited by hand' : ''}`;
  },
  check: ({ entries, task }) =>
    task
      ? `${task.nothing} Check the site`
      : entries.length === 0
        ? 'Everything is up to date: there is nothing to change. Check the site'
        : 'All of it stays as it is. Check the site',
};

const ACTION_TONES: Readonly<Record<Action, Tone>> = { apply: 'strong', decide: 'warn', check: 'good' };

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

/** On a change it shows what belongs to it, or decides on its file; elsewhere it goes on. */
function enter(state: WizardState, key: Key, want: Want): WizardState {
  const row = rowAt(state)?.thing;
  if (state.review === undefined || row === undefined || row.action !== undefined)
    return begin(state, key, want);
  if (row.entry === undefined && row.section === undefined) return begin(state, key, want);
  const conflict = unresolved(state.review).find(({ operation }) => operation === row.conflict?.operation);
  return conflict ? decide(state, conflict) : folded(state);
}

/** Nothing is changed by it: to the files that are to be decided on, or to the one question before a run. */
function begin(state: WizardState, _: Key, want: Want): WizardState {
  const { review: shown } = state;
  if (shown === undefined) return goBack(state);
  const [conflict] = unresolved(shown);
  if (conflict) return decide(state, conflict);
  if (shown.problems.length > 0)
    return { ...state, notice: 'Nothing can start before this is fixed. r looks again.' };
  if (actionOf(shown) === 'apply') return goTo({ ...state, confirm: { yes: true } }, 'confirm');
  return asked(state, want, { type: 'check' });
}

function decide(state: WizardState, at: ConflictAt): WizardState {
  return goTo({ ...state, conflict: { at, scroll: 0 } }, 'conflict');
}

function lookAgain(state: WizardState, _: Key, want: Want): WizardState {
  const { review: shown } = state;
  if (shown === undefined) return state;
  return asked(
    state,
    want,
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
  if (!asks && index >= 0) return { ...state, notice: 'That section asks nothing.' };
  const overview = { ...state.overview, selected: Math.max(0, index) };
  return { ...goHome(state), overview, notice: 'e opens the answers of the selected section.' };
}

/** The selected row, and the thing that it is a row of. */
function rowAt(state: WizardState) {
  const { review: shown } = state;
  if (shown === undefined) return undefined;
  const things = thingsOf(state, shown);
  const rows = outlineRows(
    things.map(({ item }) => item),
    bodyOf(state.size).columns,
  );
  const at = Math.min(shown.selected, rows.length - 1);
  const item = rows[at]?.item;
  return { rows, at, item, thing: item === undefined ? undefined : things[item] };
}

function outlineOf(state: WizardState, shown: ReviewState): OutlineBlock {
  return {
    kind: 'outline',
    name: 'Changes',
    items: thingsOf(state, shown).map(({ item }) => item),
    selected: shown.selected,
    told: shown.problems.length > 0,
  };
}

/** Kept while the review is the same: the hints of one frame ask for the things several times. */
const memory = new WeakMap<ReviewState, readonly Thing[]>();

function thingsOf(state: WizardState, shown: ReviewState): readonly Thing[] {
  const before = memory.get(shown);
  if (before !== undefined) return before;
  const things = madeThings(state, shown);
  memory.set(shown, things);
  return things;
}

function madeThings(state: WizardState, shown: ReviewState): readonly Thing[] {
  const notices = [...(shown.task?.notices ?? []), ...irreversibleOf(shown)];
  const told = notices.map((notice) => text(notice, { mark: 'warning', tone: 'warn' }));
  return [
    ...(shown.problems.length > 0 ? shown.problems.map(problemThing) : [actionThing(shown)]),
    ...told.map((block): Thing => ({ item: { below: false, whole: false, inside: [block] } })),
    ...(shown.task?.sections ?? state.sections).flatMap((section) => sectionThings(shown, section)),
  ];
}

const HEAD = { look: 'plain', note: '', marks: [] } as const;

function problemThing({ at, problem }: ReviewState['problems'][number]): Thing {
  const paragraphs: readonly Paragraph[] = [
    ...(at === undefined ? [] : [{ text: problem.what, level: 1 }]),
    ...(problem.detail ?? []).map((each): Paragraph => ({ text: each, level: 2, tone: 'dim' })),
    { text: `What to do: ${problem.remedy}`, level: 1 },
  ];
  const head = {
    ...HEAD,
    sign: '✗',
    tone: 'bad',
    word: 'Failed',
    title: at ?? problem.what,
    look: 'bad',
  } as const;
  return { item: { head, below: false, whole: false, inside: [{ kind: 'text', paragraphs }] } };
}

function actionThing(shown: ReviewState): Thing {
  const action = actionOf(shown);
  const tone = ACTION_TONES[action];
  const head = { ...HEAD, sign: '', tone, word: '', title: ACTIONS[action](shown), look: tone };
  return { action, item: { head, below: false, whole: false, inside: [] } };
}

/** A section with its changes, unless it is folded over them; nothing where it has none. */
function sectionThings(
  shown: ReviewState,
  { id, title }: Pick<SectionOutline, 'id' | 'title'>,
): readonly Thing[] {
  const own = shown.entries.filter((entry) => entry.section === id);
  if (own.length === 0) return [];
  const open = !shown.folded.has(id);
  const head = {
    ...HEAD,
    sign: open ? '▾' : '▸',
    tone: 'dim',
    word: '',
    title,
    look: 'strong',
    note: counted(own),
    open,
  } as const;
  const section: Thing = { section: id, item: { head, below: false, whole: false, inside: [] } };
  return [section, ...(open ? own.map((entry) => entryThing(shown, entry)) : [])];
}

function irreversibleOf({ task }: ReviewState): readonly string[] {
  return (task?.irreversible ?? []).map(({ what, why }) => `Stays, as it can't be undone: ${what}: ${why}`);
}

function entryThing(shown: ReviewState, entry: PlanEntry): Thing {
  const conflict = shown.conflicts.find(({ operation }) => operation === entry.operation);
  const kept = shown.excluded.has(entry.operation);
  const open = shown.opened.has(entry.operation);
  const before = things.get(entry);
  // The same thing as long as nothing of it is other: its rows are wrapped once.
  if (before?.conflict === conflict && before?.kept === kept && before.open === open) return before.thing;
  const item: OutlineItem = {
    head: headOf(entry, kept ? 'yours is kept' : conflict && decisionOn(conflict)),
    below: true,
    whole: open,
    inside: open ? insideOf(shown, entry) : [],
  };
  const thing = { section: entry.section, entry, item, ...(conflict ? { conflict } : {}) };
  things.set(entry, { conflict, kept, open, thing });
  return thing;
}

const things = new WeakMap<
  PlanEntry,
  {
    readonly conflict: ConflictAt | undefined;
    readonly kept: boolean;
    readonly open: boolean;
    readonly thing: Thing;
  }
>();

function decisionOn({ conflict }: ConflictAt): string {
  return `${conflict.doubts ? 'needs your word' : 'edited by hand'}: decide`;
}

/** @param decision what is decided, or to be decided, on a file of the operator's */
function headOf(entry: PlanEntry, decision: string | undefined): NonNullable<OutlineItem['head']> {
  const { kind, summary, title, after, departures, irreversible } = entry;
  const [sign, tone, word] = SIGNS[kind];
  const named = summary.startsWith(title) ? summary : `${title}: ${summary}`;
  return {
    sign,
    tone,
    word,
    title: kind === 'run' || kind === 'later' ? named : summary,
    look: 'plain',
    note: after === undefined ? '' : `(${after})`,
    marks: [
      ...(departures.length > 0 ? [{ text: '≠', tone: 'accent' } as const] : []),
      ...(irreversible === undefined ? [] : [{ text: "can't be undone", tone: 'warn' } as const]),
      ...(decision === undefined ? [] : [{ text: decision, tone: 'warn' } as const]),
    ],
  };
}

function insideOf(shown: ReviewState, entry: PlanEntry): OutlineItem['inside'] {
  const { irreversible, diff, shell } = entry;
  return [
    ...(shown.departures.get(entry.operation) ?? []).flatMap(({ document, instead, why }) => [
      text(`≠ The document: ${document}`, { tone: 'accent', hanging: 2 }),
      text(`Instead: ${instead}`, { hanging: 2 }),
      text(`Why: ${why}`, { tone: 'dim', hanging: 2 }),
    ]),
    ...(irreversible === undefined ? [] : [text(`Can't be undone: ${irreversible}`, { tone: 'warn' })]),
    ...(hasEffects(entry) ? [text(effectsOf([entry]), { tone: 'dim' })] : []),
    diff === undefined ? text(shell, { mark: 'command', tone: 'dim' }) : { kind: 'diff', diff },
  ];
}

function hasEffects({ starts, restarts, reloads }: PlanEntry): boolean {
  return starts.length + restarts.length + reloads.length > 0;
}

function footOf(shown: ReviewState): readonly Block[] {
  if (shown.entries.length === 0) return [];
  const { estimate } = shown;
  const time =
    estimate === undefined || estimate < 1000 ? '' : `  About ${duration(estimate)} by earlier runs.`;
  return [RULE, { ...text(`${effectsOf(applied(shown)).join(' ')}${time}`, { tone: 'dim' }), most: 2 }];
}

function folded(state: WizardState): WizardState {
  const { review: shown } = state;
  const row = rowAt(state)?.thing;
  if (shown === undefined) return state;
  const toggled = (set: ReadonlySet<string>, id: string) =>
    new Set(set.has(id) ? [...set].filter((each) => each !== id) : [...set, id]);
  if (row?.entry) return withReview(state, { opened: toggled(shown.opened, row.entry.operation) });
  if (row?.section !== undefined) return withReview(state, { folded: toggled(shown.folded, row.section) });
  return state;
}

function fromHere(state: WizardState, _: Key, want: Want): WizardState {
  const row = rowAt(state)?.thing;
  const from = state.sections.findIndex(({ id }) => id === (row?.section ?? row?.entry?.section));
  if (from < 0) return { ...state, notice: 'Choose a section, or a change of it, first.' };
  want({ type: 'review', names: state.sections.slice(from).map(({ id }) => id) });
  return { ...state, notice: 'From this section on; what it needs is looked at first.' };
}

function withReview(state: WizardState, change: Partial<ReviewState>): WizardState {
  return state.review === undefined ? state : { ...state, review: { ...state.review, ...change } };
}
