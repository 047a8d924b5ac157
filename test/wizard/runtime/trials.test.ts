import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Question, Trial } from '../../../src/answers/question.ts';
import type { Section } from '../../../src/engine/section.ts';
import { command } from '../../../src/operations/command.ts';
import { formOf } from '../../../src/wizard/screens/questions/rows.ts';
import type { Store } from '../../../src/wizard/shell/store.ts';
import { begun } from './begun.ts';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-trials-'));
});
afterEach(async () => {
  store.end();
  await rm(folder, { recursive: true, force: true });
});

const question: Question = { id: 'site.url', label: 'Repository', help: '', kind: 'text' };

/** On the form of a section whose one answer is tried like this. */
async function form(trial: () => Promise<Trial>, more: Partial<Section> = {}, asked: Partial<Question> = {}) {
  const section: Section = {
    id: 'site',
    title: 'Site',
    heading: 'Site',
    summary: 'It.',
    needs: [],
    questions: [{ ...question, ...asked, trial }],
    operations: () => [],
    ...more,
  };
  const wizard = await begun(folder, [section]);
  store = wizard.store;
  store.dispatch({ type: 'continue' });
  await expect.poll(() => store.get().screen).toBe('questions');
  return wizard;
}

const give = () =>
  store.dispatch({
    type: 'give',
    id: question.id,
    given: { kind: 'value', value: 'git@git.example.org:site.git' },
  });

it('a failure is said at once, wherever the operator is', async () => {
  await form(async () => ({ ok: false, message: 'It refuses access.\nType this.' }));
  give();
  await expect.poll(() => store.get().notice).toBe('Repository: It refuses access.');
});

it('what is waited for is tried again by itself until it works, and is said once', async () => {
  let tries = 0;
  await form(async () => {
    tries += 1;
    return tries < 3
      ? { ok: false, message: 'No address.', againMs: 20 }
      : { ok: true, message: 'It answers.' };
  });
  const notices: string[] = [];
  store.subscribe(() => {
    if (store.get().notice !== notices.at(-1)) notices.push(store.get().notice);
  });
  give();
  await expect.poll(() => store.get().answered.trials.get(question.id)).toMatchObject({ ok: true });
  expect(tries).toBe(3);
  expect(notices.filter((each) => each !== '')).toEqual([
    'Repository: No address.',
    'Repository: It answers.',
  ]);
});

it('an answer that is taken as suggested is tried, too', async () => {
  await form(
    async () => ({ ok: false, message: 'Nobody there.' }),
    {},
    { default: 'git@git.example.org:site.git' },
  );
  await expect.poll(() => store.get().answered.trials.get(question.id)).toMatchObject({ ok: false });
});

it('what helps is offered below the answer; it is made in a run of its own, shown whole, and tried', async () => {
  let there = false;
  const offer = {
    id: 'key',
    label: 'Show the key',
    operations: [
      command({
        id: 'key/make',
        title: 'the key',
        shell: ['make it'],
        missing: async () => (there ? undefined : 'it is not there'),
        apply: async () => {
          there = true;
        },
      }),
    ],
    handover: async () => ({ title: 'The key:', text: 'ssh-ed25519 AAAA', what: 'Give it away.' }),
  };
  const { shown } = await form(
    async () => (there ? { ok: true, message: 'It answers.' } : { ok: false, message: 'No.', offer: 'key' }),
    { offers: [offer] },
  );
  give();
  await expect
    .poll(() => formOf(store.get()).rows)
    .toContainEqual({
      kind: 'offer',
      key: `offer ${question.id}`,
      id: question.id,
      label: 'Show the key',
    });
  store.dispatch({ type: 'offer', id: question.id });
  await expect.poll(() => store.get().answered.trials.get(question.id)).toMatchObject({ ok: true });
  expect(shown).toEqual([{ title: 'The key:', text: 'ssh-ed25519 AAAA', what: 'Give it away.' }]);
  expect(store.get().screen).toBe('questions');
  expect(formOf(store.get()).rows.map(({ kind }) => kind)).toEqual(['question', 'next']);
});
