import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Question } from '../../../src/answers/question.ts';
import type { Section } from '../../../src/engine/section.ts';
import { Secret } from '../../../src/output/secret.ts';
import { begun } from './begun.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-groups-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function member(id: string, more: Partial<Question> = {}): Question {
  return { id, label: id, help: '', kind: 'text', group: 'First', skippable: 'Nobody logs in.', ...more };
}

const name = member('first.name', { expected: true });
const password = member('first.password', {
  kind: 'secret',
  generateOnRequest: () => 'a generated password',
});

const section = (...questions: readonly Question[]): Section => ({
  id: 'site',
  title: 'Site',
  heading: 'Site',
  summary: 'It.',
  needs: [],
  questions,
  operations: () => [],
});

async function answering(...questions: readonly Question[]) {
  const { session, store } = await begun(folder, [section(...questions)]);
  const { dispatch } = store;
  return { session, store, dispatch, missing: () => [...store.get().answered.missing] };
}

it('what is expected to be set up is asked for at once; what is not, only when it is set up', async () => {
  const { store, missing } = await answering(
    name,
    password,
    member('other.name', { group: 'Other', skippable: 'No other.' }),
  );
  expect(missing()).toEqual(['first.name', 'first.password']);
  store.end();
});

it('a question of it that is skipped by name is not asked again, nor the group when all of it is', async () => {
  const { store, dispatch, missing } = await answering(name, password);
  dispatch({ type: 'give', id: 'first.password', given: { kind: 'skip' } });
  await expect.poll(() => missing()).toEqual(['first.name']);
  dispatch({ type: 'set-up', group: 'First', wanted: false });
  await expect.poll(() => missing()).toEqual([]);
  store.end();
});

it('a secret that was given and is not saved is asked for again at the next start', async () => {
  const { store, dispatch, session, missing } = await answering(name, password);
  dispatch({ type: 'give', id: 'first.name', given: { kind: 'value', value: 'admin' } });
  // At once, as when both are pasted with their Enter: the first must not overwrite the second.
  dispatch({
    type: 'give',
    id: 'first.password',
    given: { kind: 'value', value: new Secret('typed-and-lost') },
  });
  await expect.poll(() => missing()).toEqual([]);
  store.end();
  const again = await begun(folder, [section(name, password)]);
  expect(session.ledger.answers()).toMatchObject({ 'first.name': 'admin' });
  expect([...again.store.get().answered.missing]).toEqual(['first.password']);
  again.store.end();
});

it('what the host has is not asked', async () => {
  const there = { alreadyOnHost: async () => true };
  const { store, missing } = await answering({ ...name, ...there }, { ...password, ...there });
  expect(missing()).toEqual([]);
  store.end();
});
