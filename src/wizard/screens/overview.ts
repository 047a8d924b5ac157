import { fullLabel } from '../../answers/question.ts';
import { type Glance, runLine } from '../../app/watch/glance.ts';
import type { Section } from '../../engine/section.ts';
import { count } from '../../output/duration.ts';
import { maintenanceWords } from '../../site/maintenance.ts';
import { DAYS, trendsOf } from '../../watch/history.ts';
import { spinner } from '../kit/glyphs.ts';
import { type Key, type Motion, motionOf, moved } from '../kit/key.ts';
import type { Tone } from '../kit/line.ts';
import { bodyOf, textMoved } from '../kit/window.ts';
import type { Dispatch } from '../state/intent.ts';
import type { WizardState } from '../state/state.ts';
import { type Block, GAP, RULE, type SplitBlock, text } from '../view/block.ts';
import { linesOf, splitDetails } from '../view/layout.ts';
import { asked } from './actions.ts';
import { openMenu } from './menu.ts';
import { openForm } from './questions/moves.ts';
import type { Screen } from './screen.ts';

/** `waiting`: for answers. `looking`: not observed yet. */
type SectionState = 'looking' | 'done' | 'to do' | 'drifted' | 'edited' | 'blocked' | 'failed' | 'waiting';

export interface OperationStatus {
  readonly title: string;
  readonly state: 'done' | 'to do' | 'edited' | 'blocked';
  /** What is missing, or why it can't go on. */
  readonly note: string;
}

export interface SectionStatus {
  readonly state: SectionState;
  readonly operations: readonly OperationStatus[];
}

declare module '../state/state.ts' {
  interface ScreenParts {
    overview: {
      readonly overview: { readonly selected: number; readonly details: number | undefined };
      readonly status: ReadonlyMap<string, SectionStatus>;
      readonly observing: boolean;
      /** How the site went lately; absent while the watch has no history. */
      readonly glance: Glance | undefined;
      /** Since when visitors get the maintenance page, in milliseconds since the epoch; absent while they do not. */
      readonly maintained: number | undefined;
    };
  }
}

const MARKS: Readonly<Record<SectionState, readonly [string, Tone]>> = {
  looking: ['·', 'dim'],
  done: ['✓', 'good'],
  'to do': ['○', 'dim'],
  waiting: ['○', 'accent'],
  drifted: ['●', 'warn'],
  edited: ['●', 'warn'],
  blocked: ['✗', 'bad'],
  failed: ['✗', 'bad'],
};

const WORDS: Readonly<Record<SectionState, string>> = {
  looking: '',
  done: '',
  'to do': 'to do',
  waiting: 'needs answers',
  drifted: 'drifted',
  edited: 'edited by hand',
  blocked: 'blocked',
  failed: 'failed',
};

const EXPLAINED: Readonly<Record<SectionState, string>> = {
  looking: 'Being checked now.',
  done: 'Up to date.',
  'to do': 'Not done yet.',
  waiting: 'Not done yet: answer the questions of this section first.',
  drifted: 'Was up to date, but something has changed since.',
  edited: 'A file of this section was edited by hand. It is not overwritten unless you agree.',
  blocked: 'Blocked by a problem on this server.',
  failed: 'Failed in the last run.',
};

const OPERATION_MARKS: Readonly<Record<OperationStatus['state'], readonly [string, Tone, string]>> = {
  done: ['✓', 'good', 'Done'],
  'to do': ['○', 'dim', 'Not done'],
  edited: ['●', 'warn', 'Drifted or edited by hand'],
  blocked: ['✗', 'bad', 'Failed'],
};

export const overviewScreen: Screen<'overview'> = {
  initial: () => ({
    overview: { selected: 0, details: undefined },
    status: new Map(),
    // Until it is known what the host says already.
    observing: true,
    glance: undefined,
    maintained: undefined,
  }),

  title: (state) => {
    const done = [...state.status.values()].filter((status) => status.state === 'done').length;
    return state.observing
      ? 'Checking this server'
      : `${done} of ${count(state.sections.length, 'section')} up to date`;
  },

  view: (state) => ({ blocks: [...firstBlocks(state), sectionsBlock(state), ...glanceBlocks(state)] }),

  bindings: [
    {
      on: ['enter'],
      does: continueWords,
      press: (state, _, dispatch) =>
        asked(state, dispatch, state.pending.length > 0 ? { type: 'finish' } : { type: 'continue' }),
    },
    {
      on: ['m'],
      does: 'menu',
      hint: ({ site }) => (site ? 'always' : 'rare'),
      press: openMenu,
    },
    { on: ['e'], does: 'answers', press: openAnswers },
    { on: ['r'], does: 'review section', press: reviewSection },
    {
      on: ['tab', 'backtab'],
      does: 'scroll the details',
      hint: 'rare',
      press: (state) => withDetails(state, state.overview.details === undefined ? 0 : undefined),
    },
    {
      on: ['escape'],
      does: 'back to the list',
      hint: 'rare',
      when: ({ overview: { details } }) => details !== undefined,
      press: (state) => withDetails(state, undefined),
    },
    {
      on: ['s'],
      does: 'script',
      hint: 'rare',
      press: (state, _, dispatch) => asked(state, dispatch, { type: 'script' }),
    },
    {
      on: ['d'],
      does: 'check the site',
      hint: 'rare',
      press: (state, _, dispatch) => asked(state, dispatch, { type: 'check' }),
    },
    { on: ['move'], does: 'move', hint: 'never', press: moveIn },
  ],

  find: {
    texts: (state) => state.sections.map(({ title, summary }) => `${title} ${summary}`),
    at: (state) => state.overview.selected,
    go: (state, index) => ({ ...state, overview: { selected: index, details: undefined } }),
  },
};

function detailsMoved(state: WizardState, details: number, motion: Motion): number {
  const { columns, rows } = bodyOf(state.size);
  const { length } = splitDetails(sectionsBlock(state), columns);
  const others = linesOf({ blocks: [...firstBlocks(state), ...glanceBlocks(state)] }, columns).length;
  return textMoved(details, motion, length, rows - others);
}

function moveIn(state: WizardState, key: Key): WizardState {
  const { selected, details } = state.overview;
  const motion = motionOf(key);
  if (motion === undefined) return state;
  if (details !== undefined) return withDetails(state, detailsMoved(state, details, motion));
  return { ...state, overview: { selected: moved(selected, motion, state.sections.length - 1, 8), details } };
}

function withDetails(state: WizardState, details: number | undefined): WizardState {
  return { ...state, overview: { ...state.overview, details } };
}

function reviewSection(state: WizardState, _: Key, dispatch: Dispatch): WizardState {
  const section = state.sections[state.overview.selected];
  return section === undefined ? state : asked(state, dispatch, { type: 'review', names: [section.id] });
}

function openAnswers(state: WizardState): WizardState {
  const section = state.sections[state.overview.selected];
  if (section === undefined) return state;
  if (section.questions.length === 0) return { ...state, notice: `${section.title} has no questions.` };
  if (!state.answered.ready)
    return { ...state, notice: 'Still reading the answers from this server. Try again in a moment.' };
  return openForm(state, state.sections.indexOf(section), []);
}

/** Before all else: what was begun and cut off, and why visitors do not get the site. */
function firstBlocks({ pending, maintained }: WizardState): readonly Block[] {
  const page: readonly Block[] =
    maintained === undefined ? [] : [{ kind: 'notice', text: maintenanceWords(maintained) }, RULE];
  if (pending.length === 0) return page;
  const what = pending.map((each) => `“${each}”`).join(' and ');
  const words = `${what} was interrupted. Press Enter to finish it first.`;
  return [{ kind: 'notice', text: words }, RULE, ...page];
}

/** Rows of a terminal from which on there is room for a second row of it. */
const ROOMY = 24;
/** Most bars of a trend, by the columns that all three of them take. */
const BARS = [
  { from: 117, bars: 30 },
  { from: 72, bars: 15 },
  { from: 0, bars: 10 },
];

/** In a row how the last thirty days were, and in another what was done last; nothing while the watch has no history. */
function glanceBlocks({ glance, size }: WizardState): readonly Block[] {
  if (glance?.days === undefined) return [];
  const { columns } = bodyOf(size);
  const trends = trendsOf(glance.days, BARS.find(({ from }) => columns >= from)?.bars);
  const row = trends.map(({ label, bars }) => `${label} ${bars}`).join('  ');
  const told = `Last ${DAYS} days: ${trends.map(({ label, words }) => `${label}: ${words}`).join('. ')}.`;
  const [last] = glance.runs;
  return [
    { ...text(row, { tone: 'dim', told }), most: 1 },
    ...(last === undefined || size.rows < ROOMY
      ? []
      : [{ ...text(`Done last: ${runLine(last)}`, { tone: 'dim' }), most: 1 }]),
  ];
}

function continueWords(state: WizardState): string {
  if (state.pending.length > 0) return 'finish it';
  if (!state.answered.ready) return 'wait';
  return 'continue';
}

/** The sections as they stand, and what the selected one is about. */
function sectionsBlock(state: WizardState): SplitBlock {
  const { selected, details } = state.overview;
  const section = state.sections[selected];
  return {
    kind: 'split',
    name: 'Sections',
    one: 'Section',
    entries: state.sections.map(({ id, title }) => entryOf(state, id, title)),
    selected,
    noteColumns: Math.max(...Object.values(WORDS).map((word) => word.length)),
    details: section === undefined ? [] : detailsOf(state, section),
    brief: section === undefined ? [] : briefOf(state, section),
    busy: state.observing ? 'Checking this server' : undefined,
    scroll: details,
  };
}

function entryOf(state: WizardState, id: string, title: string): SplitBlock['entries'][number] {
  const found = state.status.get(id)?.state ?? 'looking';
  const [mark, tone] = MARKS[found];
  const sign = found === 'looking' && state.observing ? spinner(state.now) : mark;
  const word = found === 'done' ? 'up to date' : found === 'looking' ? 'being checked' : WORDS[found];
  return { title, sign, tone, note: WORDS[found], word, unknown: found === 'looking' };
}

function briefOf(state: WizardState, { id, summary }: Section): readonly string[] {
  const found = state.status.get(id)?.state;
  return [summary, ...(found === undefined ? [] : [EXPLAINED[found]]), 'Tab reads the details.'];
}

function detailsOf(state: WizardState, section: Section): readonly Block[] {
  const status = state.status.get(section.id);
  const found = status?.state ?? 'looking';
  const missing = section.questions.filter(({ id }) => state.answered.missing.has(id));
  const needs = state.sections.filter(({ id }) => section.needs.some((need) => need.split('/')[0] === id));
  return [
    text(section.title, { tone: 'strong' }),
    text(section.summary),
    GAP,
    text(EXPLAINED[found], { tone: MARKS[found][1] }),
    ...(status?.operations ?? []).map(operationBlock),
    ...(missing.length === 0
      ? []
      : [text(`Needs from you: ${missing.map(fullLabel).join('; ')}`, { tone: 'accent' })]),
    GAP,
    text(`Document: ${section.heading}`, { tone: 'dim', hanging: 2 }),
    ...(needs.length === 0
      ? []
      : [text(`Needs: ${needs.map(({ title }) => title).join(', ')}`, { tone: 'dim', hanging: 2 })]),
  ];
}

function operationBlock({ title, state, note }: OperationStatus): Block {
  const [sign, tone, word] = OPERATION_MARKS[state];
  // Many summaries begin with the title, a folder's with a slash more.
  const rest = note.startsWith(title) ? note.slice(title.length).replace(/^\/?[:\s]+/, '') : note;
  return { kind: 'entry', entry: { title, sign, tone, note: rest, word }, apart: state === 'blocked' };
}
