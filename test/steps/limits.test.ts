import { expect, it } from 'vitest';
import { accept } from '../../src/answers/values.ts';
import { sections } from '../../steps/index.ts';

const questions = new Map(
  sections.flatMap((section) => section.questions).map((question) => [question.id, question]),
);

it.each([
  ['admin.username', 'x'.repeat(151), '151 characters; at most 150 are allowed.'],
  ['admin.username', 'two words', 'Only letters, digits and @ . + - _ are allowed.'],
  ['admin.password', 'eleven-char', '11 characters; at least 12 are needed.'],
  ['meilisearch.sha256', 'a'.repeat(65), '65 characters; must be 64 hexadecimal digits.'],
  [
    'meilisearch.master-key',
    'fifteen-letters',
    '15 characters; at least 16 are needed: the search API is public under /s/.',
  ],
])('%s: a limit is said with what was given', (id, text, refused) => {
  const question = questions.get(id);
  if (question === undefined) throw new TypeError(`There is no question ${id}.`);
  expect(accept(question, text)).toEqual({ refused });
});
