import type { Section } from '../../engine/section.ts';
import { count } from '../../front/duration.ts';
import { spinner } from '../glyphs.ts';
import { motionOf, moved } from '../key.ts';
import { beside, fit, type Line, line, paragraph, span, type Tone, windowAround } from '../line.ts';
import type { Screen } from '../screen.ts';
import type { OperationStatus, SectionState, State } from '../state.ts';
import { openForm } from './questions-keys.ts';

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
  waiting: 'asks',
  drifted: 'drifted',
  edited: 'edited by hand',
  blocked: 'blocked',
  failed: 'failed',
};

const EXPLAINED: Readonly<Record<SectionState, string>> = {
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

export const overview: Screen = {
  title: (state) => {
    const done = [...state.status.values()].filter((status) => status.state === 'done').length;
    return state.observing
      ? 'Looking at the host'
      : `${done} of ${count(state.sections.length, 'section')} as the document wants`;
  },

  lines(state, size) {
    const left = Math.min(34, Math.floor(size.columns * 0.45));
    const { selected, details } = state.overview;
    const list = state.sections.map((section, index) => row(state, section, index === selected, left));
    const section = state.sections[selected];
    const about = section === undefined ? [] : detailsOf(state, section, size.columns - left - 3);
    const from = Math.min(details ?? 0, Math.max(0, about.length - size.rows));
    return beside(windowAround(list, selected, size.rows).items, about.slice(from), left, size);
  },

  hints: (state) => [
    { keys: 'Enter', does: continueWords(state) },
    { keys: 'e', does: 'answers' },
    { keys: 'r', does: 'this section only' },
    { keys: 'Tab', does: 'scroll the details', rare: true },
    { keys: 's', does: 'script', rare: true },
    { keys: 'd', does: 'is the site well?', rare: true },
  ],

  press(state, key, want) {
    const { selected, details } = state.overview;
    const motion = motionOf(key);
    if (motion !== undefined && details !== undefined)
      return { ...state, overview: { selected, details: moved(details, motion, 500, 8) } };
    if (motion !== undefined) {
      const to = moved(selected, motion, state.sections.length - 1, 8);
      return { ...state, overview: { selected: to, details } };
    }
    const section = state.sections[selected];
    if (key.name === 'tab' || key.name === 'backtab')
      return { ...state, overview: { selected, details: details === undefined ? 0 : undefined } };
    if (key.name === 'escape') return { ...state, overview: { selected, details: undefined } };
    if (key.name === 'enter') want({ type: 'continue' });
    if (key.name !== 'char' || section === undefined) return state;
    if (key.text === 'r') want({ type: 'review', names: [section.id] });
    if (key.text === 'd') want({ type: 'check' });
    if (key.text === 's') want({ type: 'script' });
    if (key.text === 'e') return withAnswers(state, section);
    return state;
  },

  find: {
    texts: (state) => state.sections.map(({ title, summary }) => `${title} ${summary}`),
    at: (state) => state.overview.selected,
    go: (state, index) => ({ ...state, overview: { selected: index, details: undefined } }),
  },
};

function withAnswers(state: State, section: Section): State {
  if (section.questions.length === 0) return { ...state, notice: `${section.title} asks nothing.` };
  if (!state.answered.ready) return { ...state, notice: 'The host is still asked what it already says.' };
  return openForm(state, state.sections.indexOf(section), []);
}

function continueWords(state: State): string {
  if (!state.answered.ready) return 'wait';
  return 'continue';
}

function row(state: State, section: Section, selected: boolean, columns: number): Line {
  const found = state.status.get(section.id)?.state ?? 'looking';
  const [mark, tone] = MARKS[found];
  const shown = found === 'looking' && state.observing ? spinner(state.now) : mark;
  const word = WORDS[found];
  const title = fit(section.title, Math.max(8, columns - 5 - word.length));
  return [
    span(selected ? '› ' : '  ', 'accent'),
    span(`${shown} `, tone),
    span(title, selected ? 'selected' : 'plain'),
    span(word === '' ? '' : ` ${word}`, tone),
  ];
}

function detailsOf(state: State, section: Section, columns: number): readonly Line[] {
  const status = state.status.get(section.id);
  const found = status?.state ?? 'looking';
  const missing = section.questions.filter(({ id }) => state.answered.missing.has(id));
  const needs = state.sections.filter(({ id }) => section.needs.some((need) => need.split('/')[0] === id));
  return [
    line(section.title, 'strong'),
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

function operationLines({ title, state, note }: OperationStatus, columns: number): readonly Line[] {
  const [mark, tone] = OPERATION_MARKS[state];
  const head: Line = [span(`${mark} `, tone), span(title)];
  if (note === '' || note === title) return [head];
  if (state !== 'blocked') {
    // Many summaries begin with the title.
    const rest = note.startsWith(title) ? note.slice(title.length).replace(/^[:\s]+/, '') : note;
    return [[...head, span(`  ${rest}`, 'dim')]];
  }
  return [head, ...paragraph(`  ${note}`, columns, 'dim', '  ')];
}
