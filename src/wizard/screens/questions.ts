import type { AnswerValue } from '../../answers/answers.ts';
import { isSecret, textOf } from '../../answers/values.ts';
import { clean } from '../../output/clean.ts';
import { spinner } from '../kit/glyphs.ts';
import { answerRefusal, shownText } from '../state/answer-field.ts';
import { askingSections, formOf, type Row, sectionOf } from '../state/form.ts';
import type { WizardState } from '../state/state.ts';
import { type FormBlock, type FormField, GAP, type Paragraph, type TextBlock, text } from '../view/block.ts';
import { isTyping, keepSecret, QUESTION_KEYS, typeAnswer } from './questions-keys.ts';
import type { Screen } from './screen.ts';

type QuestionRow = Extract<Row, { kind: 'question' }>;

const SOURCES: Readonly<Record<string, string>> = {
  file: 'from the answers file',
  asked: 'yours',
  made: 'generated',
  host: 'already set on the host',
  saved: 'from the last time',
  default: 'default',
  generated: 'is made',
  skipped: 'skipped',
};

export const questionsScreen: Screen = {
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
            { text: row.question.label, tone: 'strong' },
            ...(row.value === undefined
              ? []
              : [{ text: clean(textOf(row.value)) || 'none', tone: 'accent' as const }]),
          ]
        : [];
    return [
      { kind: 'text', paragraphs: own },
      questionsHelp(state, row),
      GAP,
      text(`${section.title}: ${section.summary}`, { tone: 'dim' }),
    ];
  },

  bindings: QUESTION_KEYS,

  typing: isTyping,

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
    case 'usual':
      return `Usual values ${row.values.map(({ question }) => question.label).join(' ')}`;
    case 'question':
      return `${row.question.label} ${row.value === undefined ? '' : textOf(row.value)}`;
  }
}

function formBlock(state: WizardState): FormBlock {
  const { title, summary } = sectionOf(state);
  const { rows, at } = formOf(state);
  const rest = state.form.edit === undefined ? '  ? shows all' : '  Esc, then ? shows all';
  return {
    kind: 'form',
    name: title,
    about: summary,
    fields: rows.map((row) => fieldOf(state, row, rows)),
    focused: at,
    help: { ...questionsHelp(state, rows[at]), rest },
  };
}

const DONE = { sign: '✓', tone: 'good' } as const;
const MISSING = { sign: '○', tone: 'warn' } as const;
const NONE = { sign: '○', tone: 'dim' } as const;

function fieldOf(state: WizardState, row: Row, rows: readonly Row[]): FormField {
  switch (row.kind) {
    case 'next':
      return nextField(row, rows);
    case 'group':
      return groupField(row);
    case 'usual':
      return usualField(row);
    case 'question':
      return questionField(state, row);
  }
}

function nextField({ failed }: Extract<Row, { kind: 'next' }>, rows: readonly Row[]): FormField {
  const button = { role: 'button', tone: 'warn', states: [] } as const;
  if (failed !== undefined) {
    const value = failed === 1 ? 'the trial of one answer failed' : `the trials of ${failed} answers failed`;
    return { ...button, label: 'Continue anyway', value, told: `Continue anyway, ${value}` };
  }
  const left = rows.filter((each) => each.kind === 'question' && each.missing).length;
  const value = left === 0 ? '' : `${left === 1 ? 'one answer is' : `${left} answers are`} missing`;
  const told = value === '' ? 'Continue' : `Continue, ${value}`;
  return { ...button, label: 'Continue', strong: true, value, told };
}

function groupField({ group, wanted, open, consequence }: Extract<Row, { kind: 'group' }>): FormField {
  const field = { role: 'checkbox', label: group, strong: true } as const;
  if (!wanted)
    return {
      ...field,
      mark: NONE,
      value: `skipped: ${consequence}`,
      tone: 'dim',
      told: `${group}, skipped`,
      states: [],
    };
  const value = open === 0 ? '' : leftOut(open);
  return {
    ...field,
    mark: open === 0 ? DONE : MISSING,
    value,
    tone: 'warn',
    told: `${group}, ${value || 'is set up'}`,
    states: ['checked'],
  };
}

function usualField({ values }: Extract<Row, { kind: 'usual' }>): FormField {
  const said = (value: AnswerValue | undefined) => (value === undefined ? '' : clean(textOf(value)));
  return {
    role: 'button',
    label: 'Usual values',
    mark: DONE,
    value: values.map(({ value }) => said(value)).join(', '),
    tone: 'dim',
    told: `Usual values: ${values.map(({ question, value }) => `${question.label} ${said(value)}`).join('; ')}`,
    states: [],
  };
}

function questionField(state: WizardState, row: QuestionRow): FormField {
  const { question, missing } = row;
  const { edit } = state.form;
  const typing = edit?.id === question.id ? edit : undefined;
  const answer = answerOf(state, row);
  return {
    role: question.kind === 'confirm' ? 'checkbox' : question.choices ? 'combobox' : 'textbox',
    label: question.label,
    mark: markOf(state, row),
    ...answer,
    told: toldOf(state, row, answer),
    states: [
      ...(missing ? ['required' as const] : []),
      ...(question.kind === 'multiline-secret' ? ['multiline' as const] : []),
      ...(question.kind === 'confirm' && row.value === true ? ['checked' as const] : []),
    ],
    ...(question.choices === undefined
      ? {}
      : { choices: question.choices.map(({ label, value }) => ({ label, chosen: value === row.value })) }),
    ...(typing === undefined ? {} : { typed: shownText(typing, question), refused: typing.refused }),
    secret: isSecret(question),
  };
}

function leftOut(count: number): string {
  return count === 1 ? 'one answer is skipped' : `${count} answers are skipped`;
}

function markOf(state: WizardState, row: QuestionRow): NonNullable<FormField['mark']> {
  const trial = state.answered.trials.get(row.question.id);
  if (trial === 'trying') return { sign: spinner(state.now), tone: 'accent' };
  if (row.missing) return MISSING;
  if (trial && !trial.ok) return { sign: '✗', tone: 'bad' };
  return row.value === undefined ? NONE : DONE;
}

type Answer = Pick<FormField, 'value' | 'tone' | 'source'>;

function answerOf(state: WizardState, row: QuestionRow): Answer {
  const source = row.source === undefined ? '' : (SOURCES[row.source] ?? '');
  if (row.value === undefined)
    return row.missing
      ? { value: 'needs your answer', tone: 'warn' }
      : { value: source || 'nothing yet', tone: 'dim' };
  const revealed = state.form.revealed === row.question.id ? revealedText(state, row) : undefined;
  if (revealed !== undefined) return { value: revealed, tone: 'warn' };
  return { value: clean(textOf(row.value)) || 'none', tone: 'plain', source };
}

function toldOf(state: WizardState, { question }: QuestionRow, { value, source = '' }: Answer): string {
  const trial = state.answered.trials.get(question.id);
  const failed = source !== '' && trial !== undefined && trial !== 'trying' && !trial.ok;
  return [question.label, value.replace(/•+/g, 'hidden'), source, failed ? 'its trial failed' : '']
    .filter((each) => each !== '')
    .join(', ');
}

/** Only what was made here can be shown: it must be copied to where it is needed, a webhook's other end. */
function revealedText(state: WizardState, row: QuestionRow): string | undefined {
  if (!state.answered.made.has(row.question.id)) return undefined;
  const given = state.answered.given.get(row.question.id);
  const value = given?.kind === 'value' ? given.value : undefined;
  return typeof value === 'object' && 'reveal' in value ? value.reveal() : undefined;
}

/** What the focused row is about, and what is wrong with it. */
function questionsHelp(state: WizardState, row: Row | undefined): TextBlock {
  return { kind: 'text', paragraphs: row === undefined ? [] : helpWith(state, row) };
}

function helpWith(state: WizardState, row: Row): readonly Paragraph[] {
  switch (row.kind) {
    case 'next':
      return [
        ...formOf(state).rows.flatMap((each): readonly Paragraph[] =>
          each.kind === 'group' && each.wanted && each.open > 0
            ? [
                {
                  text: `${each.group}: ${leftOut(each.open)}, and without it: ${each.consequence}`,
                  tone: 'warn',
                },
              ]
            : [],
        ),
        { text: 'Answers are saved as they are given; secrets are not.', tone: 'dim' },
      ];
    case 'group':
      return [
        {
          text: `${row.group}: ${row.wanted ? 'is set up. Space leaves it out.' : 'is skipped for now. Space sets it up.'}`,
        },
        { text: `Without it: ${row.consequence}`, tone: 'dim' },
      ];
    case 'usual':
      return [
        { text: 'These are right on almost every host. Enter takes them, Space shows them one by one.' },
        ...row.values.map(
          ({ question, value }): Paragraph => ({
            text: `${question.label}: ${value === undefined ? '' : clean(textOf(value))}`,
            tone: 'dim',
            hanging: 2,
          }),
        ),
      ];
    case 'question':
      return questionHelp(state, row);
  }
}

function questionHelp(state: WizardState, row: QuestionRow): readonly Paragraph[] {
  const { question } = row;
  const { edit } = state.form;
  const refused = edit?.id === question.id ? answerRefusal(edit, question) : undefined;
  const trial = edit === undefined ? state.answered.trials.get(question.id) : undefined;
  const command = state.answered.ownedByCommand.get(question.id);
  const dim = [
    // Said before anything is typed: an answer that would be refused is not worth the typing.
    command && `The site is live: another one is set by ${command}, or m in the overview.`,
    question.choices?.map(({ label }) => label).join(' · '),
    question.skippable && `Without it: ${question.skippable}`,
    question.kind === 'multiline-secret' ? 'Paste it, or type the path of its file.' : undefined,
    question.example === undefined ? undefined : `For example: ${question.example}`,
  ];
  return [
    ...(refused === undefined
      ? []
      : [{ text: clean(refused), mark: 'failed', tone: 'bad', whileTyped: true } as const]),
    ...(trial === undefined ? [] : [trialText(state, trial)]),
    { text: question.help },
    ...dim.flatMap((each): readonly Paragraph[] => (each ? [{ text: each, tone: 'dim' }] : [])),
  ];
}

function trialText(
  state: WizardState,
  trial: 'trying' | { readonly ok: boolean; readonly message: string },
): Paragraph {
  if (trial === 'trying') return { text: `${spinner(state.now)} Being tried …`, tone: 'accent' };
  const text = clean(trial.message);
  return trial.ok ? { text, mark: 'done', tone: 'good' } : { text, mark: 'failed', tone: 'bad' };
}
