import type { Section } from '../engine/section.ts';
import { wrap } from '../output/wrap.ts';
import { Answers, type AnswerValue } from '../answers/answers.ts';
import type { Question } from '../answers/question.ts';
import { Secret } from '../output/secret.ts';
import { accept, generated, isSecret, textOf } from '../answers/values.ts';

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
function exampleValue(question: Question, answers: Answers): AnswerValue | undefined {
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

/** @returns an answers file with every question, its meaning, and what an answer looks like */
export function exampleFile(sections: readonly Section[]): string {
  const lines = [
    ...schemaLines(),
    '# Answers for studio-setup: studio-setup run --answers FILE --yes',
    '# Secrets never stand in this file. Write one of:',
    '#   generate              the product makes one, unless the host has one already',
    '#   { env: NAME }         from an environment variable',
    '#   { file: PATH }        from a file, for example of mode 0600',
    '# Lines that begin with # may stay out: they are skipped, made, or have the value shown.',
  ];
  let answers = new Answers();
  for (const section of sections) {
    if (section.questions.length === 0) continue;
    lines.push('', `# === ${section.title} ===`);
    let group: string | undefined;
    for (const question of section.questions) {
      if (question.group !== undefined && question.group !== group) {
        const without = section.questions.find((each) => each.group === question.group && each.skippable);
        lines.push(
          '',
          `# --- ${question.group} ---`,
          ...comment(without ? `Without: ${without.skippable}` : ''),
        );
      }
      group = question.group;
      const value = exampleValue(question, answers);
      if (value !== undefined) answers = answers.with(question.id, value, 'default');
      lines.push('', ...entry(question, value));
    }
  }
  return `${lines.join('\n')}\n`;
}

/** For editors that know the YAML language server: they complete, explain and check what is typed. */
export function schemaLines(): readonly string[] {
  return [
    '# yaml-language-server: $schema=./studio-setup-answers.schema.json',
    '# (made by: studio-setup answers --schema > studio-setup-answers.schema.json)',
    '',
  ];
}

function entry(question: Question, value: AnswerValue | undefined): string[] {
  const optional =
    question.skippable !== undefined ||
    question.default !== undefined ||
    question.generate !== undefined ||
    question.group !== undefined ||
    question.when !== undefined;
  const lines = comment(`${sentence(question.label)} ${question.help}`);
  if (question.choices) lines.push(`# One of: ${question.choices.map((each) => each.value).join(', ')}`);
  if (question.skippable !== undefined && question.group === undefined)
    lines.push(...comment(`Without: ${question.skippable}`));
  lines.push(`${optional ? '# ' : ''}${question.id}: ${written(question, value)}`);
  return lines;
}

/** @returns a text as the comment lines of an answers file */
export function comment(text: string): string[] {
  return text === '' ? [] : wrap(text, { first: '# ', rest: '# ' });
}

/** @returns a label as the beginning of a paragraph */
export function sentence(label: string): string {
  return /[.?!]$/.test(label) ? label : `${label}.`;
}

/** @returns an answer as it stands behind its key; a secret only by reference */
export function written(question: Question, value: AnswerValue | undefined): string {
  if (question.generate !== undefined) return 'generate';
  if (question.kind === 'multiline-secret') return '{ file: /root/secrets/FILE }';
  if (isSecret(question)) return `{ env: ${question.id.replaceAll(/\W/g, '_').toUpperCase()} }`;
  if (value === undefined) return '""';
  if (Array.isArray(value)) return JSON.stringify(value);
  if (typeof value === 'boolean') return String(value);
  // JSON's strings are YAML's too, whatever stands in them.
  const text = textOf(value);
  const bare = /^[a-z/][\w@./-]*$/i.test(text) && !/^(true|false|null|skip|generate)$/i.test(text);
  return bare ? text : JSON.stringify(text);
}
