import { textOf } from '../../answers/values.ts';
import { clean } from '../../output/clean.ts';
import { spinner } from '../kit/glyphs.ts';
import {
  cutLines,
  type Line,
  line,
  paragraph,
  type Size,
  type StyledText,
  span,
  type Tone,
} from '../kit/line.ts';
import { typedLine } from '../kit/typed-line.ts';
import { cells, cut, fit, wrapText } from '../kit/width.ts';
import { listWindow } from '../kit/window.ts';
import { answerRefusal, shownText } from '../state/answer-field.ts';
import { askingSections, formOf, type Row, sectionOf } from '../state/form.ts';
import type { WizardState } from '../state/state.ts';
import { GAP, type Paragraph, type TextBlock, text } from '../view/block.ts';
import { textLines } from '../view/text-lines.ts';
import { isTyping, keepSecret, QUESTION_KEYS, typeAnswer } from './questions-keys.ts';
import type { Screen } from './screen.ts';

type QuestionRow = Extract<Row, { kind: 'question' }>;

export const SOURCES: Readonly<Record<string, string>> = {
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

  lines(state, size) {
    const { rows, at } = formOf(state);
    const help = textLines(questionsHelp(state, rows[at]), size.columns - 2);
    const head = headOf(state, size);
    const body = size.rows - head.length - 1;
    // The help has what a list of one row each leaves, and half of it in any case.
    const forHelp = Math.min(help.length, Math.max(Math.ceil(body / 2), body - rows.length));
    const list = listOf(state, rows, at, { columns: size.columns, rows: body - forHelp });
    const how = state.form.edit === undefined ? '  ? shows all' : '  Esc, then ? shows all';
    return [
      ...head,
      ...list,
      line('─'.repeat(size.columns), 'dim'),
      ...cutLines(help, size.rows - head.length - list.length - 1, size.columns, how),
    ];
  },

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

/** The section, and where there is room what it is for. */
function headOf(state: WizardState, { columns, rows }: Size): readonly Line[] {
  const section = sectionOf(state);
  const title = line(section.title, 'strong');
  if (rows < 14) return [title];
  return [title, ...cutLines(paragraph(section.summary, columns, 'dim'), 2, columns), []];
}

/** Each row in full where there is room for that; else in one line each, but for the focused one. */
function listOf(state: WizardState, rows: readonly Row[], at: number, size: Size): readonly Line[] {
  const whole = rows.map((row, index) => rowLines(state, row, index === at, size.columns, size.rows));
  if (whole.flat().length <= size.rows) return whole.flat();
  // Two rows may be taken by the marks.
  const most = Math.max(1, size.rows - 2);
  const short = rows.map((row, index) =>
    rowLines(state, row, index === at, size.columns, index === at ? most : 1),
  );
  return listWindow(short, at, size.rows);
}

/**
 * @param most lines that it may take: what does not fit them is cut, and says so
 * @returns a row of the form: a mark, what it is, and beside it what was answered
 */
function rowLines(
  state: WizardState,
  row: Row,
  focused: boolean,
  columns: number,
  most: number,
): readonly Line[] {
  const pointer = span(focused ? '› ' : '  ', 'accent');
  const inTwo = (
    mark: StyledText | undefined,
    name: string,
    tone: Tone,
    said: (room: number) => readonly Line[],
  ) => {
    const label = Math.min(34, Math.floor(columns * 0.42)) - (mark === undefined ? 0 : 2);
    const room = columns - label - (mark === undefined ? 4 : 6);
    const names = most === 1 ? [cut(name, label)] : wrapText(name, label);
    const values = cutLines(said(room), most, room);
    return Array.from({ length: Math.max(names.length, values.length) }, (_, index): Line => {
      const named = names[index];
      return [
        index === 0 ? pointer : span('  '),
        ...(mark === undefined ? [] : [index === 0 ? mark : span('  ')]),
        span(fit(named ?? '', label), named === undefined ? 'plain' : focused ? 'selected' : tone),
        span('  '),
        ...(values[index] ?? []),
      ];
    });
  };
  switch (row.kind) {
    case 'next': {
      if (row.failed !== undefined)
        return [
          [
            pointer,
            span('Continue anyway', focused ? 'selected' : 'plain'),
            span(`  ${failedTrials(row.failed)}`, 'warn'),
          ],
        ];
      const left = formOf(state).rows.filter((each) => each.kind === 'question' && each.missing).length;
      const note = left === 0 ? '' : `  ${left === 1 ? 'one answer is' : `${left} answers are`} missing`;
      return [[pointer, span('Continue', focused ? 'selected' : 'strong'), span(note, 'warn')]];
    }
    case 'group': {
      const mark = row.wanted
        ? row.open === 0
          ? span('✓ ', 'good')
          : span('○ ', 'warn')
        : span('○ ', 'dim');
      return inTwo(mark, row.group, 'strong', (room) => {
        if (!row.wanted) return paragraph(`skipped: ${row.consequence}`, room, 'dim');
        return row.open === 0 ? [] : paragraph(leftOut(row.open), room, 'warn');
      });
    }
    case 'usual': {
      const values = row.values
        .map(({ value }) => (value === undefined ? '' : clean(textOf(value))))
        .join(', ');
      return inTwo(span('✓ ', 'good'), 'Usual values', 'plain', (room) => paragraph(values, room, 'dim'));
    }
    case 'question':
      return inTwo(markOf(state, row), row.question.label, 'plain', (room) =>
        valueLines(state, row, room, most),
      );
  }
}

export function failedTrials(count: number): string {
  return count === 1 ? 'the trial of one answer failed' : `the trials of ${count} answers failed`;
}

export function leftOut(count: number): string {
  return count === 1 ? 'one answer is skipped' : `${count} answers are skipped`;
}

function markOf(state: WizardState, row: QuestionRow): StyledText {
  const trial = state.answered.trials.get(row.question.id);
  if (trial === 'trying') return span(`${spinner(state.now)} `, 'accent');
  if (row.missing) return span('○ ', 'warn');
  if (trial && !trial.ok) return span('✗ ', 'bad');
  return row.value === undefined ? span('○ ', 'dim') : span('✓ ', 'good');
}

function valueLines(state: WizardState, row: QuestionRow, columns: number, most: number): readonly Line[] {
  const { edit } = state.form;
  if (edit?.id === row.question.id) return [typedLine(shownText(edit, row.question), columns)];
  const source = row.source === undefined ? '' : (SOURCES[row.source] ?? '');
  if (row.value === undefined)
    return paragraph(
      row.missing ? 'needs your answer' : source || 'nothing yet',
      columns,
      row.missing ? 'warn' : 'dim',
    );
  const revealed = state.form.revealed === row.question.id ? revealedText(state, row) : undefined;
  if (revealed !== undefined) return paragraph(revealed, columns, 'warn');
  const text = clean(textOf(row.value)) || 'none';
  // Where it comes from is never cut off for the sake of a long value.
  const short = cut(text, Math.max(6, columns - cells(source) - 2));
  const values = most === 1 ? [line(short)] : paragraph(text, columns);
  const last = values.at(-1) ?? [];
  const used = last.reduce((sum, { text }) => sum + cells(text), 0);
  return used + 2 + cells(source) <= columns
    ? [...values.slice(0, -1), [...last, span(source === '' ? '' : `  ${source}`, 'dim')]]
    : [...values, ...paragraph(source, columns, 'dim')];
}

/** Only what was made here can be shown: it must be copied to where it is needed, a webhook's other end. */
export function revealedText(state: WizardState, row: QuestionRow): string | undefined {
  if (!state.answered.made.has(row.question.id)) return undefined;
  const given = state.answered.given.get(row.question.id);
  const value = given?.kind === 'value' ? given.value : undefined;
  return typeof value === 'object' && 'reveal' in value ? value.reveal() : undefined;
}

/** What the focused row is about, and what is wrong with it. */
export function questionsHelp(state: WizardState, row: Row | undefined): TextBlock {
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
    ...(refused === undefined ? [] : [{ text: clean(refused), mark: 'failed', tone: 'bad' } as const]),
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
