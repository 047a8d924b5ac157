import type { Trial } from '../../../answers/question.ts';
import type { RefusedOnHost } from '../../../answers/sources.ts';
import { textOf } from '../../../answers/values.ts';
import { clean } from '../../../output/clean.ts';
import { spinner } from '../../kit/glyphs.ts';
import { answerRefusal } from '../../state/answer-field.ts';
import type { WizardState } from '../../state/state.ts';
import type { Paragraph, TextBlock } from '../../view/block.ts';
import { formOf, isAwaited, type QuestionRow, type Row } from './rows.ts';

export function leftOut(count: number): string {
  return count === 1 ? 'one answer is skipped' : `${count} answers are skipped`;
}

export function areMissing(count: number): string {
  return `${count === 1 ? 'one answer is' : `${count} answers are`} missing`;
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
          each.kind === 'group' && each.wanted && each.open > each.missing
            ? [
                {
                  text: `${each.group}: ${leftOut(each.open - each.missing)}. As a result: ${each.consequence}`,
                  tone: 'warn',
                },
              ]
            : [],
        ),
        { text: 'Answers are saved as you enter them; secrets are not.', tone: 'dim' },
      ];
    case 'group':
      return [
        {
          text: `${row.group} ${row.wanted ? 'will be set up. Press Space to skip it.' : 'is skipped. Press Space to set it up.'}`,
        },
        { text: `If skipped: ${row.consequence}`, tone: 'dim' },
      ];
    case 'defaults':
      return [
        { text: 'These defaults suit almost every server. Enter accepts them, Space shows them one by one.' },
        ...row.values.map(
          ({ question, value }): Paragraph => ({
            text: `${question.label}: ${value === undefined ? '' : clean(textOf(value))}`,
            tone: 'dim',
            hanging: 2,
          }),
        ),
      ];
    case 'offer':
      return [
        {
          text: 'Enter shows what to copy and hand over. Afterwards the answer is tested again until it works.',
        },
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
    command && `The site is live. To change this: ${command}, or m on the overview.`,
    question.choices?.map(({ label }) => label).join(' · '),
    question.skippable && `If skipped: ${question.skippable}`,
    question.kind === 'multiline-secret' ? 'Paste the text, or type the path of its file.' : undefined,
    state.form.first !== undefined ? 'Type it again, to rule out a typo.' : undefined,
    question.example === undefined ? undefined : `For example: ${question.example}`,
  ];
  return [
    ...(refused === undefined
      ? []
      : [{ text: clean(refused), mark: 'failed', tone: 'bad', whileTyped: true } as const]),
    ...(row.refused === undefined ? [] : [refusedText(row.refused)]),
    ...(trial === undefined ? [] : [trialText(state, trial)]),
    { text: question.help.replace('DOMAIN', state.answered.answers.optionalText('domain') ?? 'DOMAIN') },
    ...dim.flatMap((each): readonly Paragraph[] => (each ? [{ text: each, tone: 'dim' }] : [])),
  ];
}

/** It stays in force until the operator says what is meant: no default takes its place. */
function refusedText({ value, why }: RefusedOnHost): Paragraph {
  const text = clean(`This server has ${JSON.stringify(value)}, which is refused and left as it is: ${why}`);
  return { text, mark: 'warning', tone: 'warn' };
}

function trialText(state: WizardState, trial: Trial | 'trying'): Paragraph {
  if (trial === 'trying') return { text: `${spinner(state.now)} Testing …`, tone: 'accent' };
  // What is to be typed elsewhere stands behind what is wrong; here a row does it.
  const text = clean(trial.offer === undefined ? trial.message : (trial.message.split('\n')[0] ?? ''));
  if (isAwaited(trial))
    return { text: `${spinner(state.now)} ${text} Retrying automatically.`, tone: 'warn' };
  if (trial.doubt) return { text, mark: 'warning', tone: 'warn' };
  return trial.ok ? { text, mark: 'done', tone: 'good' } : { text, mark: 'failed', tone: 'bad' };
}
