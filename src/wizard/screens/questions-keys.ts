import type { AnswerValue } from '../../answers/answers.ts';
import { accept, generated, isSecret, textOf } from '../../answers/values.ts';
import { Secret } from '../../output/secret.ts';
import { type Key, type Motion, motionOf, moved } from '../kit/key.ts';
import { isFilePath, typed } from '../state/answer-field.ts';
import { askingSections, failureKey, failureOf, formOf, type Row, sectionOf } from '../state/form.ts';
import type { FormState, Want, WizardState } from '../state/state.ts';

type QuestionRow = Extract<Row, { kind: 'question' }>;

/** What keys do in a form. While a text is typed only the editor's own keys, Enter and Esc have a meaning. */
export function pressQuestions(before: WizardState, key: Key, want: Want): WizardState {
  const again = key.text === 'g' && (key.name === 'char' || key.name === 'ctrl');
  // Only the very next key agrees to replace a secret.
  const state = again ? before : withForm(before, { replacing: undefined });
  const { rows, at } = formOf(state);
  const row = rows[at];
  if (row?.kind === 'question' && state.form.edit?.id === row.question.id)
    return editing(state, key, row, want);

  const motion = motionIn(key);
  if (motion !== undefined) return focused(state, rows, moved(at, motion, rows.length - 1, 8), false);
  if (key.name === 'escape') return back(state);
  if (key.name === 'paste' && row?.kind === 'question')
    return editing(begin(state, row, true), key, row, want);
  switch (row?.kind) {
    case 'next':
      if (key.name !== 'enter') return state;
      return goOn(row.failed === undefined ? state : acceptingFailures(state, rows), want);
    case 'usual':
      if (key.name === 'enter') return focused(state, rows, at + 1);
      if (key.text !== ' ' && key.text !== 'e') return state;
      return withForm(state, {
        expanded: new Set([...state.form.expanded, sectionOf(state).id]),
        focus: row.values[0]?.question.id ?? '',
      });
    case 'group':
      if (key.name === 'enter') return focused(state, rows, at + 1);
      if (key.text === ' ') want({ type: 'want', group: row.group, wanted: !row.wanted });
      return state;
    case 'question':
      return onQuestion(state, key, row, want);
    default:
      return state;
  }
}

/** As in every list, and Tab; but `g` makes a secret here. */
function motionIn(key: Key): Motion | undefined {
  if (key.name === 'tab') return 'down';
  if (key.name === 'backtab') return 'up';
  return key.text === 'g' ? undefined : motionOf(key);
}

function onQuestion(state: WizardState, key: Key, row: QuestionRow, want: Want): WizardState {
  const { rows, at } = formOf(state);
  const { question, value } = row;
  const choice = question.kind === 'choice' || question.kind === 'confirm';
  if (key.name === 'enter') {
    if (toType(state, row)) return begin(state, row);
    if (value !== undefined && question.trial) want({ type: 'try', id: question.id });
    return focused(state, rows, at + 1);
  }
  if (key.name !== 'char') return state;
  if (choice && (key.text === ' ' || key.text === 'e')) {
    want({ type: 'give', id: question.id, given: { kind: 'value', value: nextChoice(row) } });
    return state;
  }
  switch (key.text) {
    case 'e':
    case 'i':
    case ' ':
      return begin(state, row);
    case 'g':
      return make(state, row, want);
    case 'v':
      if (!state.answered.made.has(question.id))
        return { ...state, notice: 'Only a secret that was made here can be shown.' };
      return withForm(state, { revealed: state.form.revealed === question.id ? undefined : question.id });
    case 'x':
      if (question.skippable === undefined) return { ...state, notice: 'This answer is needed.' };
      want({ type: 'give', id: question.id, given: { kind: 'skip' } });
      return focused(state, rows, at + 1);
    default:
      return state;
  }
}

/** Whether Enter types: an answer that is needed, or that failed when it was tried and is not to be kept as it is. */
export function toType({ answered, form }: WizardState, row: QuestionRow): boolean {
  const { kind } = row.question;
  if (kind === 'choice' || kind === 'confirm') return false;
  return row.missing || failureOf(row, answered, form) !== undefined;
}

function nextChoice({ question, value }: QuestionRow): string | boolean {
  if (question.kind === 'confirm') return value !== true;
  const values = (question.choices ?? []).map((each) => each.value);
  const at = typeof value === 'string' ? values.indexOf(value) : -1;
  return values[(at + 1) % values.length] ?? '';
}

function make(state: WizardState, { question, source, value }: QuestionRow, want: Want): WizardState {
  if (question.generate === undefined) return { ...state, notice: 'This answer can’t be made up: type it.' };
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

function editing(state: WizardState, key: Key, row: QuestionRow, want: Want): WizardState {
  const { edit } = state.form;
  const { question } = row;
  if (edit === undefined) return state;
  if (key.name === 'escape') return withForm(state, { edit: undefined });
  if (key.name === 'ctrl' && key.text === 'g') return make(state, row, want);
  if (key.name === 'enter' || key.name === 'tab') return taken(state, row, want);
  if (key.name === 'up' || key.name === 'down' || key.name === 'backtab') {
    // What is half typed is not thrown away by a slip.
    if (edit.before + edit.after !== '' && row.missing) return state;
    const { rows, at } = formOf(state);
    return focused(state, rows, Math.max(0, key.name === 'down' ? at + 1 : at - 1), false);
  }
  const next = typed(edit, key, question);
  return next === undefined ? state : withForm(state, { edit: next });
}

function taken(state: WizardState, row: QuestionRow, want: Want): WizardState {
  const { rows, at } = formOf(state);
  const { edit } = state.form;
  const { question } = row;
  const text = edit === undefined ? '' : edit.before + edit.after;
  const next = (to: WizardState) => focused(withForm(to, { edit: undefined }), rows, at + 1);
  if (text.trim() === '') {
    if (question.generate !== undefined && row.value === undefined) return make(state, row, want);
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

/** @returns why an answer is not taken that a command of its own changes on this host, with that command */
function changedElsewhere(
  state: WizardState,
  { question, value }: QuestionRow,
  typed: AnswerValue,
): string | undefined {
  const command = state.answered.ownedByCommand.get(question.id);
  const now = state.answered.host.get(question.id) ?? value;
  if (command === undefined || now === undefined || textOf(now) === textOf(typed)) return undefined;
  return `This host’s site is ${textOf(now)}, and here it stays so (Esc). To change it on the live site: ${command.replace('NAME', textOf(typed))}, or m in the overview.`;
}

function begin(state: WizardState, { question, value }: QuestionRow, empty = false): WizardState {
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
  return typing && row.question.kind !== 'confirm' ? begin(moved, row) : moved;
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
    const said = failureOf(row, state.answered, state.form);
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
    const said = failureOf(row, state.answered, state.form);
    return said === undefined ? [] : [failureKey(row.key, said)];
  });
  return withForm(state, { accepted: new Set([...state.form.accepted, ...now]) });
}

/** @returns the form of a section, with the first row that needs the operator focused */
export function openForm(state: WizardState, section: number, trail: readonly number[]): WizardState {
  const opened: WizardState = {
    ...state,
    screen: 'questions',
    form: { ...state.form, section, trail, focus: '', edit: undefined },
  };
  const { rows, at } = formOf(opened);
  return focused(opened, rows, at);
}

function back(state: WizardState): WizardState {
  const { trail } = state.form;
  const before = trail.at(-1);
  if (before === undefined) return { ...state, screen: 'overview' };
  return openForm(state, before, trail.slice(0, -1));
}

function withForm(state: WizardState, change: Partial<FormState>): WizardState {
  return { ...state, form: { ...state.form, ...change } };
}
