import { describe, expect, it } from 'vitest';
import { type AnswerSource, Answers } from '../../src/answers/answers.ts';
import { accept } from '../../src/answers/values.ts';
import { Secret } from '../../src/output/secret.ts';
import { randomText } from '../../src/text/random.ts';
import { sections } from '../../steps/index.ts';
import { FakeHost } from '../host/fake/fake-host.ts';

function questionOf(id: string) {
  const question = sections.flatMap(({ questions }) => questions).find((each) => each.id === id);
  if (question === undefined) throw new Error(id);
  return question;
}

const PLACEHOLDER = /^A placeholder such as CHANGE_ME is no answer/;
const key = randomText(50);

describe('an answer that is given by hand', () => {
  it.each([
    ['mailgun.sender-domain', 'https://mg.example.org/x', /^https:.*: Type the host name alone/],
    ['mailgun.sender-domain', 'studio@mg.example.org', /type the part after the @/],
    ['mailgun.sender-domain', 'mg', /at least one dot/],
    ['analytics.tracking-id', '12345', /^12345 is not a Google Analytics tracking ID.*G-ABC1234567/],
    ['analytics.tracking-id', 'AW-123456789', /^AW-123456789 is not a Google Analytics tracking ID/],
    ['analytics.tracking-id', 'UA-12345678', /is not a Google Analytics tracking ID/],
    ['recaptcha.site-key', 'CHANGE_ME', PLACEHOLDER],
    ['aws.secret-access-key', 'CHANGE-ME', PLACEHOLDER],
    ['database.password', 'CHANGE_ME', PLACEHOLDER],
    ['secret-key', 'too-short', /^9 characters; Django wants at least 50 \(check security\.W009\)/],
    ['secret-key', 'abcd'.repeat(20), /^4 different characters; Django wants at least 5/],
    ['secret-key', `django-insecure-${key}`, /^It begins with django-insecure-/],
  ])('%s, %s: is refused with the reason', (id, given, why) => {
    expect(accept(questionOf(id), given)).toEqual({ refused: expect.stringMatching(why) });
  });

  it.each([
    ['mailgun.sender-domain', 'MG.Example.org.', 'mg.example.org'],
    ['analytics.tracking-id', 'G-1A2B3C4D5E', 'G-1A2B3C4D5E'],
    ['analytics.tracking-id', 'g-1a2b3c4d5e', 'G-1A2B3C4D5E'],
    ['analytics.tracking-id', 'GT-NFRX7QP', 'GT-NFRX7QP'],
    ['analytics.tracking-id', 'UA-12345678-1', 'UA-12345678-1'],
  ])('%s, %s: is taken', (id, given, value) => {
    expect(accept(questionOf(id), given)).toEqual({ value });
  });

  it('no reason has a part of a secret, and a generated one is never refused', () => {
    const refused = accept(questionOf('secret-key'), 'hunter2-hunter2');
    expect(JSON.stringify(refused)).not.toContain('hunter');
    const { generate, validate } = questionOf('secret-key');
    for (let each = 0; each < 100; each += 1) expect(validate?.(generate?.() ?? '')).toBeUndefined();
  });
});

describe('a password for a database on this server', () => {
  const tried = (password: string, source: AnswerSource) =>
    questionOf('database.password').trial?.(
      new Answers()
        .with('database.host', 'localhost', 'default')
        .with('database.password', new Secret(password), source),
      new FakeHost(),
    );

  it.each<[string, AnswerSource, { ok: boolean; doubt?: true }, RegExp]>([
    ['short', 'asked', { ok: true, doubt: true }, /^5 characters: easy to guess\. Choose at least 12/],
    ['short', 'file', { ok: true, doubt: true }, /^5 characters/],
    ['p\u00e4ssword-that-is-long', 'asked', { ok: false }, /other than ASCII/],
    ['a long password', 'asked', { ok: true }, /will be created/],
    ['short', 'host', { ok: true }, /will be created/],
  ])('%s, from %s', async (password, source, judged, words) => {
    const trial = await tried(password, source);
    expect(trial).toEqual({ ...judged, message: expect.stringMatching(words) });
    expect(trial?.message).not.toContain(password);
  });
});
