import type { AnswerValue } from '../../../answers/answers.ts';
import { isSecret, textOf } from '../../../answers/values.ts';
import { clean } from '../../../output/clean.ts';
import { spinner } from '../../kit/glyphs.ts';
import { answerRefusal, shownText } from '../../state/answer-field.ts';
import type { WizardState } from '../../state/state.ts';
import type { FormField } from '../../view/block.ts';
import { areMissing, leftOut } from './help.ts';
import { isAwaited, type QuestionRow, type Row } from './rows.ts';

const SOURCES: Readonly<Record<string, string>> = {
  file: 'from the answers file',
  asked: 'your answer',
  made: 'generated',
  host: 'from this server',
  saved: 'saved earlier',
  default: 'default',
  generated: 'will be generated',
  skipped: 'skipped',
};

const DONE = { sign: '✓', tone: 'good' } as const;
const MISSING = { sign: '○', tone: 'warn' } as const;
const FAILED = { sign: '✗', tone: 'bad' } as const;
const NONE = { sign: '○', tone: 'dim' } as const;

export function fieldOf(state: WizardState, row: Row, rows: readonly Row[]): FormField {
  switch (row.kind) {
    case 'next':
      return nextField(row, rows);
    case 'group':
      return groupField(row);
    case 'defaults':
      return defaultsField(row);
    case 'offer':
      return { role: 'button', label: row.label, value: '', tone: 'plain', told: row.label, states: [] };
    case 'question':
      return questionField(state, row);
  }
}

function nextField({ failed }: Extract<Row, { kind: 'next' }>, rows: readonly Row[]): FormField {
  const button = { role: 'button', tone: 'warn', states: [] } as const;
  if (failed !== undefined) {
    const value = failed === 1 ? 'one answer failed its test' : `${failed} answers failed their tests`;
    return { ...button, label: 'Continue anyway', value, told: `Continue anyway, ${value}` };
  }
  const left = rows.filter((each) => each.kind === 'question' && each.missing).length;
  const value = left === 0 ? '' : areMissing(left);
  const told = value === '' ? 'Continue' : `Continue, ${value}`;
  return { ...button, label: 'Continue', strong: true, value, told };
}

function groupField({
  group,
  wanted,
  open,
  missing,
  consequence,
}: Extract<Row, { kind: 'group' }>): FormField {
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
  const value = missing > 0 ? areMissing(missing) : open === 0 ? '' : leftOut(open);
  return {
    ...field,
    mark: open === 0 ? DONE : MISSING,
    value,
    tone: 'warn',
    told: `${group}, ${value || 'is set up'}`,
    states: ['checked'],
  };
}

function defaultsField({ values }: Extract<Row, { kind: 'defaults' }>): FormField {
  const said = (value: AnswerValue | undefined) => (value === undefined ? '' : clean(textOf(value)));
  return {
    role: 'button',
    label: 'Default values',
    mark: DONE,
    value: values.map(({ question, value }) => `${question.label}: ${said(value)}`).join(' · '),
    tone: 'dim',
    told: `Default values: ${values.map(({ question, value }) => `${question.label} ${said(value)}`).join('; ')}`,
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
    label:
      typing !== undefined && state.form.first !== undefined ? `${question.label} again` : question.label,
    below: question.group !== undefined,
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
    ...(typing === undefined
      ? {}
      : { typed: shownText(typing, question, state.form.revealed === question.id), refused: typing.refused }),
    secret: isSecret(question),
  };
}

function markOf(state: WizardState, row: QuestionRow): NonNullable<FormField['mark']> {
  const { edit } = state.form;
  // The mark is about what is typed, not about the answer that it would replace.
  if (edit?.id === row.question.id && answerRefusal(edit, row.question) !== undefined) return FAILED;
  const trial = state.answered.trials.get(row.question.id);
  if (trial === 'trying') return { sign: spinner(state.now), tone: 'accent' };
  if (row.missing) return MISSING;
  if (trial && !trial.ok) return isAwaited(trial) ? { sign: spinner(state.now), tone: 'warn' } : FAILED;
  if (trial?.doubt) return { sign: '!', tone: 'warn' };
  return row.value === undefined ? NONE : DONE;
}

type Answer = Pick<FormField, 'value' | 'tone' | 'source'>;

function answerOf(state: WizardState, row: QuestionRow): Answer {
  const source = row.source === undefined ? '' : (SOURCES[row.source] ?? '');
  if (row.refused !== undefined)
    return { value: clean(row.refused.value) || 'none', tone: 'warn', source: 'on this server, refused' };
  if (row.value === undefined)
    return row.missing
      ? { value: 'needs your answer', tone: 'warn' }
      : { value: source || 'not answered', tone: 'dim' };
  const revealed = state.form.revealed === row.question.id ? revealedText(state, row) : undefined;
  if (revealed !== undefined) return { value: revealed, tone: 'warn' };
  return { value: clean(shownValue(row)) || 'none', tone: 'plain', source };
}

/** A choice is shown as it is offered, not as the answers file has it. */
function shownValue({ question, value = '' }: QuestionRow): string {
  return question.choices?.find((each) => each.value === value)?.label ?? textOf(value);
}

function toldOf(state: WizardState, { question }: QuestionRow, { value, source = '' }: Answer): string {
  const trial = state.answered.trials.get(question.id);
  const failed = source !== '' && trial !== undefined && trial !== 'trying' && !trial.ok;
  return [question.label, value.replace(/•+/g, 'hidden'), source, failed ? 'failed its test' : '']
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
