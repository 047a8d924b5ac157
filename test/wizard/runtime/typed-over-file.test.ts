import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Question } from '../../../src/answers/question.ts';
import { Secret } from '../../../src/output/secret.ts';
import type { Store } from '../../../src/wizard/shell/store.ts';
import { begun } from './begun.ts';

let folder: string;
let file: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-typed-over-'));
  file = path.join(folder, 'answers.yaml');
  await says('studio.example.org');
});
afterEach(async () => {
  store.end();
  await rm(folder, { recursive: true, force: true });
});

async function says(domain: string): Promise<void> {
  const key = path.join(folder, 'key');
  await writeFile(key, 'of the file\n', { mode: 0o600 });
  await writeFile(file, `domain: ${domain}\nkey: {file: ${key}}\n`, { mode: 0o600 });
}

const question = { help: 'It.', kind: 'text' } as const;
const questions: readonly Question[] = [
  { ...question, id: 'domain', label: 'Domain' },
  { ...question, id: 'key', label: 'Key', kind: 'secret' },
];
const section = { id: 'site', title: 'Site', heading: 'Site', summary: 'It.', needs: [] };

async function start(): Promise<void> {
  ({ store } = await begun(folder, [{ ...section, questions, operations: () => [] }], async () => [], file));
}

/** Types an answer, and starts once more. */
async function typedAndAgain(domain: string): Promise<void> {
  await start();
  store.dispatch({ type: 'give', id: 'domain', given: { kind: 'value', value: domain } });
  await expect.poll(() => store.get().answered.answers.text('domain')).toBe(domain);
  store.end();
}

const domain = () => store.get().answered.answers.text('domain');

it('what was typed in place of the answers file is there at the next start', async () => {
  await typedAndAgain('films.example.org');
  await start();
  expect(domain()).toBe('films.example.org');
});

it('an answers file that was changed since is asked again', async () => {
  await typedAndAgain('films.example.org');
  await says('other.example.org');
  await start();
  expect(domain()).toBe('other.example.org');
});

it('a secret is not kept, so the one of the file is taken again', async () => {
  await start();
  store.dispatch({ type: 'give', id: 'key', given: { kind: 'value', value: new Secret('typed here') } });
  await expect.poll(() => store.get().answered.answers.secret('key').reveal()).toBe('typed here');
  store.end();
  await start();
  expect(store.get().answered.answers.secret('key').reveal()).toBe('of the file');
});

it('nothing typed, nothing kept', async () => {
  await start();
  store.end();
  await says('other.example.org');
  await start();
  expect(domain()).toBe('other.example.org');
});
