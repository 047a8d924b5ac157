import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Session } from '../../../src/app/session.ts';
import type { Section } from '../../../src/engine/section.ts';
import { file } from '../../../src/operations/file.ts';
import type { Store } from '../../../src/wizard/shell/store.ts';
import { begun } from './begun.ts';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-deciding-'));
});
afterEach(async () => {
  store.end();
  await rm(folder, { recursive: true, force: true });
});

async function begin(section: Section): Promise<Session> {
  const wizard = await begun(folder, [section]);
  store = wizard.store;
  return wizard.session;
}

const section = { id: 'site', title: 'Site', heading: 'Site', summary: 'It.', needs: [], questions: [] };

it('a value of the host that its question refuses comes to the form, with why', async () => {
  await begin({
    ...section,
    questions: [
      {
        id: 'site.mode',
        label: 'Mode',
        help: 'How it works.',
        kind: 'text',
        default: 'small',
        existing: (value) => (value === 'huge' ? 'It is small or large.' : undefined),
        current: async () => 'huge',
      },
    ],
    operations: () => [],
  });
  const { refused, missing } = store.get().answered;
  expect([...refused.values()]).toEqual([{ id: 'site.mode', value: 'huge', why: 'It is small or large.' }]);
  expect([...missing]).toEqual(['site.mode']);
});

it('a file that is kept for good is no change any more, now and in a later start', async () => {
  const edited = path.join(folder, 'edited.conf');
  await writeFile(edited, 'mine\n');
  const session = await begin({
    ...section,
    operations: () => [file({ id: 'site/file', path: edited, shell: [], content: async () => 'wanted\n' })],
  });
  store.dispatch({ type: 'review', names: [] });
  await expect.poll(() => store.get().review?.conflicts).toHaveLength(1);
  await expect.poll(() => store.get().busy).toBe('');
  store.dispatch({ type: 'keep-for-good', path: edited });
  await expect.poll(() => store.get().notice).toContain('Kept for good');
  expect(store.get().alert).toBeUndefined();
  expect(store.get().review).toMatchObject({ conflicts: [], entries: [] });
  expect(session.ledger.hint('mine')).toBe(edited);
});
