import { textOf } from '../../../answers/values.ts';
import { clean } from '../../../output/clean.ts';
import { failedTrials, leftOut, questionsHelp, revealedText, SOURCES } from '../../screens/questions.ts';
import { shownText } from '../../state/answer-field.ts';
import { formOf, type Row, sectionOf } from '../../state/form.ts';
import type { WizardState } from '../../state/state.ts';
import { blockItems } from './blocks.ts';
import type { ItemState, ScreenReaderItem } from './item.ts';

type QuestionRow = Extract<Row, { kind: 'question' }>;

/** The form of a section: its rows, and what the focused one wants. */
export function formItems(state: WizardState): readonly ScreenReaderItem[] {
  const section = sectionOf(state);
  const { rows, at } = formOf(state);
  const row = rows[at];
  const typed =
    state.form.edit === undefined ? state : { ...state, form: { ...state.form, edit: undefined } };
  return [
    { text: section.summary },
    {
      role: 'list',
      text: section.title,
      items: rows.map((each, index) => rowItems(typed, each, index === at)),
    },
    ...(row === undefined ? [] : choicesOf(row)),
    // Not what would be refused while it is typed: it would break into each character.
    ...blockItems(questionsHelp(typed, row)),
  ];
}

/** What is typed, last of all; and why Enter refused it. A secret is not said, not even its length. */
export function typingItems(state: WizardState): readonly ScreenReaderItem[] {
  const { edit } = state.form;
  const row = formOf(state).rows.find((each) => each.kind === 'question' && each.question.id === edit?.id);
  if (edit === undefined || row?.kind !== 'question') return [];
  const { question } = row;
  const { before, after } = shownText(edit, question);
  const secret = question.kind === 'secret' || question.kind === 'multiline-secret';
  return [
    ...(edit.refused === undefined ? [] : [{ text: `Refused: ${clean(edit.refused)}` }]),
    {
      role: 'textbox',
      text: `${question.label}, ${secret ? 'hidden while you type: ' : `your answer: ${before}${after}`}`,
      states: statesOf(row, false),
    },
  ];
}

function rowItems(state: WizardState, row: Row, focused: boolean): ScreenReaderItem {
  const selected: readonly ItemState[] = focused ? ['selected'] : [];
  switch (row.kind) {
    case 'next': {
      if (row.failed !== undefined)
        return { role: 'button', text: `Continue anyway, ${failedTrials(row.failed)}`, states: selected };
      const left = formOf(state).rows.filter((each) => each.kind === 'question' && each.missing).length;
      const note = left === 0 ? '' : `, ${left === 1 ? 'one answer is' : `${left} answers are`} missing`;
      return { role: 'button', text: `Continue${note}`, states: selected };
    }
    case 'group': {
      const how = row.wanted ? (row.open === 0 ? 'is set up' : leftOut(row.open)) : 'skipped';
      return {
        role: 'checkbox',
        text: `${row.group}, ${how}`,
        states: [...selected, ...(row.wanted ? ['checked' as const] : [])],
      };
    }
    case 'usual': {
      const values = row.values
        .map(({ question, value }) => `${question.label} ${value === undefined ? '' : clean(textOf(value))}`)
        .join('; ');
      return { role: 'button', text: `Usual values: ${values}`, states: selected };
    }
    case 'question': {
      const role =
        row.question.kind === 'confirm' ? 'checkbox' : row.question.choices ? 'combobox' : 'textbox';
      return { role, text: `${row.question.label}, ${answerOf(state, row)}`, states: statesOf(row, focused) };
    }
  }
}

function statesOf({ question, value, missing }: QuestionRow, focused: boolean): readonly ItemState[] {
  const states: ItemState[] = focused ? ['selected'] : [];
  if (missing) states.push('required');
  if (question.kind === 'multiline-secret') states.push('multiline');
  if (question.kind === 'confirm' && value === true) states.push('checked');
  return states;
}

function answerOf(state: WizardState, row: QuestionRow): string {
  const { question, value, missing } = row;
  const source = row.source === undefined ? '' : (SOURCES[row.source] ?? '');
  if (value === undefined) return missing ? 'needs your answer' : source || 'nothing yet';
  const revealed = state.form.revealed === question.id ? revealedText(state, row) : undefined;
  if (revealed !== undefined) return revealed;
  const text = clean(textOf(value)).replace(/•+/g, 'hidden') || 'none';
  const trial = state.answered.trials.get(question.id);
  const tried = trial !== undefined && trial !== 'trying' && !trial.ok ? ', its trial failed' : '';
  return `${text}${source === '' ? '' : `, ${source}`}${tried}`;
}

function choicesOf(row: Row): readonly ScreenReaderItem[] {
  if (row.kind !== 'question' || row.question.choices === undefined) return [];
  const items = row.question.choices.map(
    ({ label, value }): ScreenReaderItem => ({
      role: 'radio',
      text: label,
      states: value === row.value ? ['checked'] : [],
    }),
  );
  return [{ role: 'radiogroup', text: 'Choices, Space takes the next', items }];
}
