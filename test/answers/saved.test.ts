import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Answers } from '../../src/answers/answers.ts';
import { saveAnswers, savedAnswers } from '../../src/answers/saved.ts';
import { Ledger } from '../../src/host/ledger.ts';
import { Secret } from '../../src/output/secret.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-saved-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('answers and skipped questions come back, secrets are never written', async () => {
  const answers = new Answers()
    .with('domain', 'studio.example.org', 'asked')
    .with('names', ['a', 'b'], 'asked')
    .with('key', new Secret('never-on-the-disk'), 'asked');
  const ledger = new Ledger(folder);
  saveAnswers(ledger, { answers, missing: [], skipped: [{ id: 'sentry', what: 'Sentry', consequence: '' }] });
  expect(Object.fromEntries(savedAnswers(new Ledger(folder)))).toEqual({
    domain: { kind: 'value', value: 'studio.example.org' },
    names: { kind: 'value', value: ['a', 'b'] },
    sentry: { kind: 'skip' },
  });
  expect(await readFile(path.join(folder, 'ledger.json'), 'utf8')).not.toContain('never-on-the-disk');
});

it('a section on its own keeps the answers of the others, and an answer ends a skip', () => {
  const ledger = new Ledger(folder);
  const skipped = [{ id: 'sentry', what: 'Sentry', consequence: '' }];
  saveAnswers(ledger, { answers: new Answers().with('a', '1', 'asked'), missing: [], skipped });
  saveAnswers(ledger, { answers: new Answers().with('sentry', 'on', 'asked'), missing: [], skipped: [] });
  expect(Object.fromEntries(savedAnswers(ledger))).toEqual({
    a: { kind: 'value', value: '1' },
    sentry: { kind: 'value', value: 'on' },
  });
});

it('an address with a login in it, as a clone that was made by hand may have, is not kept', () => {
  const ledger = new Ledger(folder);
  const answers = new Answers()
    .with('url', 'https://someone:word-of-nobody@git.example.org/site.git', 'host')
    .with('token', 'https://word-of-nobody@git.example.org/site.git', 'host')
    .with('ssh', 'ssh://git@git.example.org/site.git', 'host')
    .with('sentry', 'https://planted@sentry.example.org/1', 'host');
  saveAnswers(ledger, { answers, missing: [], skipped: [] });
  expect([...savedAnswers(ledger).keys()]).toEqual(['ssh', 'sentry']);
});
