import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Accounts } from '../../src/host/accounts.ts';
import { changedAt, noteFromTheFuture, wallClock } from '../../src/host/clock.ts';
import { Journal } from '../../src/host/journal.ts';
import { Ledger } from '../../src/host/ledger.ts';
import { LinuxHost } from '../../src/host/linux-host.ts';
import { LinuxLiveHost } from '../../src/host/live-host.ts';

const HOUR = 3_600_000;

let folder: string;
let file: string;
let live: LinuxLiveHost;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-clock-'));
  file = path.join(folder, 'settings.py');
  const options = { accounts: new Accounts(), ledger: new Ledger(path.join(folder, 'state')) };
  const journal = new Journal(path.join(folder, 'run'), undefined);
  const { signal } = new AbortController();
  const all = { ...options, journal, emit: () => undefined, signal, run: '0001' };
  live = new LinuxLiveHost(all, 'site/conf', new LinuxHost(options), new Map());
});
afterEach(() => {
  vi.restoreAllMocks();
  return rm(folder, { recursive: true, force: true });
});

/** What a program that starts now has as its start. @returns it by the clock as it is when asked */
function start(): () => number {
  const monotonic = Number(process.hrtime.bigint() / 1000n);
  return () => wallClock(monotonic);
}

function setClock(by: number): void {
  const real = Date.now.bind(Date);
  vi.spyOn(Date, 'now').mockImplementation(() => real() + by);
}

const later = () => new Promise((resolve) => setTimeout(resolve, 20));

/** Whether a program that was started then runs with an older file than the one on the disk. */
const isNewer = async (than: () => number) => ((await changedAt(live, file)) ?? 0) > than();

it.each([
  ['as it was', 0],
  ['set back by an hour', -HOUR],
  ['set forward by an hour', HOUR],
])(
  'the clock is %s after the product wrote a file: what was started before has an older one, what was started since has not',
  async (_, by) => {
    const before = start();
    await later();
    await live.write(file, 'new');
    await later();
    const after = start();
    setClock(by);
    expect(await isNewer(before)).toBe(true);
    expect(await isNewer(after)).toBe(false);
  },
);

it('a file of somebody else from the future is older than what is started once that was seen, until it is changed again', async () => {
  await writeFile(file, 'by hand');
  setClock(-HOUR);
  const first = start();
  expect(await isNewer(first)).toBe(true);
  await noteFromTheFuture(live, [file, path.join(folder, 'none')]);
  await later();
  const second = start();
  expect(await isNewer(second)).toBe(false);
  expect(await isNewer(first)).toBe(true);
  const again = new Date(Date.now() + 2 * HOUR);
  await utimes(file, again, again);
  expect(await isNewer(second)).toBe(true);
});

it('a file that is there since an earlier boot is older than all that runs', async () => {
  await live.write(file, 'new');
  const hint = live.hint(`there:${file}`) ?? '';
  live.remember(`there:${file}`, hint.replace(/ \S+ /, ' another-boot '));
  setClock(-HOUR);
  expect(await isNewer(() => wallClock(1_000_000))).toBe(false);
});

it('what is not there was never changed', async () => {
  expect(await changedAt(live, file)).toBeUndefined();
});
