import type { AnswerValue } from '../../../answers/answers.ts';
import { accept, generated, isSecret, textOf } from '../../../answers/values.ts';
import type { Key } from '../../kit/key.ts';
import { isFilePath, typed } from '../../state/answer-field.ts';
import type { Want } from '../../state/intent.ts';
import type { WizardState } from '../../state/state.ts';
import type { Binding } from '../binding.ts';
import { focused, questionAt, rowAt, withForm } from './moves.ts';
import { formOf, type QuestionRow } from './rows.ts';

export function isTyping(state: WizardState): boolean {
  const row = rowAt(state);
  return row?.kind === 'question' && state.form.edit?.id === row.question.id;
}

/** Only the very next key agrees to replace a secret. */
export function keepSecret(state: WizardState, key: Key): WizardState {
  const again = key.text === 'g' && (key.name === 'char' || key.name === 'ctrl');
  return again || state.form.replacing === undefined ? state : withForm(state, { replacing: undefined });
}

export function make(state: WizardState, _: Key, want: Want): WizardState {
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
export function leave(rows: 1 | -1): Binding['press'] {
  return (state) => {
    const { edit } = state.form;
    const row = questionAt(state);
    const text = edit === undefined ? '' : edit.before + edit.after;
    // What is half typed is not thrown away by a slip; what the host has was not typed.
    if (row?.missing && text !== '' && text !== row.refused?.value) return state;
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

export function taken(state: WizardState, key: Key, want: Want): WizardState {
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
