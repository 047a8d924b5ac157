import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { watching } from '../../src/checks/watch.ts';
import { exampleAnswers } from '../../src/engine/example-answers.ts';
import { NOTHING_YET, type WatchState } from '../../src/watch/state.ts';
import { FakeHost } from '../host/fake/fake-host.ts';
import { type FakeUnit, Systemd } from '../host/fake/systemd.ts';
import { stopTime } from '../operations/virtual-time.ts';

beforeEach(stopTime);
afterEach(() => void vi.useRealTimers());

const MINUTE_MS = 60_000;

/** @param ago minutes since the last round */
async function found(ago: number | undefined, more: Partial<WatchState> = {}, timer: Partial<FakeUnit> = {}) {
  const host = new FakeHost();
  const systemd = new Systemd(host);
  const round = { at: Date.now() - (ago ?? 0) * MINUTE_MS, ms: 1, deep: false, checks: 1, failed: [] };
  host.arrange({
    '/etc/systemd/system/studio-setup-watch.timer': '[Timer]\n',
    '/var/lib/studio-setup/watch.json': JSON.stringify({
      ...NOTHING_YET,
      rounds: ago === undefined ? [] : [round],
      ...more,
    }),
  });
  host.made = (file) => (file === '/proc/uptime' ? '7200.00 100.00\n' : undefined);
  Object.assign(systemd.running('studio-setup-watch.timer', 1000), timer);
  return watching.run(host, exampleAnswers([]));
}

it('passes where there is no watch, and says how to have one', async () => {
  const host = new FakeHost();
  new Systemd(host);
  expect(await watching.run(host, exampleAnswers([]))).toEqual({
    ok: true,
    off: true,
    said: 'Not set up: nobody is told when a check fails. To set it up: studio-setup watch enable',
  });
});

it('passes while rounds are made', async () => {
  expect(await found(14)).toMatchObject({ ok: true });
});

it('passes after the server was off, before the first round', async () => {
  expect(await found(24 * 60)).toMatchObject({ ok: true });
});

it('fails when no round was made for an hour', async () => {
  expect(await found(61)).toMatchObject({
    ok: false,
    said: expect.stringMatching(/^The last round was on /),
  });
});

it('fails when its timer does not run', async () => {
  expect(await found(5, {}, { active: 'inactive' })).toMatchObject({
    ok: false,
    said: 'studio-setup-watch.timer is inactive: nothing is checked by itself.',
  });
});

it('fails when it can not tell anybody', async () => {
  const ways = { email: { waiting: [], failing: { since: Date.now(), why: 'it does not answer' } } };
  expect(await found(5, { ways })).toMatchObject({
    ok: false,
    said: expect.stringMatching(/^It can't tell you by email since .*: it does not answer\.$/),
    remedy: expect.stringContaining('studio-setup watch test'),
  });
});
