import { Answers, type AnswerValue } from '../answers/answers.ts';
import type { Question } from '../answers/question.ts';
import { isSecret, textOf } from '../answers/values.ts';
import { exampleValue } from '../engine/example-answers.ts';
import type { Section } from '../engine/section.ts';
import { sentence } from '../output/sentence.ts';
import { wrap } from '../output/wrap.ts';

/** @returns an answers file with every question, its meaning, and what an answer looks like */
export function exampleFile(sections: readonly Section[]): string {
  const lines = [
    ...schemaLines(),
    '# Answers for studio-setup: studio-setup run --answers FILE --yes',
    '# Never write a secret into this file. Write one of:',
    '#   generate              a new one is generated, unless this server has one already',
    '#   { env: NAME }         from an environment variable',
    '#   { file: PATH }        from a file, for example of mode 0600',
    '# Lines that begin with # are optional: without them the answer is skipped, generated, or has the value shown.',
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
    '# (written by: studio-setup answers --schema > studio-setup-answers.schema.json)',
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
