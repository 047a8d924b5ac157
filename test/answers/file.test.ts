import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAnswersFile } from '../../src/answers/file.ts';
import { AnswersRefused } from '../../src/answers/refused.ts';
import { Secret } from '../../src/output/secret.ts';
import { question } from './questions.ts';

const questions = [
  question('domain', {
    validate: (value) => (value.includes(' ') ? 'A host name has no spaces.' : undefined),
  }),
  question('names', { kind: 'list' }),
  question('database.name'),
  question('database.port'),
  question('database.password', { kind: 'secret', generate: () => 'made' }),
  question('braintree.merchant', { group: 'Braintree', skippable: 'No payments.' }),
  question('braintree.key', { group: 'Braintree', kind: 'secret' }),
  question('sentry', { skippable: 'No reports.' }),
  question('cdn.key', { kind: 'multiline-secret' }),
  question('debug', { kind: 'confirm' }),
];

const read = (source: string) => readAnswersFile(source, 'answers.yaml', questions);
function refusal(source: string): AnswersRefused['problem'] {
  try {
    read(source);
  } catch (error) {
    if (error instanceof AnswersRefused) return error.problem;
    throw error;
  }
  throw new Error('It was accepted.');
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'studio-setup-answers-'));
  process.env.SAMPLE_PASSWORD = 'from-the-environment';
  writeFileSync(path.join(folder, 'key.pem'), 'BEGIN\nnot-a-real-key\nEND\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('an answers file', () => {
  it('nested maps and dotted keys are the same', () => {
    const nested = read('database:\n  name: studio\n  port: 5432\ndomain: a.example\n');
    const dotted = read('database.name: studio\ndatabase.port: 5432\ndomain: a.example\n');
    expect([...nested].sort()).toEqual([...dotted].sort());
    expect(nested.get('database.port')).toEqual({ kind: 'value', value: '5432' });
  });

  it('takes lists, booleans, and words for lists', () => {
    expect(read('names: [a, b]').get('names')).toEqual({ kind: 'value', value: ['a', 'b'] });
    expect(read('names: a b').get('names')).toEqual({ kind: 'value', value: ['a', 'b'] });
    expect(read('debug: no').get('debug')).toEqual({ kind: 'value', value: false });
    expect(read('debug: true').get('debug')).toEqual({ kind: 'value', value: true });
  });

  it('takes secrets by reference', () => {
    const given = read(`database.password: {env: SAMPLE_PASSWORD}\ncdn:\n  key: {file: ${folder}/key.pem}\n`);
    const revealed = (id: string) => {
      const found = given.get(id);
      return found?.kind === 'value' && found.value instanceof Secret ? found.value.reveal() : undefined;
    };
    expect(revealed('database.password')).toBe('from-the-environment');
    expect(revealed('cdn.key')).toBe('BEGIN\nnot-a-real-key\nEND');
    expect(read('database.password: generate').get('database.password')).toEqual({ kind: 'generate' });
  });

  it.each(['sentry: skip', 'sentry:', 'sentry: null'])('%s skips', (source) => {
    expect(read(source).get('sentry')).toEqual({ kind: 'skip' });
  });

  it('a prefix that nothing below may be skipped of is refused', () => {
    expect(refusal('database: skip').detail?.join()).toMatch(/can't be skipped/);
  });

  it('an integration is skipped by its own name', () => {
    expect([...read('braintree: skip').keys()]).toEqual(['braintree.merchant', 'braintree.key']);
  });

  it.each(['', '# nothing\n', '{}'])('%j answers nothing', (source) => {
    expect(read(source).size).toBe(0);
  });
});

describe('is refused', () => {
  it('with all unknown keys at once, and what was meant', () => {
    const { detail } = refusal('domian: x\ndatabase:\n  pasword: generate\nelephant: 1\n');
    expect(detail).toEqual([
      'domian: no such answer. Did you mean domain?',
      'database.pasword: no such answer. Did you mean database.password?',
      'elephant: no such answer.',
    ]);
  });

  it('with a secret written out, which is not shown again', () => {
    const problem = refusal('database.password: hunter2-in-the-file\n');
    expect(problem.detail?.[0]).toMatch(/^database\.password: a secret must not be written in the file/);
    expect(problem.detail?.[0]).toContain('{ env: NAME }');
    expect(JSON.stringify(problem)).not.toContain('hunter2');
  });

  it.each([
    ['domain: two words', /no spaces/],
    ['domain: [a, b]', /a single value/],
    ['domain: skip a', /no spaces/],
    ['domain:', /can't be skipped/],
    ['database.name: {a: b}', /a single value/],
    ['names: {a: b}', /list of words/],
    ['database.password: {env: NOT_SET_ANYWHERE}', /NOT_SET_ANYWHERE is not set/],
    ['cdn.key: {file: /no/such/file}', /can't be read \(ENOENT\)/],
    ['cdn.key: generate', /can't be generated/],
    ['database.password: {env: A, file: B}', /must not be written/],
    ['debug: perhaps', /yes or no/],
  ])('%s', (source, why) => {
    expect(refusal(source).detail?.join('\n')).toMatch(why);
  });

  it('as YAML with file, line, column and excerpt', () => {
    const problem = refusal('domain: a.example\ndatabase:\n  name: "studio\n');
    expect(problem.what).toMatch(/^answers\.yaml, line \d+, column \d+: /);
    expect(problem.detail?.some((line) => line.includes('^'))).toBe(true);
  });

  it('as YAML without showing a secret that somebody wrote there', () => {
    const problem = refusal('database:\n  password: "hunter2-in-the-file\n');
    expect(JSON.stringify(problem)).not.toContain('hunter2');
  });

  it('with a key twice', () => {
    expect(refusal('domain: a\ndomain: b\n').what).toContain('line 2');
  });

  it.each(['- domain', 'domain'])('when it is not a map: %s', (source) => {
    expect(refusal(source).what).toContain('not a map');
  });
});
