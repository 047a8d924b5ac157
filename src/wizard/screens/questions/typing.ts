import type { AnswerValue } from '../../../answers/answers.ts';
import { accept, generated, isGenerated, isSecret, textOf } from '../../../answers/values.ts';
import { Secret } from '../../../output/secret.ts';
import type { Key } from '../../kit/key.ts';
import { isFilePath, typed } from '../../state/answer-field.ts';
import type { Dispatch } from '../../state/intent.ts';
import type { WizardState } from '../../state/state.ts';
import type { Binding } from '../binding.ts';
import { focused, questionAt, rowAt, standingText, withForm } from './moves.ts';
import { formOf, isTyped, type QuestionRow } from './rows.ts';

export function isTyping(state: WizardState): boolean {
  const row = rowAt(state);
  return row?.kind === 'question' && state.form.edit?.id === row.question.id;
}

/** Whether what is typed goes into an answer: it is being typed, or the next character begins it. */
export function isAtText(state: WizardState): boolean {
  return isTyped(rowAt(state));
}

/** Only the very next key agrees to replace a secret. */
export function keepSecret(state: WizardState, key: Key): WizardState {
  const again = key.name === 'ctrl' && key.text === 'g';
  return again || state.form.replacing === undefined ? state : withForm(state, { replacing: undefined });
}

export function make(state: WizardState, _: Key, dispatch: Dispatch): WizardState {
  const row = questionAt(state);
  if (row === undefined) return state;
  const { question, source, value } = row;
  if (!isGenerated(question)) return { ...state, notice: "This answer can't be generated: type it." };
  // The one on the host is in use: whatever was signed with it would be worth nothing.
  if (source === 'host' || state.answered.host.has(question.id))
    return { ...state, notice: 'This server already has one, which is kept.' };
  // What was typed, read from a file, or made and entered elsewhere already, is not replaced by one slip.
  if (value !== undefined && source !== 'generated' && state.form.replacing !== question.id)
    return {
      ...withForm(state, { replacing: question.id }),
      notice: 'There is already a value. Ctrl-G again replaces it; any other key keeps it.',
    };
  dispatch({
    type: 'give',
    id: question.id,
    given: { kind: 'value', value: generated(question) },
    made: true,
  });
  return {
    ...withForm(state, { edit: undefined, first: undefined, replacing: undefined }),
    notice: 'Generated. Ctrl-R shows it, Enter continues.',
  };
}

/**
 * As in any form, what was typed is taken when another answer is gone to; what is refused keeps the cursor.
 * @param rows to which answer it goes from the one that is typed
 */
export function leave(rows: 1 | -1): Binding['press'] {
  return (state, _, dispatch) => {
    const { rows: all, at } = formOf(state);
    const row = questionAt(state);
    const text = typedText(state);
    const to = (from: WizardState) =>
      focused(withForm(from, { edit: undefined, first: undefined }), all, Math.max(0, at + rows), false);
    // An empty text was not typed, and what the host has was not either.
    return row === undefined || text.trim() === '' || text === standingText(row)
      ? to(state)
      : take(state, row, dispatch, to);
  };
}

export function typeAnswer(state: WizardState, key: Key): WizardState {
  const { edit } = state.form;
  const row = questionAt(state);
  const next = edit && row && typed(edit, key, row.question);
  return next === undefined ? state : withForm(state, { edit: next });
}

export function taken(state: WizardState, key: Key, dispatch: Dispatch): WizardState {
  const { rows, at } = formOf(state);
  const row = questionAt(state);
  if (row === undefined) return state;
  const { question } = row;
  const next = (to: WizardState) =>
    focused(withForm(to, { edit: undefined, first: undefined }), rows, at + 1);
  if (typedText(state).trim() === '' && state.form.first === undefined) {
    if (wouldMake(state, row)) return make(state, key, dispatch);
    if (row.value !== undefined && isSecret(question)) return next(state);
    // Enter alone is no decision to go without what was asked for.
    if (question.skippable !== undefined && row.missing)
      return refuse(state, 'An answer is required. Ctrl-X skips it.');
    if (question.skippable !== undefined) {
      dispatch({ type: 'give', id: question.id, given: { kind: 'skip' } });
      return next(state);
    }
  }
  return take(state, row, dispatch, next);
}

/** Gives the answer that is typed, and goes on with `next`; what is refused stays, with the reason. */
function take(
  state: WizardState,
  row: QuestionRow,
  dispatch: Dispatch,
  next: (state: WizardState) => WizardState,
): WizardState {
  const { question } = row;
  const text = typedText(state);
  const { first } = state.form;
  if (first !== undefined && first.reveal() !== text)
    return refuse(repeat(state, undefined), 'The two entries differ: type both again.');
  if (isFilePath(text, question)) {
    dispatch({ type: 'give-file', id: question.id, path: text.trim() });
    return next(state);
  }
  const accepted = accept(question, text);
  const refused = 'refused' in accepted ? accepted.refused : changedElsewhere(state, row, accepted.value);
  if ('refused' in accepted || refused !== undefined) return refuse(state, refused ?? '');
  const { value } = accepted;
  if (value instanceof Secret && first === undefined && isTwice(state, row))
    return repeat(state, new Secret(text));
  dispatch({ type: 'give', id: question.id, given: { kind: 'value', value } });
  return next(state);
}

/** Whether Enter on the empty field generates the answer. */
export function wouldMake(state: WizardState, { question, value }: QuestionRow): boolean {
  const empty = typedText(state).trim() === '' && state.form.first === undefined;
  return empty && value === undefined && isGenerated(question);
}

/** Whether the answer has to be typed twice. */
export function isTwice({ answered }: WizardState, { question }: QuestionRow): boolean {
  return question.repeat?.(answered.answers) ?? false;
}

/** Begins the text again: to be typed once more, or from the first time on. */
function repeat(state: WizardState, first: Secret | undefined): WizardState {
  const id = state.form.edit?.id ?? state.form.focus;
  return withForm(state, { first, edit: { id, before: '', after: '' } });
}

function refuse(state: WizardState, refused: string): WizardState {
  const { id = state.form.focus, before = '', after = '' } = state.form.edit ?? {};
  return withForm(state, { edit: { id, before, after, refused } });
}

function typedText(state: WizardState): string {
  const { edit } = state.form;
  return edit === undefined ? '' : edit.before + edit.after;
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
