import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { updateChecks } from '../../src/checks/updates.ts';
import { exampleAnswers } from '../../src/engine/example-answers.ts';
import type { WaitingUpdates } from '../../src/watch/state.ts';
import { FakeHost } from '../host/fake/fake-host.ts';
import { when } from '../host/fake/programs.ts';
import { Systemd } from '../host/fake/systemd.ts';
import { passTime, stopTime } from '../operations/virtual-time.ts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

beforeEach(stopTime);
afterEach(() => void vi.useRealTimers());

/** As apt 2.6 of Debian 12 and apt 2.4 of Ubuntu 22.04 print them. */
const PLAN = {
  debian: `Inst libperl5.36 [5.36.0-7+deb12u2] (5.36.0-7+deb12u4 Debian-Security:12/oldstable-security [amd64]) [perl:amd64 ]
Inst perl [5.36.0-7+deb12u2] (5.36.0-7+deb12u4 Debian-Security:12/oldstable-security [amd64]) []
Inst bash [5.2.15-2+b8] (5.2.15-2+b13 Debian:12.15/oldstable [amd64])
Inst perl-modules-5.36 [5.36.0-7+deb12u2] (5.36.0-7+deb12u4 Debian-Security:12/oldstable-security [all])
Inst linux-image-6.1.0-40-amd64 (6.1.153-1 Debian-Security:12/oldstable-security [amd64])
Conf perl (5.36.0-7+deb12u4 Debian-Security:12/oldstable-security [amd64])
`,
  ubuntu: `Inst openssl [3.0.2-0ubuntu1.18] (3.0.2-0ubuntu1.20 Ubuntu:22.04/jammy-updates, Ubuntu:22.04/jammy-security [amd64])
Inst tzdata [2024a-0ubuntu0.22.04] (2025b-0ubuntu0.22.04 Ubuntu:22.04/jammy-updates [all])
`,
  nothing: 'Reading package lists...\nCalculating upgrade...\n',
};

interface Server {
  readonly plan?: string;
  /** Days since apt fetched its lists. */
  readonly listsAge?: number;
  /** What apt-config knows of unattended-upgrades; absent where it is not installed. */
  readonly periodic?: string;
  readonly waiting?: WaitingUpdates['since'];
  /** Hours since apt was asked, and since something was installed. */
  readonly asked?: number;
  readonly installed?: number;
}

function server({ plan = PLAN.nothing, listsAge = 0, periodic, waiting, asked = 1, installed = 0 }: Server) {
  const host = new FakeHost();
  const systemd = new Systemd(host);
  host.arrange({ '/var/lib/apt/lists/partial/': {}, '/var/lib/apt/lists/lock': '' });
  if (periodic !== undefined) {
    host.arrange({ '/usr/bin/unattended-upgrade': '#!/usr/bin/python3\n' });
    systemd.running('apt-daily-upgrade.timer', 1000);
  }
  host.programs.add(
    when(/^apt-get --simulate /, () => plan),
    when(/^apt-config shell /, () => periodic ?? ''),
  );
  passTime(listsAge * DAY_MS - installed * HOUR_MS);
  host.arrange({ '/var/lib/dpkg/status': '' });
  passTime(installed * HOUR_MS);
  const { checks, waiting: remembered } = updateChecks(
    waiting && { asked: Date.now() - asked * HOUR_MS, since: waiting },
    Date.now(),
  );
  const run = async (id: string) =>
    checks.find((check) => check.id === id)?.run(host, exampleAnswers([])) ?? expect.fail(`no ${id}`);
  return { host, systemd, run, remembered };
}

const ON = "ENABLED='1'\nEVERY='1'\n";

describe('security updates', () => {
  it.each<[string, Server, boolean, RegExp]>([
    [
      'wait on Debian',
      { plan: PLAN.debian },
      false,
      /^3 security updates not installed: libperl5\.36, perl, perl-modules-5\.36\.$/,
    ],
    ['wait on Ubuntu', { plan: PLAN.ubuntu }, false, /^1 security update not installed: openssl\.$/],
    ['do not wait', {}, true, /^None waits, by package lists of /],
    ['are not known of with old lists', { listsAge: 8 }, true, /^Not known: the package lists are of /],
    ['wait for certain by old lists', { plan: PLAN.ubuntu, listsAge: 8 }, false, /openssl/],
    [
      'wait for unattended-upgrades',
      { plan: PLAN.ubuntu, periodic: ON },
      true,
      /for unattended-upgrades to install: openssl\.$/,
    ],
    ['wait for one that is switched off', { plan: PLAN.ubuntu, periodic: "EVERY='0'\n" }, false, /openssl/],
    ['wait for one that apt never starts', { plan: PLAN.ubuntu, periodic: '' }, false, /openssl/],
    [
      "wait for one while apt's own jobs are off",
      { plan: PLAN.ubuntu, periodic: "ENABLED='0'\nEVERY='1'\n" },
      false,
      /openssl/,
    ],
  ])('%s', async (_, given, ok, said) => {
    const result = await server(given).run('security-updates');
    expect([result.ok, result.said]).toEqual([ok, expect.stringMatching(said)]);
  });

  it('wait too long for unattended-upgrades after three days, whatever came since', async () => {
    const now = Date.now();
    const found = async (days: number) => {
      const waiting = { perl: now - days * DAY_MS };
      return server({ plan: PLAN.debian, periodic: ON, waiting }).run('security-updates');
    };
    expect(await found(2.9)).toMatchObject({ ok: true });
    expect(await found(3)).toMatchObject({
      ok: false,
      said: expect.stringContaining('not installed for 3 days, although unattended-upgrades is on'),
    });
  });

  it('are remembered from when each was seen first, until it is installed', async () => {
    const { run, remembered } = server({ plan: PLAN.ubuntu, waiting: { openssl: 17, perl: 12 } });
    expect(remembered()?.since).toEqual({ openssl: 17, perl: 12 });
    await run('security-updates');
    expect(remembered()).toEqual({ asked: Date.now(), since: { openssl: 17 } });
  });

  it.each<[string, Server, boolean]>([
    ['nothing changed since', { listsAge: 2, installed: 30, asked: 23 }, false],
    ['something was installed since', { listsAge: 2, installed: 22, asked: 23 }, true],
    ['the lists were fetched since', { listsAge: 0.9, installed: 1, asked: 23 }, true],
    ['a day went by', { listsAge: 2, installed: 30, asked: 24 }, true],
    ['it never was', { listsAge: 2, installed: 30 }, true],
  ])('are asked for where %s: %o, %s', async (what, given, expected) => {
    const waiting = what === 'it never was' ? {} : { waiting: { perl: 12 } };
    const { run, remembered } = server({ ...given, ...waiting, plan: PLAN.ubuntu });
    const { said } = await run('security-updates');
    expect(said).toContain(expected ? 'openssl' : 'perl');
    expect(Object.keys(remembered()?.since ?? {})).toEqual([expected ? 'openssl' : 'perl']);
  });

  it('are remembered as they were where apt can not be asked, which is a failure of its own', async () => {
    const { host, run, remembered } = server({ waiting: { openssl: 17 } });
    host.programs.add(
      when(/^apt-get /, () => ({
        code: 100,
        stderr: 'E: Unmet dependencies. Try apt --fix-broken install.\n',
      })),
    );
    await expect(run('security-updates')).rejects.toThrow(
      'apt-get ended with exit code 100: Unmet dependencies. Try apt --fix-broken install.',
    );
    expect(remembered()?.since).toEqual({ openssl: 17 });
  });
});

it.each([
  [7, true],
  [7.1, false],
])('package lists that were fetched %d days ago: passes %s', async (listsAge, ok) => {
  expect(await server({ listsAge }).run('package-lists')).toMatchObject({ ok });
});

it.each([
  [0.9, true, 'Needed since '],
  [1, false, 'Updates need a reboot since '],
])('a reboot that is needed since %d days: passes %s', async (days, ok, said) => {
  const { host } = server({});
  host.arrange({
    '/run/reboot-required': '*** System restart required ***\n',
    '/run/reboot-required.pkgs': 'linux-image-amd64\nlibc6\nlibc6\n',
  });
  passTime(days * DAY_MS);
  const check = updateChecks(undefined, Date.now()).checks.find(({ id }) => id === 'reboot-required');
  const result = await check?.run(host, exampleAnswers([]));
  expect(result).toMatchObject({ ok, said: expect.stringContaining(said) });
  if (!ok) expect(result?.said).toContain('by linux-image-amd64, libc6.');
});

it('no reboot is needed where nothing says so', async () => {
  expect(await server({}).run('reboot-required')).toEqual({ ok: true, said: 'None is needed.' });
});
