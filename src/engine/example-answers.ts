import { Answers, type AnswerValue } from '../answers/answers.ts';
import type { Question } from '../answers/question.ts';
import { accept, generated, isSecret } from '../answers/values.ts';
import { Secret } from '../output/secret.ts';
import type { Section } from './section.ts';

/** Unlike any word of a help text: the funnel masks it wherever it stands. */
const MADE_UP_SECRET = 'madeUpSecret0123456789';

/** Tried in turn where a question brings no example of its own. */
const MADE_UP = [
  'example',
  'studio.example.org',
  'admin@example.org',
  'https://example.org/',
  '/srv/example',
  '1',
  '0'.repeat(64),
  'https://key@example.org/1',
];

/**
 * An answer to every question, none of them anybody's: for what is listed without a host (departures, docs).
 * Secrets are made-up words, so nothing real can stand in what is made from them.
 */
export function exampleAnswers(sections: readonly Section[]): Answers {
  return withExamples(
    sections.flatMap((section) => section.questions),
    new Answers(),
  );
}

/** @returns the answers, with a made-up one to each of `questions` */
export function withExamples(questions: readonly Question[], answers: Answers): Answers {
  let all = answers;
  for (const question of questions) {
    const value = exampleValue(question, all);
    if (value !== undefined) all = all.with(question.id, value, 'example');
  }
  return all;
}

/** @returns a value that the question accepts, `undefined` when none is found */
export function exampleValue(question: Question, answers: Answers): AnswerValue | undefined {
  if (question.kind === 'choice') return question.choices?.[0]?.value;
  const preset = typeof question.default === 'function' ? question.default(answers) : question.default;
  if (preset !== undefined) return preset;
  if (question.kind === 'confirm') return true;
  if (question.generate) return generated(question);
  if (isSecret(question)) return new Secret(MADE_UP_SECRET);
  const candidates = question.example === undefined ? MADE_UP : [question.example];
  for (const candidate of candidates) {
    const accepted = accept(question, candidate);
    if ('value' in accepted) return accepted.value;
  }
  return undefined;
}
