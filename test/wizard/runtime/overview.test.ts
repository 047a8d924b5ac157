import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Section } from '../../../src/engine/section.ts';
import { ownedBy } from '../../../src/operations/ownership.ts';
import type { Store } from '../../../src/wizard/shell/store.ts';
import { goTo } from '../../../src/wizard/state/navigation.ts';
import { begun } from './begun.ts';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-overview-'));
});
afterEach(async () => {
  store.end();
  await rm(folder, { recursive: true, force: true });
});

const plain = { heading: 'x', summary: 'x', needs: [], questions: [] };

it('on an empty host neither owners nor the proof of the site stand as done', async () => {
  const sections: readonly Section[] = [
    {
      ...plain,
      id: 'ownership',
      title: 'Owners',
      operations: () => [
        ownedBy('root', 'root', { id: 'ownership/checkout', path: path.join(folder, 'checkout') }),
      ],
    },
    { ...plain, id: 'verify', title: 'Verify', needs: ['ownership'], operations: () => [] },
  ];
  ({ store } = await begun(folder, sections));
  const { status } = store.get();
  expect([...status].map(([id, { state }]) => [id, state])).toEqual([
    ['ownership', 'to do'],
    ['verify', 'to do'],
  ]);
});

it('looks again with a new answer, also when it was gone back to before the answer was taken', async () => {
  const asked = Promise.withResolvers<void>();
  let calls = 0;
  const section: Section = {
    ...plain,
    id: 'site',
    title: 'Site',
    questions: [{ id: 'site.name', label: 'Name', help: 'x', kind: 'text', default: 'old' }],
    operations: (answers) => [
      {
        id: 'site/name',
        title: 'name',
        async observe() {
          calls += 1;
          const name = answers.text('site.name');
          if (name === 'new') asked.resolve();
          return name === 'new'
            ? { kind: 'update', summary: 'name', shell: [], async apply() {} }
            : undefined;
        },
      },
    ],
  };
  ({ store } = await begun(folder, [section]));
  expect(store.get().status.get('site')?.state).toBe('done');
  store.update((state) => goTo(state, 'questions'));
  store.dispatch({ type: 'give', id: 'site.name', given: { kind: 'value', value: 'new' } });
  // Back before the answer was taken.
  store.set({ screen: 'overview', stack: [] });
  await asked.promise;
  await expect.poll(() => store.get().status.get('site')?.state).toBe('to do');
  expect(calls).toBeGreaterThan(1);
});
