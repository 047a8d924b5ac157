import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/answers/nearest.ts';
import type { Question } from '../../src/answers/question.ts';
import { Secret } from '../../src/answers/secret.ts';
import { accept } from '../../src/answers/values.ts';
import { question } from './questions.ts';

const short = (value: string) => (value.length > 5 ? 'At most five letters.' : undefined);
const lower = (value: string) => value.toLowerCase();
const choice = question('x', {
  kind: 'choice',
  choices: [
    { value: 'a', label: 'A' },
    { value: 'b', label: 'B' },
  ],
});

describe('accept', () => {
  it.each<[string, Question, string, unknown]>([
    [
      'a text is trimmed, checked and normalised',
      question('x', { validate: short, normalise: lower }),
      ' ABC ',
      'abc',
    ],
    ['yes', question('x', { kind: 'confirm' }), 'Yes', true],
    ['a boolean of YAML', question('x', { kind: 'confirm' }), 'false', false],
    ['a choice', choice, 'b', 'b'],
    [
      'a list by spaces and commas',
      question('x', { kind: 'list', normalise: lower }),
      'A, b  C',
      ['a', 'b', 'c'],
    ],
    ['an empty list where that is allowed', question('x', { kind: 'list', default: [] }), '', []],
  ])('%s', (_, asked, text, expected) => {
    expect(accept(asked, text)).toEqual({ value: expected });
  });

  it.each<[string, Question, string, RegExp]>([
    ['an empty text', question('x'), '  ', /needed/],
    ['a text that is refused', question('x', { validate: short }), 'abcdef', /five letters/],
    ['neither yes nor no', question('x', { kind: 'confirm' }), 'perhaps', /yes or no/],
    ['no choice', choice, 'c', /a, b/],
    ['one word of a list', question('x', { kind: 'list', validate: short }), 'a abcdef', /^abcdef: /],
    ['an empty list', question('x', { kind: 'list' }), ' , ', /At least one/],
  ])('%s is refused', (_, asked, text, why) => {
    expect(accept(asked, text)).toEqual({ refused: expect.stringMatching(why) });
  });

  it('a secret comes out as one, without the newline of its file', () => {
    const accepted = accept(question('x', { kind: 'secret' }), 'quite-secret\n');
    expect('value' in accepted && accepted.value).toBeInstanceOf(Secret);
    expect('value' in accepted && (accepted.value as Secret).reveal()).toBe('quite-secret');
  });

  it('a key keeps the newlines inside', () => {
    const accepted = accept(question('x', { kind: 'multiline-secret' }), 'line one\nline two\n');
    expect('value' in accepted && (accepted.value as Secret).reveal()).toBe('line one\nline two');
  });
});

describe('nearest', () => {
  it.each([
    ['databse.password', 'database.password'],
    ['domian', 'domain'],
    ['database.pasword', 'database.password'],
    ['something-else-entirely', undefined],
  ])('%s → %s', (typed, meant) => {
    expect(nearest(typed, ['domain', 'database.password', 'database.name'])).toBe(meant);
  });
});
