import { describe, expect, it } from 'vitest';
import { Answers } from '../../src/answers/answers.ts';
import { readAnswersFile } from '../../src/answers/file.ts';
import { settingPath } from '../../src/answers/setting-question.ts';
import type { AnswerInput } from '../../src/answers/sources.ts';
import { collect } from '../../src/app/collect.ts';
import { Secret } from '../../src/output/secret.ts';
import { parseSettings } from '../../src/python/settings-file.ts';
import { withIntegrations } from '../../src/site/integrations.ts';
import { placeholderQuestions } from '../../src/site/placeholder-questions.ts';
import { placeholdersLeft } from '../../src/site/placeholders.ts';
import { asking } from '../answers/questions.ts';

/** Names as later versions of the site have them (target.md 15), and some that nobody has yet. */
const SETTINGS = parseSettings(`
SECRET_KEY = 'CHANGE_ME'
MEILISEARCH_PUBLIC_KEY = 'CHANGE_ME'
BLENDER_ID = {
    'OAUTH_SECRET': 'a-real-secret-of-this-site',
    # From the page of the application
    'ACCESS': b'CHANGE_ME',
}
BLENDER_CLOUD_SECRET_KEY = 'CHANGE_ME'  # of the cloud
NEWSLETTER_LIST = 'CHANGEME@example.org'
SENTRY = {'dsn': 'CHANGE-ME', 'other': 'a-real-secret-of-another'}
RATES = ['CHANGE_ME']
GONE = 'CHANGE_ME'
GONE = ''
MAILGUN_API_KEY = 'CHANGE_ME'
`);

const questions = placeholderQuestions(SETTINGS);
const ids = questions.map(({ id }) => id);

it('each CHANGE_ME that no integration knows is asked, in the order of the file', () => {
  expect(ids).toEqual([
    'setting.BLENDER_ID.ACCESS',
    'setting.BLENDER_CLOUD_SECRET_KEY',
    'setting.NEWSLETTER_LIST',
    'setting.SENTRY.dsn',
  ]);
});

it("its help has what stands around it, and nobody else's secret", () => {
  const helps = questions.map(({ help }) => help);
  expect(helps[0]).toContain('# From the page of the application');
  expect(helps[1]).toContain('# of the cloud');
  expect(helps[1]).toContain('Line 9');
  expect(helps.join()).not.toMatch(/a-real-secret/);
});

it('what may be secret is taken by reference only', () => {
  expect(questions.map(({ kind }) => kind)).toEqual(['text', 'secret', 'text', 'secret']);
});

describe('unattended', () => {
  const collected = (file: readonly [string, AnswerInput][], saved: readonly [string, AnswerInput][] = []) =>
    collect([asking(...questions)], { file: new Map(file), host: new Map(), saved: new Map(saved) });

  it('each is named as missing by its id', async () => {
    const { missing, skipped } = await collected([]);
    expect(missing.map(({ id }) => id)).toEqual(ids);
    expect(skipped).toEqual([]);
  });

  it('`skip` leaves it out, and is remembered', async () => {
    const skip: AnswerInput = { kind: 'skip' };
    expect((await collected(ids.map((id) => [id, skip]))).missing).toEqual([]);
    expect(
      (
        await collected(
          [],
          ids.map((id) => [id, skip]),
        )
      ).skipped.map(({ id }) => id),
    ).toEqual(ids);
  });

  it('an answers file may give them before the site is there', async () => {
    const file = readAnswersFile(
      'setting:\n  BLENDER_ID: {ACCESS: plain}\n  BLENDER_CLOUD_SECRET_KEY: {env: PATH}\nsetting.NEWSLETTER_LIST: skip\n',
      'answers',
      [],
    );
    const { answers, missing } = await collect([], { file, host: new Map(), saved: new Map() });
    expect(answers.get('setting.BLENDER_ID.ACCESS')).toBe('plain');
    expect(answers.get('setting.BLENDER_CLOUD_SECRET_KEY')).toBeInstanceOf(Secret);
    expect(answers.has('setting.NEWSLETTER_LIST')).toBe(false);
    expect(missing).toEqual([]);
  });

  it('a secret in the file itself is refused', () => {
    const read = () => readAnswersFile('setting.API_TOKEN: in-clear\n', 'answers', []);
    expect(read).toThrow(/refused/);
  });
});

describe('what was answered is set where it stands', () => {
  it('and bytes stay bytes; a place that the file lacks, or that is no text, stays away', () => {
    const answers = new Answers()
      .with('setting.BLENDER_ID.ACCESS', 'given', 'file')
      .with('setting.NOT.THERE', 'given', 'file')
      .with('setting.RATES', 'given', 'file');
    const after = withIntegrations(SETTINGS, answers).source;
    expect(after).toBe(SETTINGS.source.replace("b'CHANGE_ME'", "b'given'"));
  });

  it('what was skipped by name is no failure for the doctor; the rest is named by its id', () => {
    const left = placeholdersLeft(SETTINGS, new Answers(), ['setting.SENTRY.dsn']);
    const open = left.filter(({ leftOut }) => leftOut === undefined).flatMap(({ answer }) => answer ?? []);
    expect(open).toEqual(ids.filter((id) => id !== 'setting.SENTRY.dsn'));
  });
});

it.each([
  ['setting.A.b-c', ['A', 'b-c']],
  ['setting.', undefined],
  ['setting.A..b', undefined],
  ['settings.A', undefined],
  ["setting.A['b']", undefined],
])('the place of %s', (id, path) => {
  expect(settingPath(id)).toEqual(path);
});

describe('the mail backend (trap 17)', () => {
  const mail = (backend: string) => `ANYMAIL = {'MAILGUN_API_KEY': 'CHANGE_ME'}\n${backend}`;
  const console = "EMAIL_BACKEND = 'django.core.mail.backends.console.EmailBackend'\n";
  const mailgun = 'anymail.backends.mailgun.EmailBackend';
  it.each<[string, string, 'file' | 'host', boolean]>([
    ["the console's", console, 'file', true],
    ['none', '', 'file', true],
    ['another one', "EMAIL_BACKEND = 'django.core.mail.backends.smtp.EmailBackend'\n", 'file', false],
    ['a computed one', "EMAIL_BACKEND = os.environ['BACKEND']\n", 'file', false],
    ["the console's, on a host that has the keys already", console, 'host', false],
  ])('%s', (_case, backend, source, switched) => {
    const answers = new Answers().with('mailgun.api-key', new Secret('sample-mailgun-key'), source);
    const after = withIntegrations(parseSettings(mail(backend)), answers);
    expect(after.source.includes(mailgun)).toBe(switched);
  });
});
