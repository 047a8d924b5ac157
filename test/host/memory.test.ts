import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Accounts } from '../../src/host/accounts.ts';
import { Journal } from '../../src/host/journal.ts';
import { Ledger } from '../../src/host/ledger.ts';
import { LinuxHost } from '../../src/host/linux-host.ts';
import { LinuxLiveHost } from '../../src/host/live-host.ts';

let folder: string;
let host: LinuxHost;
let live: LinuxLiveHost;
let other: LinuxLiveHost;
let asked: number;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-memory-'));
  const options = { accounts: new Accounts(), ledger: new Ledger(path.join(folder, 'state')) };
  const journal = new Journal(path.join(folder, 'run'), path.join(folder, 'copies'));
  const { signal } = new AbortController();
  host = new LinuxHost(options);
  const door = { ...options, journal, emit: () => {}, signal, run: '0001' };
  live = new LinuxLiveHost(door, 'site/one', host, new Map());
  other = new LinuxLiveHost(door, 'site/two', host, new Map());
  asked = 0;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const fact = (from: LinuxHost) => from.once('fact', async () => ++asked);

describe('the facts of a run', () => {
  it('found by observing, serve applying as well', async () => {
    expect([await fact(host), await fact(live), await fact(other)]).toEqual([1, 1, 1]);
  });

  it('are asked again after a change, whoever made it', async () => {
    await fact(host);
    await live.run(['true']);
    expect([await fact(other), await fact(live), await fact(host)]).toEqual([2, 2, 2]);
    await other.write(path.join(folder, 'file'), 'text\n');
    expect([await fact(live), await fact(host)]).toEqual([3, 3]);
  });

  it('are asked again by whoever waits for one to become true', async () => {
    await fact(live);
    live.forget();
    expect([await fact(live), await fact(host)]).toEqual([2, 2]);
  });

  it('computed while a change overtakes them, are not remembered', async () => {
    const started = Promise.withResolvers<void>();
    const slow = host.once('fact', async () => {
      await started.promise;
      return ++asked;
    });
    await live.run(['true']);
    started.resolve();
    await slow;
    expect(await fact(host)).toBe(2);
  });
});
