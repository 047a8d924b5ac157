import type { Section } from '../../engine/section.ts';
import { count } from '../../output/duration.ts';
import { spinner } from '../kit/glyphs.ts';
import { type Key, type Motion, motionOf, moved } from '../kit/key.ts';
import { beside, type Line, line, paragraph, span, type Tone } from '../kit/line.ts';
import { cells, cut, fit, wrapText } from '../kit/width.ts';
import { bodyOf, listWindow, textMoved, textWindow } from '../kit/window.ts';
import { goTo } from '../state/navigation.ts';
import type { OperationStatus, SectionState, Want, WizardState } from '../state/state.ts';
import { asked } from './actions.ts';
import { openForm } from './questions-keys.ts';
import type { Screen } from './screen.ts';

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

export const WORDS: Readonly<Record<SectionState, string>> = {
  looking: '',
  done: '',
  'to do': 'to do',
  waiting: 'asks',
  drifted: 'drifted',
  edited: 'edited by hand',
  blocked: 'blocked',
  failed: 'failed',
};

export const EXPLAINED: Readonly<Record<SectionState, string>> = {
  looking: 'Being looked at now.',
  done: 'As the document wants it.',
  'to do': 'Not done yet.',
  waiting: 'Not done yet, and it needs answers of yours first.',
  drifted: 'It was as wanted once; something changed since.',
  edited: 'A file of it was edited by hand. Nothing overwrites it without your word.',
  blocked: 'It cannot go on as the host is now.',
  failed: 'It failed in the last run.',
};

const OPERATION_MARKS: Readonly<Record<OperationStatus['state'], readonly [string, Tone]>> = {
  done: ['✓', 'good'],
  'to do': ['○', 'dim'],
  edited: ['●', 'warn'],
  blocked: ['✗', 'bad'],
};

export const overviewScreen: Screen = {
  title: (state) => {
    const done = [...state.status.values()].filter((status) => status.state === 'done').length;
    return state.observing
      ? 'Looking at the host'
      : `${done} of ${count(state.sections.length, 'section')} as the document wants`;
  },

  lines(state, size) {
    const left = leftOf(state, size.columns);
    const { selected, details } = state.overview;
    const lines = (short: boolean) =>
      state.sections.map((section, index) => row(state, section, index === selected, left, short));
    const whole = lines(false);
    const banner = pendingLines(state, size.columns);
    const rest = { columns: size.columns, rows: size.rows - banner.length };
    const list = whole.flat().length <= rest.rows ? whole : lines(true);
    const section = state.sections[selected];
    const about = section === undefined ? [] : detailsOf(state, section, size.columns - left - 3);
    return [
      ...banner,
      ...beside(
        listWindow(list, selected, rest.rows),
        textWindow(about, details ?? 0, rest.rows, details === undefined ? ' (Tab)' : ''),
        left,
        rest,
      ),
    ];
  },

  bindings: [
    {
      on: ['enter'],
      does: continueWords,
      press: (state, _, want) =>
        asked(state, want, state.pending.length > 0 ? { type: 'finish' } : { type: 'continue' }),
    },
    { on: ['e'], does: 'answers', press: openAnswers },
    { on: ['r'], does: 'this section', press: reviewSection },
    {
      on: ['m'],
      does: 'menu',
      hint: ({ site }) => (site ? 'always' : 'rare'),
      press: (state) => goTo(state, 'menu'),
    },
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
      press: (state, _, want) => asked(state, want, { type: 'script' }),
    },
    {
      on: ['d'],
      does: 'is the site well?',
      hint: 'rare',
      press: (state, _, want) => asked(state, want, { type: 'check' }),
    },
    { on: ['move'], does: 'other sections', hint: 'never', press: moveIn },
  ],

  find: {
    texts: (state) => state.sections.map(({ title, summary }) => `${title} ${summary}`),
    at: (state) => state.overview.selected,
    go: (state, index) => ({ ...state, overview: { selected: index, details: undefined } }),
  },
};

/** The list is as wide as its titles, where the other half has room; whatever states come, the border stays. */
function leftOf({ sections }: WizardState, columns: number): number {
  const word = Math.max(...Object.values(WORDS).map((each) => each.length));
  const wanted = sections.map(({ title }) => 5 + cells(title) + word);
  return Math.min(Math.max(24, ...wanted), Math.floor(columns * 0.45));
}

function detailsMoved(state: WizardState, details: number, motion: Motion): number {
  const { columns, rows } = bodyOf(state.size);
  const section = state.sections[state.overview.selected];
  if (section === undefined) return 0;
  const { length } = detailsOf(state, section, columns - leftOf(state, columns) - 3);
  return textMoved(details, motion, length, rows - pendingLines(state, columns).length);
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

function reviewSection(state: WizardState, _: Key, want: Want): WizardState {
  const section = state.sections[state.overview.selected];
  return section === undefined ? state : asked(state, want, { type: 'review', names: [section.id] });
}

function openAnswers(state: WizardState): WizardState {
  const section = state.sections[state.overview.selected];
  if (section === undefined) return state;
  if (section.questions.length === 0) return { ...state, notice: `${section.title} asks nothing.` };
  if (!state.answered.ready) return { ...state, notice: 'The host is still asked what it already says.' };
  return openForm(state, state.sections.indexOf(section), []);
}

/** @returns what was begun and cut off, before all else; nothing when there is none */
export function pendingLines({ pending }: WizardState, columns: number): readonly Line[] {
  if (pending.length === 0) return [];
  const what = pending.map((each) => `“${each}”`).join(' and ');
  const words = `! ${what} was begun and did not come to its end. Enter finishes it, before anything else.`;
  return [...paragraph(words, columns, 'warn', '  '), line('─'.repeat(columns), 'dim')];
}

function continueWords(state: WizardState): string {
  if (state.pending.length > 0) return 'finish it';
  if (!state.answered.ready) return 'wait';
  return 'continue';
}

/** @param short in one row, with a title that is too long cut */
function row(
  state: WizardState,
  section: Section,
  selected: boolean,
  columns: number,
  short: boolean,
): readonly Line[] {
  const found = state.status.get(section.id)?.state ?? 'looking';
  const [mark, tone] = MARKS[found];
  const shown = found === 'looking' && state.observing ? spinner(state.now) : mark;
  const word = WORDS[found];
  const room = Math.max(8, columns - 4 - (word === '' ? 0 : word.length + 1));
  const titles = short ? [cut(section.title, room)] : wrapText(section.title, room);
  return titles.map((title, index) => [
    span(selected && index === 0 ? '› ' : '  ', 'accent'),
    span(index === 0 ? `${shown} ` : '  ', tone),
    span(fit(title, room), selected ? 'selected' : 'plain'),
    span(word === '' || index > 0 ? '' : ` ${word}`, tone),
  ]);
}

export function detailsOf(state: WizardState, section: Section, columns: number): readonly Line[] {
  const status = state.status.get(section.id);
  const found = status?.state ?? 'looking';
  const missing = section.questions.filter(({ id }) => state.answered.missing.has(id));
  const needs = state.sections.filter(({ id }) => section.needs.some((need) => need.split('/')[0] === id));
  return [
    ...paragraph(section.title, columns, 'strong'),
    ...paragraph(section.summary, columns),
    [],
    ...paragraph(EXPLAINED[found], columns, MARKS[found][1]),
    ...(status?.operations ?? []).flatMap((operation) => operationLines(operation, columns)),
    ...(missing.length === 0
      ? []
      : paragraph(`Asks you for: ${missing.map(({ label }) => label).join('; ')}`, columns, 'accent')),
    [],
    ...paragraph(`Document: ${section.heading}`, columns, 'dim', '  '),
    ...(needs.length === 0
      ? []
      : paragraph(`Needs: ${needs.map(({ title }) => title).join(', ')}`, columns, 'dim', '  ')),
  ];
}

/** In one row where it fits, else what is missing below what it is about. */
function operationLines({ title, state, note }: OperationStatus, columns: number): readonly Line[] {
  const [mark, tone] = OPERATION_MARKS[state];
  // Many summaries begin with the title, a folder's with a slash more.
  const rest = note.startsWith(title) ? note.slice(title.length).replace(/^\/?[:\s]+/, '') : note;
  if (state !== 'blocked' && cells(title) + cells(rest) + 4 <= columns)
    return [[span(`${mark} `, tone), span(title), span(rest === '' ? '' : `  ${rest}`, 'dim')]];
  return [
    ...wrapText(title, columns - 2).map((text, index) => [
      span(index === 0 ? `${mark} ` : '  ', tone),
      span(text),
    ]),
    ...(rest === '' ? [] : paragraph(rest, columns - 2, 'dim').map((each) => [span('  '), ...each])),
  ];
}
