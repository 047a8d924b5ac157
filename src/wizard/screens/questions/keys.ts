import { type Key, motionOf, moved } from '../../kit/key.ts';
import type { Want } from '../../state/intent.ts';
import type { WizardState } from '../../state/state.ts';
import type { Binding } from '../binding.ts';
import { acceptingFailures, back, begin, focused, goOn, questionAt, rowAt, withForm } from './moves.ts';
import { formOf, type QuestionRow, type Row, sectionOf, trialFailureOf } from './rows.ts';
import { isTyping, leave, make, taken, typeAnswer } from './typing.ts';

/** What keys do in a form. While a text is typed only the editor's own keys, Enter and Esc have a meaning. */
export const QUESTION_KEYS: readonly Binding[] = [
  { on: ['enter', 'tab'], keys: 'Enter', does: 'take', when: isTyping, press: taken },
  {
    on: ['escape'],
    does: 'stop typing',
    when: isTyping,
    press: (state) => withForm(state, { edit: undefined }),
  },
  {
    on: ['ctrl u'],
    does: 'clear',
    when: isTyping,
    press: typeAnswer,
  },
  {
    on: ['ctrl g'],
    does: 'make one',
    when: isTyping,
    hint: ifGenerated,
    press: make,
  },
  { on: ['up', 'backtab'], does: 'the answer before', when: isTyping, hint: 'never', press: leave(-1) },
  { on: ['down'], does: 'the next answer', when: isTyping, hint: 'never', press: leave(1) },
  { on: ['enter'], does: enterWords, when: isChoosing, press: enter },
  {
    on: ['e'],
    does: 'type',
    when: (state) => isChoosing(state) && isTyped(rowAt(state)),
    press: (state) => begin(state),
  },
  {
    on: [' ', 'e'],
    keys: 'Space',
    does: spaceWords,
    when: (state) => isChoosing(state) && hasChoice(rowAt(state)),
    press: choose,
  },
  {
    on: [' ', 'i'],
    does: 'type',
    when: (state) => isChoosing(state) && rowAt(state)?.kind === 'question',
    hint: 'never',
    press: (state) => (isTyped(rowAt(state)) ? begin(state) : state),
  },
  { on: ['g'], does: 'make one', when: isChoosing, hint: ifGenerated, press: make },
  {
    on: ['x'],
    does: 'leave out',
    when: isChoosing,
    hint: (state) => (questionAt(state)?.question.skippable === undefined ? 'never' : 'always'),
    press: skip,
  },
  { on: ['escape'], does: 'back', when: isChoosing, press: back },
  { on: ['v'], does: 'show a secret that was generated', when: isChoosing, hint: 'rare', press: reveal },
  {
    on: ['tab', 'backtab', 'move'],
    keys: 'Tab ↑ ↓ j k',
    does: 'other answers',
    when: isChoosing,
    hint: 'rare',
    press: moveIn,
  },
  {
    on: ['paste'],
    does: 'type what is pasted',
    when: (state) => isChoosing(state) && rowAt(state)?.kind === 'question',
    hint: 'never',
    press: (state, key) => typeAnswer(begin(state, true), key),
  },
];

function isChoosing(state: WizardState): boolean {
  return !isTyping(state);
}

/** Whether the answer is a text. */
function isTyped(row: Row | undefined): boolean {
  return row?.kind === 'question' && row.question.kind !== 'choice' && row.question.kind !== 'confirm';
}

/** Whether Space changes the row: another choice, or what it stands for. */
function hasChoice(row: Row | undefined): boolean {
  return row?.kind === 'group' || row?.kind === 'usual' || (row?.kind === 'question' && !isTyped(row));
}

function ifGenerated(state: WizardState): 'always' | 'never' {
  const row = questionAt(state);
  if (row?.question.generate === undefined || row.source === 'host') return 'never';
  return state.answered.host.has(row.key) ? 'never' : 'always';
}

function enterWords(state: WizardState): string {
  const row = rowAt(state);
  if (row?.kind === 'next') return 'next';
  return row?.kind === 'question' && toType(state, row) ? 'type' : 'keep, go on';
}

function spaceWords(state: WizardState): string {
  const row = rowAt(state);
  if (row?.kind === 'group') return row.wanted ? 'leave out' : 'set up';
  return row?.kind === 'usual' ? 'change them' : 'other choice';
}

/** As in every list, and Tab. */
function moveIn(state: WizardState, key: Key): WizardState {
  const { rows, at } = formOf(state);
  const motion = key.name === 'tab' ? 'down' : key.name === 'backtab' ? 'up' : motionOf(key);
  return motion === undefined ? state : focused(state, rows, moved(at, motion, rows.length - 1, 8), false);
}

function enter(state: WizardState, _: Key, want: Want): WizardState {
  const { rows, at } = formOf(state);
  const row = rows[at];
  if (row?.kind === 'next')
    return goOn(row.failed === undefined ? state : acceptingFailures(state, rows), want);
  if (row?.kind === 'question') {
    if (toType(state, row)) return begin(state);
    if (row.value !== undefined && row.question.trial) want({ type: 'try', id: row.question.id });
  }
  return focused(state, rows, at + 1);
}

function choose(state: WizardState, key: Key, want: Want): WizardState {
  const row = rowAt(state);
  if (row?.kind === 'usual')
    return withForm(state, {
      expanded: new Set([...state.form.expanded, sectionOf(state).id]),
      focus: row.values[0]?.question.id ?? '',
    });
  // On an integration e does nothing: there is nothing to type.
  if (row?.kind === 'group' && key.text === ' ')
    want({ type: 'want', group: row.group, wanted: !row.wanted });
  if (row?.kind === 'question')
    want({ type: 'give', id: row.question.id, given: { kind: 'value', value: nextChoice(row) } });
  return state;
}

function skip(state: WizardState, _: Key, want: Want): WizardState {
  const { rows, at } = formOf(state);
  const question = questionAt(state)?.question;
  if (question === undefined) return state;
  if (question.skippable === undefined) return { ...state, notice: 'This answer is needed.' };
  want({ type: 'give', id: question.id, given: { kind: 'skip' } });
  return focused(state, rows, at + 1);
}

function reveal(state: WizardState): WizardState {
  const id = questionAt(state)?.question.id;
  if (id === undefined) return state;
  if (!state.answered.made.has(id))
    return { ...state, notice: 'Only a secret that was generated can be shown.' };
  return withForm(state, { revealed: state.form.revealed === id ? undefined : id });
}

/** Whether Enter types: an answer that is needed, or that failed when it was tried and is not to be kept as it is. */
function toType({ answered, form }: WizardState, row: QuestionRow): boolean {
  const { kind } = row.question;
  if (kind === 'choice' || kind === 'confirm') return false;
  return row.missing || trialFailureOf(row, answered, form) !== undefined;
}

function nextChoice({ question, value }: QuestionRow): string | boolean {
  if (question.kind === 'confirm') return value !== true;
  const values = (question.choices ?? []).map((each) => each.value);
  const at = typeof value === 'string' ? values.indexOf(value) : -1;
  return values[(at + 1) % values.length] ?? '';
}
