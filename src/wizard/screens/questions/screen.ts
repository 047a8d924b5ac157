import { fullLabel } from '../../../answers/question.ts';
import { textOf } from '../../../answers/values.ts';
import { clean } from '../../../output/clean.ts';
import { bodyOf } from '../../kit/window.ts';
import type { WizardState } from '../../state/state.ts';
import { type FormBlock, GAP, type Paragraph, text } from '../../view/block.ts';
import { longFields } from '../../view/form-lines.ts';
import type { Screen } from '../screen.ts';
import { fieldOf } from './fields.ts';
import { questionsHelp } from './help.ts';
import { QUESTION_KEYS } from './keys.ts';
import { askingSections, formOf, type Row, sectionOf } from './rows.ts';
import { initialForm } from './state.ts';
import { isAtText, keepSecret, typeAnswer } from './typing.ts';

export const questionsScreen: Screen<'questions'> = {
  initial: () => ({ form: initialForm() }),

  title: (state) => {
    const asking = askingSections(state);
    return `Questions: ${asking.indexOf(state.form.section) + 1} of ${asking.length}`;
  },

  view: (state) => ({ blocks: [formBlock(state)] }),

  about(state) {
    const section = sectionOf(state);
    const { rows, at } = formOf(state);
    const row = rows[at];
    const own: readonly Paragraph[] =
      row?.kind === 'question'
        ? [
            { text: fullLabel(row.question), tone: 'strong' },
            ...(row.value === undefined
              ? []
              : [{ text: clean(textOf(row.value)) || 'none', tone: 'accent' as const }]),
          ]
        : [];
    const fields = rows.map((each) => fieldOf(state, each, rows));
    const cut = longFields(fields, bodyOf(state.size).columns).filter((field) => field !== fields[at]);
    return [
      { kind: 'text', paragraphs: own },
      questionsHelp(state, row),
      ...(cut.length === 0 ? [] : [GAP]),
      text(
        cut.map(({ label, value }) => `${label}: ${value}`),
        { tone: 'dim', hanging: 2 },
      ),
      GAP,
      text(`${section.title}: ${section.summary}`, { tone: 'dim' }),
    ];
  },

  bindings: QUESTION_KEYS,

  typing: isAtText,

  type: typeAnswer,

  anyKey: keepSecret,

  find: {
    texts: (state) => formOf(state).rows.map(rowText),
    at: (state) => formOf(state).at,
    go: (state, index) => ({
      ...state,
      form: { ...state.form, focus: formOf(state).rows[index]?.key ?? state.form.focus },
    }),
  },
};

/** What `/` searches of a row; never a secret. */
function rowText(row: Row): string {
  switch (row.kind) {
    case 'next':
      return row.failed === undefined ? 'Continue' : 'Continue anyway';
    case 'group':
      return `${row.group} ${row.consequence}`;
    case 'offer':
      return row.label;
    case 'defaults':
      return `Default values ${row.values.map(({ question }) => question.label).join(' ')}`;
    case 'question':
      return `${row.question.label} ${row.value === undefined ? '' : textOf(row.value)}`;
  }
}

function formBlock(state: WizardState): FormBlock {
  const { title, summary } = sectionOf(state);
  const { rows, at } = formOf(state);
  const rest = isAtText(state) ? '  F1 shows all' : '  ? shows all';
  return {
    kind: 'form',
    name: title,
    about: summary,
    fields: rows.map((row) => fieldOf(state, row, rows)),
    focused: at,
    help: { ...questionsHelp(state, rows[at]), rest },
  };
}
