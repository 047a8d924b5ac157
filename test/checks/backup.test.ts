import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LAST_BACKUP } from '../../src/backup/places.ts';
import { backupFresh, backupProved } from '../../src/checks/backup.ts';
import type { Check } from '../../src/checks/check.ts';
import { exampleAnswers } from '../../src/engine/example-answers.ts';
import { FakeHost } from '../host/fake/fake-host.ts';
import { type FakeUnit, Systemd } from '../host/fake/systemd.ts';
import { stopTime } from '../operations/virtual-time.ts';

beforeEach(stopTime);
afterEach(() => void vi.useRealTimers());

const HOUR_MS = 60 * 60_000;

interface Found {
  /** Hours since the last backup. */
  readonly ago?: number;
  /** Hours since the server was started. */
  readonly up?: number;
  readonly timer?: Partial<FakeUnit>;
  readonly trial?: Partial<FakeUnit>;
}

async function found(check: Check, { ago, up = 100, timer = {}, trial = {} }: Found) {
  const host = new FakeHost();
  const systemd = new Systemd(host);
  for (const name of ['studio-setup-backup', 'studio-setup-backup-verify']) {
    host.arrange({
      [`/etc/systemd/system/${name}.timer`]: '[Timer]\n',
      [`/etc/systemd/system/${name}.service`]: '[Service]\n',
    });
    Object.assign(systemd.running(`${name}.timer`, 1000), timer);
  }
  Object.assign(systemd.unit('studio-setup-backup-verify.service'), trial);
  host.made = (file) => (file === '/proc/uptime' ? `${up * 3600}.00 100.00\n` : undefined);
  if (ago !== undefined) host.remember(LAST_BACKUP, new Date(Date.now() - ago * HOUR_MS).toISOString());
  return check.run(host, exampleAnswers([]));
}

describe.each([backupFresh, backupProved])('$id', (check) => {
  it('passes where none is made by itself, and says how to have one', async () => {
    const host = new FakeHost();
    new Systemd(host);
    expect(await check.run(host, exampleAnswers([]))).toEqual({
      ok: true,
      off: true,
      said: 'Not set up: no backup is made by itself. To set it up: studio-setup backup enable',
    });
  });

  it('fails when its timer does not run', async () => {
    expect(await found(check, { ago: 1, timer: { active: 'inactive' } })).toMatchObject({
      ok: false,
      said: expect.stringMatching(/timer is inactive: nothing is done by itself/),
      remedy: 'Set them up again: studio-setup backup enable',
    });
  });

  it('passes while one was made, and the last trial went well', async () => {
    expect(await found(check, { ago: 47 })).toMatchObject({ ok: true });
  });
});

it('fails when the last backup is older than two days', async () => {
  expect(await found(backupFresh, { ago: 49 })).toMatchObject({
    ok: false,
    said: expect.stringMatching(/^The last backup is of .*: older than two days\.$/),
    remedy: expect.stringContaining('systemctl start studio-setup-backup.service'),
  });
});

it('passes after the server was off, before the timer made up for it', async () => {
  expect(await found(backupFresh, { ago: 500, up: 5 })).toMatchObject({ ok: true });
});

it('fails when no backup was made at all', async () => {
  expect(await found(backupFresh, {})).toMatchObject({ ok: false, said: 'No backup was made yet.' });
});

it('fails when the last trial did', async () => {
  expect(await found(backupProved, { ago: 1, trial: { active: 'failed' } })).toMatchObject({
    ok: false,
    said: 'The last trial of a backup failed (exit-code).',
    remedy: expect.stringContaining('journalctl -u studio-setup-backup-verify.service'),
  });
});
