import { describe, expect, it } from 'vitest';
import type { Question } from '../../../src/answers/question.ts';
import { accept } from '../../../src/answers/values.ts';
import { redactor } from '../../../src/output/redaction.ts';
import type { Key } from '../../../src/wizard/kit/key.ts';
import type { TextField } from '../../../src/wizard/kit/text-field.ts';
import { answerRefusal, shownText, typed } from '../../../src/wizard/state/answer-field.ts';

const text: Question = {
  id: 'domain',
  label: 'Domain',
  help: '',
  kind: 'text',
  validate: (value) => (/^[\x21-\x7e]+$/.test(value) ? undefined : 'Letters, digits, dots.'),
};
const pem: Question = { id: 'key', label: 'Key', help: '', kind: 'multiline-secret' };

function after(question: Question, ...keys: readonly Key[]): TextField {
  return keys.reduce<TextField>((edit, key) => typed(edit, key, question) ?? edit, {
    id: question.id,
    before: '',
    after: '',
  });
}

const paste = (pasted: string): Key => ({ name: 'paste', text: pasted });
const char = (character: string): Key => ({ name: 'char', text: character });
const key = (name: 'left' | 'right' | 'backspace' | 'home' | 'end'): Key => ({ name, text: '' });

describe('typing an answer', () => {
  it('inserts at the cursor and deletes whole characters', () => {
    const edit = after(
      text,
      paste('ab👩‍👩‍👧‍👦d'),
      key('left'),
      key('backspace'),
      char('c'),
      key('end'),
      char('e'),
    );
    expect(edit.before).toBe('abcde');
  });

  it('a newline at the end of what is pasted is dropped, one inside is refused', () => {
    expect(after(text, paste('example.org\n')).before).toBe('example.org');
    const refused = after(text, paste('a\nb'));
    expect(refused.before).toBe('');
    expect(answerRefusal(refused, text)).toContain('2 lines were pasted');
  });

  it('a key of several lines keeps its lines, and shows how many', () => {
    const edit = after(pem, paste('-----BEGIN X-----\r\nabc\r\n-----END X-----\r\n'));
    expect(edit.before).toBe('-----BEGIN X-----\nabc\n-----END X-----\n');
    expect(shownText(edit, pem).before).toBe('•••• (4 lines)');
  });

  it('more than 20,000 characters are refused', () => {
    const edit = after(text, paste('x'.repeat(20_001)));
    expect(edit.before).toBe('');
    expect(answerRefusal(edit, text)).toContain('20001 characters; at most 20000 are allowed');
  });

  it('what is refused is said while it is typed', () => {
    expect(answerRefusal(after(text, char('ä')), text)).toBe('Letters, digits, dots.');
    expect(answerRefusal(after(text, char('a')), text)).toBeUndefined();
  });

  it('what could harm the terminal is not shown', () => {
    expect(shownText(after(text, paste('\u001b[2Ja\u202eb')), text).before).toBe('ab');
  });

  it('Ctrl-W, Ctrl-U and Ctrl-K delete as in a shell', () => {
    const ctrl = (letter: string): Key => ({ name: 'ctrl', text: letter });
    expect(after(text, paste('one two'), ctrl('w')).before).toBe('one ');
    expect(after(text, paste('one'), ctrl('u')).before).toBe('');
    expect(after(text, paste('one'), key('home'), ctrl('k'))).toMatchObject({ before: '', after: '' });
  });
});

describe('a secret that is being typed', () => {
  it('masks nothing by its beginnings, only once it is taken', () => {
    const question: Question = { id: 'key', label: 'Key', help: '', kind: 'secret' };
    expect(answerRefusal({ id: 'key', before: 'blender-studio', after: '' }, question)).toBeUndefined();
    expect(redactor.redact('/var/www/blender-studio')).toBe('/var/www/blender-studio');
    accept(question, 'blender-studio-and-more');
    expect(redactor.redact('it is blender-studio-and-more')).toBe('it is ••••');
  });
});
