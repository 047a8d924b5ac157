import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Session } from '../../src/app/session.ts';
import { loginNote, testWays } from '../../src/app/watch/run-round.ts';
import { takeLock } from '../../src/engine/lock.ts';
import { readWatchState } from '../../src/watch/state.ts';
import type { Answered, Way } from '../../src/watch/way.ts';
import { pathsIn } from '../commands/sample/product.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-watch-trial-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function session(): Session {
  const paths = pathsIn(folder);
  const product = {
    version: '1.2.3',
    paths,
    sections: async () => [],
    checks: async () => [],
    preconditions: () => {},
  };
  const options = { yes: true, plain: true, screenReader: false, json: false, section: [], overwrite: [] };
  return new Session(product, { ...options, logLevel: 'info', jobs: 1 }, new AbortController().signal);
}

const email = (answered: Answered): Way => ({ name: 'email', tell: async () => answered });

it('a test that fails shows in the state and at the next login, until one arrives', async () => {
  const tested = session();
  const note = loginNote(tested.product);
  const failed = { ok: false, said: 'no mail server' };
  expect(await testWays(tested, [email(failed)])).toEqual(new Map([['email', failed]]));
  const state = () => readWatchState(tested.product.paths.state).ways.email;
  expect(state()).toEqual({ waiting: [], failing: { since: expect.any(Number), why: 'no mail server' } });
  expect(readFileSync(note, 'utf8')).toContain("can't tell you of failed checks by email");
  await testWays(tested, [email({ ok: true, said: '250 Ok' })]);
  expect(state()).toEqual({ waiting: [], worked: expect.any(Number) });
  expect(existsSync(note)).toBe(false);
});

it('a test during a round sends nothing: the round would forget how it went', async () => {
  const tested = session();
  const lock = path.join(path.dirname(tested.product.paths.lock), 'watch-lock');
  const round = await takeLock(lock, 'studio-setup watch run');
  const sent: string[] = [];
  const way: Way = {
    name: 'email',
    async tell({ title }) {
      sent.push(title);
      return { ok: true, said: '250 Ok' };
    },
  };
  try {
    await expect(testWays(tested, [way])).rejects.toThrow('studio-setup watch run');
  } finally {
    await round.release();
  }
  expect(sent).toEqual([]);
});
