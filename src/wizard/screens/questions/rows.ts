import type { AnswerSource, AnswerValue } from '../../../answers/answers.ts';
import { applies } from '../../../answers/applies.ts';
import type { Question, Trial } from '../../../answers/question.ts';
import type { RefusedOnHost } from '../../../answers/sources.ts';
import type { Offer } from '../../../engine/offer.ts';
import type { Section } from '../../../engine/section.ts';
import { NoAnswer } from '../../../output/problem.ts';
import type { Answered, WizardState } from '../../state/state.ts';
import type { FormState } from './state.ts';

/** One row of a section's form. */
export type Row =
  | {
      readonly kind: 'question';
      readonly key: string;
      readonly question: Question;
      readonly value: AnswerValue | undefined;
      /** `skipped`: skipped, or nothing needed. */
      readonly source: AnswerSource | 'skipped' | 'made' | undefined;
      readonly missing: boolean;
      /** What the host has and can't be taken. */
      readonly refused: RefusedOnHost | undefined;
    }
  | {
      readonly kind: 'defaults';
      readonly key: string;
      readonly values: readonly { readonly question: Question; readonly value: AnswerValue | undefined }[];
    }
  | {
      readonly kind: 'group';
      readonly key: string;
      readonly group: string;
      readonly wanted: boolean;
      readonly consequence: string;
      /** How many of its answers are not there: with one of them skipped it does not work. */
      readonly open: number;
      /** How many of these are asked for. */
      readonly missing: number;
    }
  | {
      readonly kind: 'offer';
      readonly key: string;
      /** Of the question whose trial failed. */
      readonly id: string;
      readonly label: string;
    }
  | {
      readonly kind: 'next';
      readonly key: string;
      /** Goes on although trials of answers failed: how many. Absent: goes on when all is well. */
      readonly failed?: number;
    };

export type QuestionRow = Extract<Row, { kind: 'question' }>;

/** Whether the answer is a text. */
export function isTyped(row: Row | undefined): row is QuestionRow {
  return row?.kind === 'question' && row.question.kind !== 'choice' && row.question.kind !== 'confirm';
}

/** @returns what the form of a section shows, in its order; the row that goes on is the last */
function rowsOf(section: Section, answered: Answered, form: FormState): readonly Row[] {
  const rows: Row[] = [];
  const defaults: Question[] = [];
  for (const question of section.questions.filter((each) => isPut(each, answered))) {
    const refused = answered.refused.has(question.id);
    const consequence = consequenceOf(question, section);
    if (question.group !== undefined && consequence !== undefined) {
      const { group } = question;
      const wanted = isWanted(group, section, answered);
      if (!rows.some((row) => row.kind === 'group' && row.group === group))
        rows.push({ kind: 'group', key: `group ${group}`, group, wanted, consequence, open: 0, missing: 0 });
      // What holds the run up is shown, whatever it is for.
      if (!wanted && !refused) continue;
    }
    if (isTakenDefault(question, answered) && !form.expanded.has(section.id)) {
      if (defaults.length === 0) rows.push({ kind: 'defaults', key: `defaults ${section.id}`, values: [] });
      defaults.push(question);
      continue;
    }
    rows.push(questionRow(question, answered));
    const offer = offerFor(question.id, section, answered);
    if (offer !== undefined)
      rows.push({ kind: 'offer', key: `offer ${question.id}`, id: question.id, label: offer.label });
  }
  const values = defaults.map((question) => ({ question, value: answered.answers.get(question.id) }));
  const openIn = (group: string) => {
    const open = rows.flatMap((row) =>
      row.kind === 'question' && row.question.group === group && row.value === undefined ? [row] : [],
    );
    return { open: open.length, missing: open.filter(({ missing }) => missing).length };
  };
  const failed = rows.filter((row) => trialFailureOf(row, answered, form) !== undefined).length;
  return [
    ...rows.map((row) => {
      if (row.kind === 'defaults') return { ...row, values };
      return row.kind === 'group' ? { ...row, ...openIn(row.group) } : row;
    }),
    { kind: 'next', key: 'next' },
    ...(failed === 0 ? [] : [{ kind: 'next' as const, key: 'anyway', failed }]),
  ];
}

/** Whether a question stands in the form at all. */
function isPut(question: Question, answered: Answered): boolean {
  const { answers, alreadyOnHost, refused } = answered;
  const put = applies(question, answers) || followsMissing(question, answered);
  if (!put || alreadyOnHost.has(question.id) || isUnused(question, answered)) return false;
  return !question.hidden || refused.has(question.id) || answers.list(question.id).length > 0;
}

/** Whether it is asked once another answer is there that is asked for now. */
function followsMissing({ with: other }: Question, { missing }: Answered): boolean {
  return other !== undefined && missing.has(other);
}

/** Whether it is a generated secret for another end, such as a webhook's, while that integration is not set up. */
function isUnused({ id, elsewhere }: Question, { answers, made }: Answered): boolean {
  if (elsewhere === undefined || !(made.has(id) || answers.sourceOf(id) === 'generated')) return false;
  try {
    return elsewhere(answers) === undefined;
  } catch (error) {
    // It is entered elsewhere, at an address that is not answered yet.
    if (error instanceof NoAnswer) return false;
    throw error;
  }
}

/** @returns what a section offers for the failed trial of an answer */
export function offerFor(
  id: string,
  { offers = [] }: Section,
  { trials }: Pick<Answered, 'trials'>,
): Offer | undefined {
  const trial = trials.get(id);
  return trial === undefined || trial === 'trying'
    ? undefined
    : offers.find((each) => each.id === trial.offer);
}

/** Whether an answer's trial fails for what happens elsewhere, and is done again by itself. */
export function isAwaited(
  trial: Trial | 'trying' | undefined,
): trial is Trial & { readonly againMs: number } {
  return trial !== undefined && trial !== 'trying' && !trial.ok && trial.againMs !== undefined;
}

/** @returns what the failed trial of a row's answer said, unless the operator goes on with it all the same */
export function trialFailureOf(row: Row, { trials }: Answered, { accepted }: FormState): string | undefined {
  if (row.kind !== 'question') return undefined;
  const trial = trials.get(row.key);
  if (trial === undefined || trial === 'trying' || trial.ok) return undefined;
  return accepted.has(failureKey(row.key, trial.message)) ? undefined : trial.message;
}

/** A trial that fails for another reason is another matter. */
export function failureKey(id: string, message: string): string {
  return `${id}\n${message}`;
}

export function sectionOf(state: WizardState): Section {
  const section = state.sections[state.form.section];
  if (section === undefined) throw new TypeError(`There is no section ${state.form.section}`);
  return section;
}

/** @returns the rows of the form that stands on the screen, and which of them is focused */
export function formOf(state: WizardState): { readonly rows: readonly Row[]; readonly at: number } {
  const rows = rowsOf(sectionOf(state), state.answered, state.form);
  const at = rows.findIndex(({ key }) => key === state.form.focus);
  return { rows, at: at < 0 ? firstToAnswer(rows) : at };
}

/** @returns the first row that needs the operator; the row that goes on when none does */
function firstToAnswer(rows: readonly Row[]): number {
  const open = rows.findIndex((row) => row.kind === 'question' && row.missing);
  return open < 0 ? rows.findIndex(({ key }) => key === 'next') : open;
}

/** @returns indexes of the sections that ask something */
export function askingSections(state: WizardState): readonly number[] {
  const { alreadyOnHost } = state.answered;
  return state.sections.flatMap(({ questions }, index) =>
    questions.some(({ id }) => !alreadyOnHost.has(id)) ? [index] : [],
  );
}

/** @returns the ids of a group's questions in all sections */
export function membersOf(sections: readonly Section[], group: string): readonly string[] {
  return sections.flatMap((section) =>
    section.questions.filter((question) => question.group === group).map(({ id }) => id),
  );
}

function questionRow(question: Question, answered: Answered): Row {
  const value = answered.answers.get(question.id);
  const given = answered.made.has(question.id) ? 'made' : 'asked';
  const source =
    answered.given.get(question.id)?.kind === 'value' ? given : answered.answers.sourceOf(question.id);
  return {
    kind: 'question',
    key: question.id,
    question,
    value,
    source: value === undefined && question.skippable !== undefined ? 'skipped' : source,
    missing: answered.missing.has(question.id) || (value === undefined && followsMissing(question, answered)),
    refused: answered.refused.get(question.id),
  };
}

/** A default that nothing else overruled. */
function isTakenDefault(question: Question, answered: Answered): boolean {
  return question.advanced === true && answered.answers.sourceOf(question.id) === 'default';
}

function consequenceOf(question: Question, section: Section): string | undefined {
  return section.questions.find(({ group, skippable }) => group === question.group && skippable !== undefined)
    ?.skippable;
}

function isWanted(group: string, section: Section, answered: Answered): boolean {
  const said = answered.wanted.get(group);
  if (said !== undefined) return said;
  return section.questions.some((question) => question.group === group && answered.answers.has(question.id));
}
