import { describe, expect, it } from 'vitest';
import type { AnswerValue } from '../../src/answers/answers.ts';
import type { Question } from '../../src/answers/question.ts';
import { isSecret } from '../../src/answers/values.ts';
import { collect } from '../../src/app/collect.ts';
import { Secret } from '../../src/output/secret.ts';
import { sections } from '../../steps/index.ts';
import { asking } from '../answers/questions.ts';

const questions = sections.flatMap((section) => section.questions);
/** Every question that a host can answer. */
const answerable = questions.filter(({ current }) => current !== undefined);

async function taken(question: Question, value: AnswerValue) {
  const { when: _, ...always } = question;
  return collect([asking(always)], {
    file: new Map(),
    host: new Map([[question.id, value]]),
    saved: new Map(),
  });
}

/** What hosts have, and no form of ours would take. */
const odd: readonly AnswerValue[] = [
  'www-data',
  'Studio Production',
  'not-by-our-rules; rm -rf /',
  '"quoted"',
  '-x',
  '*',
  '_',
  'Ünïcode',
  'http://user:pass@host/x y',
  '65536',
  '0.0',
  'a'.repeat(3000),
  'two\nlines',
  '../../etc/passwd',
];

describe.each(answerable.map((question) => [question.id, question] as const))('%s', (_id, question) => {
  it.each(odd.map((value) => [String(value).slice(0, 40), value] as const))(
    'with %j on the host: it is kept or asked about, and shown; no default, nothing generated',
    async (_shown, value) => {
      const given = isSecret(question) ? new Secret(String(value)) : value;
      const { answers, missing, skipped, refused } = await taken(question, given);
      expect(skipped).toEqual([]);
      if (answers.has(question.id)) {
        expect(answers.sourceOf(question.id)).toBe('host');
        expect(missing).toEqual([]);
        return;
      }
      expect(missing.map(({ id }) => id)).toEqual([question.id]);
      expect(refused).toEqual([{ id: question.id, value: String(value), why: expect.stringMatching(/\S/) }]);
    },
  );
});

describe('what is kept as it is', () => {
  it.each([
    ['database.user', 'www-data'],
    ['database.user', 'Studio.Site'],
    ['database.name', 'studio-production'],
    ['database.host', '/run/postgresql'],
    ['repository.branch', 'release#2'],
    ['repository.url', 'https://deploy:sample-token-1@git.example.org/site.git'],
    ['blender-id.url', 'https://id.example.org'],
    ['coconut.hostname', 'studio.example.org'],
    ['geoip.database', 'data/GeoLite2-Country.mmdb'],
  ])('%s: %s', async (id, value) => {
    const question = questions.find((each) => each.id === id);
    if (question === undefined) throw new Error(id);
    const { answers } = await taken(question, value);
    expect([answers.get(id), answers.sourceOf(id)]).toEqual([value, 'host']);
  });

  it.each([
    ['database.user', `site" SUPERUSER --`],
    ['database.name', '$(touch /tmp/x)'],
    ['domain', 'a.example.org; include /tmp/x'],
    ['braintree.environment', 'Development'],
  ])('%s: %s is asked about, for it would go into commands or is not understood', async (id, value) => {
    const question = questions.find((each) => each.id === id);
    if (question === undefined) throw new Error(id);
    const { missing, refused } = await taken(question, value);
    expect(missing.map((each) => each.id)).toEqual([id]);
    expect(refused?.[0]?.value).toBe(value);
  });
});
