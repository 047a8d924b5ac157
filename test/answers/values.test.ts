import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/answers/nearest.ts';
import type { Question } from '../../src/answers/question.ts';
import { accept } from '../../src/answers/values.ts';
import { Secret } from '../../src/output/secret.ts';
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
    ['an empty text', question('x'), '  ', /required/],
    ['a text that is refused', question('x', { validate: short }), 'abcdef', /five letters/],
    ['neither yes nor no', question('x', { kind: 'confirm' }), 'perhaps', /yes or no/],
    ['no choice', choice, 'c', /a, b/],
    ['one word of a list', question('x', { kind: 'list', validate: short }), 'a abcdef', /^abcdef: /],
    ['an empty list', question('x', { kind: 'list' }), ' , ', /at least one/],
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

describe('hostile and clumsy answers', () => {
  const any = question('x', {});
  it.each([
    ['an escape sequence', 'a\u001b]0;title\u0007b', /invisible characters/],
    ['a turned reading direction', 'a\u202eb', /invisible characters/],
    ['nothing but a zero-width space inside', 'exam\u200bple.org', /invisible characters/],
    ['10,000 characters', 'x'.repeat(10_000), /^10000 characters; at most 2000/],
    ['a pasted newline', 'a\nb', /2 lines/],
  ])('%s is refused with a reason', (_, text, why) => {
    const accepted = accept(any, text);
    expect('refused' in accepted && accepted.refused).toMatch(why);
  });

  it.each(['пример', '漢字', '😀', 'سلام'])('%s is taken where the question takes it', (text) => {
    expect(accept(any, text)).toEqual({ value: text });
  });

  it('in a list too, and in a key of several lines all but its lines', () => {
    expect(accept(question('x', { kind: 'list' }), 'a b\u202e')).toHaveProperty('refused');
    expect(accept(question('x', { kind: 'multiline-secret' }), 'a\nb')).toHaveProperty('value');
    expect(accept(question('x', { kind: 'multiline-secret' }), 'a\n\u001b[2J')).toHaveProperty('refused');
  });
});

describe('half of a character', () => {
  it('is no answer: files, DNS and the funnel for secrets take whole ones only', () => {
    for (const kind of ['text', 'secret', 'multiline-secret', 'list'] as const) {
      const judged = accept({ id: 'x', label: 'X', help: '', kind }, 'before-\ud800-after');
      expect(judged).toHaveProperty('refused');
    }
  });
});
