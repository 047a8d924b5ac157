import type { AnswerValue } from '../../answers/answers.ts';
import { accept, generated, isSecret, textOf } from '../../answers/values.ts';
import { Secret } from '../../output/secret.ts';
import { type Key, motionOf, moved } from '../kit/key.ts';
import { isFilePath, typed } from '../state/answer-field.ts';
import { askingSections, failureKey, formOf, type Row, sectionOf, trialFailureOf } from '../state/form.ts';
import { goBack, goTo } from '../state/navigation.ts';
import type { FormState, Want, WizardState } from '../state/state.ts';
import type { Binding } from './binding.ts';

type QuestionRow = Extract<Row, { kind: 'question' }>;

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

export function isTyping(state: WizardState): boolean {
  const row = rowAt(state);
  return row?.kind === 'question' && state.form.edit?.id === row.question.id;
}

function isChoosing(state: WizardState): boolean {
  return !isTyping(state);
}

function rowAt(state: WizardState): Row | undefined {
  const { rows, at } = formOf(state);
  return rows[at];
}

function questionAt(state: WizardState): QuestionRow | undefined {
  const row = rowAt(state);
  return row?.kind === 'question' ? row : undefined;
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

/** Only the very next key agrees to replace a secret. */
export function keepSecret(state: WizardState, key: Key): WizardState {
  const again = key.text === 'g' && (key.name === 'char' || key.name === 'ctrl');
  return again || state.form.replacing === undefined ? state : withForm(state, { replacing: undefined });
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

function make(state: WizardState, _: Key, want: Want): WizardState {
  const row = questionAt(state);
  if (row === undefined) return state;
  const { question, source, value } = row;
  if (question.generate === undefined) return { ...state, notice: "This answer can't be made up: type it." };
  // The one on the host is in use: whatever was signed with it would be worth nothing.
  if (source === 'host' || state.answered.host.has(question.id))
    return { ...state, notice: 'The host has one already; it stays.' };
  // What was typed, read from a file, or made and entered elsewhere already, is not replaced by one slip.
  if (value !== undefined && source !== 'generated' && state.form.replacing !== question.id)
    return {
      ...withForm(state, { replacing: question.id }),
      notice: 'There is one already. The same key again replaces it; any other keeps it.',
    };
  want({ type: 'give', id: question.id, given: { kind: 'value', value: generated(question) }, made: true });
  return {
    ...withForm(state, { edit: undefined, replacing: undefined }),
    notice: 'Made. v shows it, Enter goes on.',
  };
}

/** @param rows to which answer it goes from the one that is typed */
function leave(rows: 1 | -1): Binding['press'] {
  return (state) => {
    const { edit } = state.form;
    // What is half typed is not thrown away by a slip.
    if (edit && edit.before + edit.after !== '' && questionAt(state)?.missing) return state;
    const form = formOf(state);
    return focused(state, form.rows, Math.max(0, form.at + rows), false);
  };
}

export function typeAnswer(state: WizardState, key: Key): WizardState {
  const { edit } = state.form;
  const row = questionAt(state);
  const next = edit && row && typed(edit, key, row.question);
  return next === undefined ? state : withForm(state, { edit: next });
}

function taken(state: WizardState, key: Key, want: Want): WizardState {
  const { rows, at } = formOf(state);
  const row = questionAt(state);
  if (row === undefined) return state;
  const { edit } = state.form;
  const { question } = row;
  const text = edit === undefined ? '' : edit.before + edit.after;
  const next = (to: WizardState) => focused(withForm(to, { edit: undefined }), rows, at + 1);
  if (text.trim() === '') {
    if (question.generate !== undefined && row.value === undefined) return make(state, key, want);
    if (row.value !== undefined && isSecret(question)) return next(state);
    if (question.skippable !== undefined) {
      want({ type: 'give', id: question.id, given: { kind: 'skip' } });
      return next(state);
    }
  }
  if (isFilePath(text, question)) {
    want({ type: 'give-file', id: question.id, path: text.trim() });
    return withForm(state, { edit: undefined });
  }
  const accepted = accept(question, text);
  if ('refused' in accepted) {
    return withForm(state, {
      edit: {
        id: question.id,
        before: edit?.before ?? '',
        after: edit?.after ?? '',
        refused: accepted.refused,
      },
    });
  }
  const elsewhere = changedElsewhere(state, row, accepted.value);
  if (elsewhere !== undefined)
    return withForm(state, {
      edit: { id: question.id, before: edit?.before ?? '', after: edit?.after ?? '', refused: elsewhere },
    });
  want({ type: 'give', id: question.id, given: { kind: 'value', value: accepted.value } });
  return next(state);
}

/** @returns why an answer is not taken that a command of its own changes on this server, with that command */
function changedElsewhere(
  state: WizardState,
  { question, value }: QuestionRow,
  typed: AnswerValue,
): string | undefined {
  const command = state.answered.ownedByCommand.get(question.id);
  const now = state.answered.host.get(question.id) ?? value;
  if (command === undefined || now === undefined || textOf(now) === textOf(typed)) return undefined;
  return `This server's site is ${textOf(now)}, and here it stays so (Esc). To change it on the live site: ${command.replace('NAME', textOf(typed))}, or m in the overview.`;
}

function begin(state: WizardState, empty = false): WizardState {
  const row = questionAt(state);
  if (row === undefined) return state;
  const { question, value } = row;
  const text = empty || value === undefined || value instanceof Secret ? '' : textOf(value);
  return withForm(state, {
    focus: question.id,
    edit: { id: question.id, before: text, after: '' },
    revealed: undefined,
  });
}

/** @param type where an answer is needed the typing begins at once; not when the operator only looks around */
function focused(state: WizardState, rows: readonly Row[], at: number, type = true): WizardState {
  const row = rows[Math.min(at, rows.length - 1)];
  const moved = withForm(state, { focus: row?.key ?? 'next', edit: undefined, revealed: undefined });
  const typing = type && row?.kind === 'question' && row.missing && row.question.choices === undefined;
  return typing && row.question.kind !== 'confirm' ? begin(moved) : moved;
}

/** To the next section that asks something, after the last to the review; not past an answer that is missing. */
function goOn(state: WizardState, want: Want): WizardState {
  const { rows } = formOf(state);
  const open = rows.findIndex((row) => row.kind === 'question' && row.missing);
  if (open >= 0)
    return { ...focused(state, rows, open), notice: 'This answer is needed before it can go on.' };
  const held = heldAt(state, rows);
  if (held !== undefined) return held;
  const { form } = state;
  const next = askingSections(state).find((index) => index > form.section);
  if (next === undefined) {
    for (const index of askingSections(state)) {
      const other = { ...state, form: { ...form, section: index } };
      const there = heldAt(other, formOf(other).rows);
      if (there !== undefined) return there;
    }
    want({ type: 'review', names: [] });
    return state;
  }
  return openForm(state, next, [...form.trail, form.section]);
}

/** @returns the form at an answer whose trial failed: it is held there every time, until it is changed or accepted by name */
function heldAt(state: WizardState, rows: readonly Row[]): WizardState | undefined {
  for (const row of rows) {
    const said = trialFailureOf(row, state.answered, state.form);
    if (said === undefined) continue;
    return {
      ...withForm(state, { focus: row.key, edit: undefined, revealed: undefined }),
      notice: 'The trial of this answer failed: e changes it. Or choose “Continue anyway”, the last row.',
    };
  }
  return undefined;
}

function acceptingFailures(state: WizardState, rows: readonly Row[]): WizardState {
  const now = rows.flatMap((row) => {
    const said = trialFailureOf(row, state.answered, state.form);
    return said === undefined ? [] : [failureKey(row.key, said)];
  });
  return withForm(state, { accepted: new Set([...state.form.accepted, ...now]) });
}

/** @returns the form of a section, with the first row that needs the operator focused */
export function openForm(state: WizardState, section: number, trail: readonly number[]): WizardState {
  const opened = goTo(withForm(state, { section, trail, focus: '', edit: undefined }), 'questions');
  const { rows, at } = formOf(opened);
  return focused(opened, rows, at);
}

/** To the form before, from the first one to where it was opened. */
function back(state: WizardState): WizardState {
  const { trail } = state.form;
  const before = trail.at(-1);
  return before === undefined ? goBack(state) : openForm(state, before, trail.slice(0, -1));
}

function withForm(state: WizardState, change: Partial<FormState>): WizardState {
  return { ...state, form: { ...state.form, ...change } };
}
