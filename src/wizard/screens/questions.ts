import { textOf } from '../../answers/values.ts';
import { clean } from '../../front/clean.ts';
import { refusalOf, shownText } from '../edit.ts';
import { askingSections, formOf, type Row, sectionOf } from '../form.ts';
import { spinner } from '../glyphs.ts';
import { cells, cut, cutStart, fit, type Line, line, paragraph, span, windowAround } from '../line.ts';
import type { Screen } from '../screen.ts';
import type { State } from '../state.ts';
import { pressQuestions } from './questions-keys.ts';

type QuestionRow = Extract<Row, { kind: 'question' }>;

const SOURCES: Readonly<Record<string, string>> = {
  file: 'from the answers file',
  asked: 'yours',
  host: 'already set on the host',
  saved: 'from the last time',
  default: 'default',
  generated: 'is made',
  'left out': 'left out',
};

export const questions: Screen = {
  title: (state) => {
    const asking = askingSections(state);
    return `Questions: ${asking.indexOf(state.form.section) + 1} of ${asking.length}`;
  },

  lines(state, size) {
    const section = sectionOf(state);
    const { rows, at } = formOf(state);
    const help = helpOf(state, rows[at], size.columns - 2).slice(0, Math.max(4, Math.floor(size.rows / 2)));
    const label = Math.min(34, Math.floor(size.columns * 0.42));
    const head = [
      line(section.title, 'strong'),
      ...paragraph(section.summary, size.columns, 'dim').slice(0, 2),
      [],
    ];
    const room = size.rows - head.length - help.length - 1;
    const list = rows.map((row, index) => rowLine(state, row, index === at, label, size.columns));
    return [
      ...head,
      ...windowAround(list, at, Math.max(3, room)).items,
      line('─'.repeat(size.columns), 'dim'),
      ...help,
    ].slice(0, size.rows);
  },

  hints(state) {
    const { rows, at } = formOf(state);
    const row = rows[at];
    if (state.form.edit) {
      return [
        { keys: 'Enter', does: 'take' },
        { keys: 'Esc', does: 'stop typing' },
        { keys: 'Ctrl-U', does: 'clear' },
        ...(canGenerate(row) ? [{ keys: 'Ctrl-G', does: 'make one' }] : []),
      ];
    }
    return [
      { keys: 'Enter', does: enterWords(row) },
      ...(row?.kind === 'question' && typedKind(row) ? [{ keys: 'e', does: 'type' }] : []),
      ...spaceWords(row),
      ...(canGenerate(row) ? [{ keys: 'g', does: 'make one' }] : []),
      ...(row?.kind === 'question' && row.question.skippable !== undefined
        ? [{ keys: 'x', does: 'leave out' }]
        : []),
      { keys: 'Esc', does: 'back' },
      { keys: 'v', does: 'show a secret that was made here', rare: true },
      { keys: 'Tab ↑ ↓ j k', does: 'other answers', rare: true },
    ];
  },

  press: pressQuestions,

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
      return 'Continue';
    case 'group':
      return `${row.group} ${row.consequence}`;
    case 'usual':
      return `Usual values ${row.values.map(({ question }) => question.label).join(' ')}`;
    case 'question':
      return `${row.question.label} ${row.value === undefined ? '' : textOf(row.value)}`;
  }
}

function typedKind({ question }: QuestionRow): boolean {
  return question.kind !== 'choice' && question.kind !== 'confirm';
}

function canGenerate(row: Row | undefined): boolean {
  return row?.kind === 'question' && row.question.generate !== undefined && row.source !== 'host';
}

function enterWords(row: Row | undefined): string {
  if (row?.kind === 'next') return 'next';
  if (row?.kind === 'question' && row.missing) return 'type';
  return 'keep, go on';
}

function spaceWords(row: Row | undefined): readonly { keys: string; does: string }[] {
  if (row?.kind === 'group') return [{ keys: 'Space', does: row.wanted ? 'leave out' : 'set up' }];
  if (row?.kind === 'usual') return [{ keys: 'Space', does: 'change them' }];
  if (row?.kind === 'question' && !typedKind(row)) return [{ keys: 'Space', does: 'other choice' }];
  return [];
}

function rowLine(state: State, row: Row, focused: boolean, label: number, columns: number): Line {
  const pointer = span(focused ? '› ' : '  ', 'accent');
  const rest = columns - label - 4;
  switch (row.kind) {
    case 'next': {
      const left = formOf(state).rows.filter((each) => each.kind === 'question' && each.missing).length;
      const note = left === 0 ? '' : `  ${left === 1 ? 'one answer is' : `${left} answers are`} missing`;
      return [pointer, span('Continue', focused ? 'selected' : 'strong'), span(note, 'warn')];
    }
    case 'group':
      return [
        pointer,
        row.wanted ? (row.open === 0 ? span('✓ ', 'good') : span('○ ', 'warn')) : span('○ ', 'dim'),
        span(fit(row.group, label - 2), focused ? 'selected' : 'strong'),
        row.wanted
          ? span(row.open === 0 ? '' : `  ${leftOut(row.open)}`, 'warn')
          : span(cut(`  left out: ${row.consequence}`, rest), 'dim'),
      ];
    case 'usual': {
      const values = row.values
        .map(({ value }) => (value === undefined ? '' : clean(textOf(value))))
        .join(', ');
      return [
        pointer,
        span('✓ ', 'good'),
        span(fit('Usual values', label - 2), focused ? 'selected' : 'plain'),
        span(cut(`  ${values}`, rest), 'dim'),
      ];
    }
    case 'question':
      return [
        pointer,
        ...markOf(state, row),
        span(fit(row.question.label, label - 2), focused ? 'selected' : 'plain'),
        span('  '),
        ...valueLine(state, row, rest - 2),
      ];
  }
}

function leftOut(count: number): string {
  return count === 1 ? 'one answer is left out' : `${count} answers are left out`;
}

function markOf(state: State, row: QuestionRow): Line {
  const trial = state.answered.trials.get(row.question.id);
  if (trial === 'trying') return [span(`${spinner(state.now)} `, 'accent')];
  if (row.missing) return [span('○ ', 'warn')];
  if (trial && !trial.ok) return [span('✗ ', 'bad')];
  return row.value === undefined ? [span('○ ', 'dim')] : [span('✓ ', 'good')];
}

function valueLine(state: State, row: QuestionRow, columns: number): Line {
  const { edit } = state.form;
  if (edit?.id === row.question.id) {
    const { before, after } = shownText(edit, row.question);
    const shown = cutStart(before, columns - 2);
    return [
      span(shown, 'accent'),
      span(cut(after, 1) || ' ', 'selected'),
      span(cut(after.slice(1), Math.max(0, columns - cells(shown) - 1)), 'accent'),
    ];
  }
  const source = row.source === undefined ? '' : (SOURCES[row.source] ?? '');
  if (row.value === undefined)
    return [span(row.missing ? 'needs your answer' : source || 'nothing yet', row.missing ? 'warn' : 'dim')];
  const revealed = state.form.revealed === row.question.id ? revealedText(state, row) : undefined;
  const text = clean(textOf(row.value)) || 'none';
  const room = Math.max(6, columns - source.length - 3);
  if (revealed !== undefined) return [span(cut(revealed, columns), 'warn')];
  return [span(cut(text, room)), span(`  ${source}`, 'dim')];
}

/** Only what was made here can be shown: it must be copied to where it is needed, a webhook's other end. */
function revealedText(state: State, row: QuestionRow): string | undefined {
  const given = state.answered.given.get(row.question.id);
  const value = given?.kind === 'value' ? given.value : undefined;
  return typeof value === 'object' && 'reveal' in value ? value.reveal() : undefined;
}

function helpOf(state: State, row: Row | undefined, columns: number): readonly Line[] {
  switch (row?.kind) {
    case 'next':
      return [
        ...formOf(state).rows.flatMap((each) =>
          each.kind === 'group' && each.wanted && each.open > 0
            ? paragraph(
                `${each.group}: ${leftOut(each.open)}, and without it: ${each.consequence}`,
                columns,
                'warn',
              )
            : [],
        ),
        ...paragraph('Answers are saved as they are given; secrets are not.', columns, 'dim'),
      ];
    case 'group':
      return [
        ...paragraph(
          `${row.group}: ${row.wanted ? 'is set up. Space leaves it out.' : 'is left out for now. Space sets it up.'}`,
          columns,
        ),
        ...paragraph(`Without it: ${row.consequence}`, columns, 'dim'),
      ];
    case 'usual':
      return [
        ...paragraph(
          'These are right on almost every host. Enter takes them, Space shows them one by one.',
          columns,
        ),
        ...row.values.flatMap(({ question, value }) =>
          paragraph(
            `${question.label}: ${value === undefined ? '' : clean(textOf(value))}`,
            columns,
            'dim',
            '  ',
          ),
        ),
      ];
    case 'question':
      return questionHelp(state, row, columns);
    default:
      return [];
  }
}

function questionHelp(state: State, row: QuestionRow, columns: number): readonly Line[] {
  const { question } = row;
  const { edit } = state.form;
  const refused = edit?.id === question.id ? refusalOf(edit, question) : undefined;
  const trial = state.answered.trials.get(question.id);
  const choices = question.choices?.map(({ label }) => label).join(' · ');
  return [
    ...(refused === undefined ? [] : paragraph(`✗ ${clean(refused)}`, columns, 'bad', '  ')),
    ...(trial === undefined || edit !== undefined ? [] : trialLines(state, trial, columns)),
    ...paragraph(question.help, columns),
    ...(choices === undefined ? [] : paragraph(choices, columns, 'dim')),
    ...(question.skippable === undefined
      ? []
      : paragraph(`Without it: ${question.skippable}`, columns, 'dim')),
    ...(question.kind === 'multiline-secret' ? [line('Paste it, or type the path of its file.', 'dim')] : []),
    ...(question.example === undefined ? [] : paragraph(`For example: ${question.example}`, columns, 'dim')),
  ];
}

function trialLines(
  state: State,
  trial: 'trying' | { readonly ok: boolean; readonly message: string },
  columns: number,
): readonly Line[] {
  if (trial === 'trying') return [line(`${spinner(state.now)} Being tried …`, 'accent')];
  const mark = trial.ok ? '✓' : '✗';
  return paragraph(`${mark} ${clean(trial.message)}`, columns, trial.ok ? 'good' : 'bad', '  ');
}
