import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Product } from '../../../src/app/product.ts';
import { Session } from '../../../src/app/session.ts';
import type { Stop } from '../../../src/app/signals.ts';
import type { Check } from '../../../src/checks/check.ts';
import { Wizard } from '../../../src/wizard/runtime/wizard.ts';
import { initialState } from '../../../src/wizard/shell/initial-state.ts';
import { Store } from '../../../src/wizard/shell/store.ts';

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
  const product: Product = {
    version: '1.2.3',
    paths: {
      state: path.join(folder, 'state'),
      copies: path.join(folder, 'copies'),
      log: path.join(folder, 'log'),
      lock: path.join(folder, 'lock'),
    },
    sections: async () => [],
    checks,
    preconditions: () => {},
  };
  const { signal } = new AbortController();
  const options = { yes: false, plain: false, screenReader: false, json: false, section: [], overwrite: [] };
  const session = new Session(product, { ...options, logLevel: 'info', jobs: 1 }, signal);
  const stop: Stop = {
    stopping: () => false,
    signal,
    beginChanging: () => {},
    changing: () => false,
    interrupt: () => {},
    goOn: () => {},
    lost: () => false,
    watch: () => {},
  };
  store = new Store(initialState([], { version: '1.2.3', place: '' }, { columns: 80, rows: 24 }));
  const wizard = new Wizard(session, store, [], stop, { lend: async () => {}, close: () => {} });
  await wizard.begin();
  store.want({ type: 'review', names: [] });
  await vi.waitFor(() => expect(store.get().screen).toBe('review'));
  await vi.waitFor(() => expect(store.get().busy).toBe(''));
  store.want({ type: 'apply' });
}

it('a scorecard that can not be made stands on the screen as what went wrong', async () => {
  await afterRun(() => Promise.reject(new Error('The checks are broken.')));
  await vi.waitFor(() => expect(JSON.stringify(store.get().alert)).toContain('The checks are broken.'));
});

it('while the scorecard is made, nothing else begins', async () => {
  const made = Promise.withResolvers<readonly Check[]>();
  const checks = vi.fn(() => made.promise);
  await afterRun(checks);
  await vi.waitFor(() => expect(checks).toHaveBeenCalled());
  store.want({ type: 'check' });
  store.want({ type: 'review', names: [] });
  made.resolve([]);
  await vi.waitFor(() => expect(store.get().screen).toBe('finish'));
  expect(checks).toHaveBeenCalledTimes(1);
});
