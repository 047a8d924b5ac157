import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Check } from '../../../src/checks/check.ts';
import type { Section } from '../../../src/engine/section.ts';
import { Secret } from '../../../src/output/secret.ts';
import type { Store } from '../../../src/wizard/shell/store.ts';
import { goHome } from '../../../src/wizard/state/navigation.ts';
import { begun } from './begun.ts';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-after-run-'));
});
afterEach(async () => {
  store.end();
  await rm(folder, { recursive: true, force: true });
});

/** The wizard over a product without sections: a run has nothing to do and ends well, and the scorecard follows. */
async function afterRun(checks: () => Promise<readonly Check[]>): Promise<void> {
  ({ store } = await begun(folder, [], checks));
  store.dispatch({ type: 'review', names: [] });
  await expect.poll(() => store.get().screen).toBe('review');
  await expect.poll(() => store.get().busy).toBe('');
  store.dispatch({ type: 'apply' });
}

it('a scorecard that can not be made stands on the screen as what went wrong', async () => {
  await afterRun(() => Promise.reject(new Error('The checks are broken.')));
  await expect.poll(() => JSON.stringify(store.get().alert)).toContain('The checks are broken.');
});

it('while the scorecard is made, nothing else begins', async () => {
  const made = Promise.withResolvers<readonly Check[]>();
  const checks = vi.fn(() => made.promise);
  await afterRun(checks);
  await expect.poll(() => checks).toHaveBeenCalled();
  store.dispatch({ type: 'check' });
  store.dispatch({ type: 'review', names: [] });
  made.resolve([]);
  await expect.poll(() => store.get().screen).toBe('finish');
  expect(checks).toHaveBeenCalledTimes(1);
});

it('checked again, the page keeps what the run did', async () => {
  const checks = vi.fn(async () => []);
  await afterRun(checks);
  await expect.poll(() => store.get().screen).toBe('finish');
  const { run } = store.get().finish ?? {};
  expect(run?.log).toMatch(/run-\d+\.log$/);
  store.dispatch({ type: 'check' });
  await expect.poll(() => checks).toHaveBeenCalledTimes(2);
  await expect.poll(() => store.get().busy).toBe('');
  expect(store.get().finish?.run).toEqual(run);
});

it('checked again from another page, it is still there: a generated password stands on it alone', async () => {
  const checks = vi.fn(async () => []);
  await afterRun(checks);
  await expect.poll(() => store.get().screen).toBe('finish');
  const { run } = store.get().finish ?? {};
  store.update(goHome);
  expect(store.get().screen).not.toBe('finish');
  store.dispatch({ type: 'check' });
  await expect.poll(() => store.get().screen).toBe('finish');
  expect(store.get().finish?.run).toEqual(run);
});

/** A first administrator of whom nothing is asked once the site has one. */
function administrators(): Section {
  let made = false;
  const question = { help: '', group: 'First administrator', alreadyOnHost: async () => made };
  return {
    id: 'sample',
    title: 'Sample',
    heading: 'not in the document',
    summary: 'A sample.',
    needs: [],
    questions: [
      { id: 'domain', label: 'Domain', help: '', kind: 'text' },
      { ...question, id: 'admin.username', label: 'Username', kind: 'text', skippable: 'x' },
      {
        ...question,
        id: 'admin.password',
        label: 'Password',
        kind: 'secret',
        skippable: 'x',
        with: 'admin.username',
      },
    ],
    operations: () => [
      {
        id: 'sample/admin',
        title: 'the first administrator',
        observe: async () =>
          made
            ? undefined
            : {
                kind: 'create',
                summary: 'ada',
                shell: [],
                apply: async () => {
                  made = true;
                },
              },
      },
    ],
  };
}

it('the generated password and its login stay through each further check, until the wizard is left', async () => {
  const sections = [administrators()];
  const give = (id: string, value: string | Secret, made?: true) =>
    store.dispatch({ type: 'give', id, given: { kind: 'value', value }, ...(made && { made }) });
  ({ store } = await begun(folder, sections));
  give('domain', 'studio.example.org');
  give('admin.username', 'ada');
  await expect.poll(() => store.get().answered.answers.has('admin.username')).toBe(true);
  store.end();
  // Started again: what was typed before is a saved answer, which gives way to what is on the server.
  ({ store } = await begun(folder, sections));
  give('admin.password', new Secret('generated-for-ada'), true);
  await expect.poll(() => store.get().answered.answers.has('admin.password')).toBe(true);
  store.dispatch({ type: 'review', names: [] });
  await expect.poll(() => store.get().screen).toBe('review');
  await expect.poll(() => store.get().busy).toBe('');
  store.dispatch({ type: 'apply' });
  await expect.poll(() => store.get().screen).toBe('finish');
  const { run } = store.get().finish ?? {};
  expect(run?.next[0]?.secret?.reveal()).toBe('generated-for-ada');
  await expect.poll(() => store.get().answered.answers.has('admin.username')).toBe(false);
  store.update(goHome);
  store.dispatch({ type: 'check' });
  await expect.poll(() => store.get().screen).toBe('finish');
  expect(store.get().finish?.run?.next[0]).toEqual(run?.next[0]);
  expect(JSON.stringify(store.get().finish?.run?.facts)).toContain('/admin/ as ada');
});
