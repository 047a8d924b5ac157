import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { certificateEnds, failedUnits, measuresOf, trendChecks } from '../../src/checks/ahead.ts';
import { exampleAnswers } from '../../src/engine/example-answers.ts';
import { namesOf } from '../../src/site/names.ts';
import { sections } from '../../steps/index.ts';
import { FakeHost } from '../host/fake/fake-host.ts';
import { when } from '../host/fake/programs.ts';
import { Systemd } from '../host/fake/systemd.ts';
import { Certbot } from '../operations/certbot.ts';
import { passTime, stopTime } from '../operations/virtual-time.ts';

const DAY_MS = 24 * 60 * 60_000;
const answers = exampleAnswers(sections);
const [domain] = namesOf(answers);

beforeEach(stopTime);
afterEach(() => void vi.useRealTimers());

describe('the end of the certificate', () => {
  it.each([
    [21, []],
    [19, ['certificate-20']],
    [9, ['certificate-20', 'certificate-10']],
    [2, ['certificate-20', 'certificate-10', 'certificate-3']],
  ] as const)('%d days ahead is told by %j', async (days, expected) => {
    const host = new FakeHost();
    const certbot = new Certbot(host);
    certbot.put(domain, [...namesOf(answers)], 'https://acme.example.org/directory');
    const { expires } = (
      await (await import('../../src/site/certificate.ts')).siteCertificate(host, namesOf(answers))
    ).installed ?? { expires: 0 };
    passTime(expires - Date.now() - days * DAY_MS);
    host.forget();
    const failed: string[] = [];
    for (const check of certificateEnds) if (!(await check.run(host, answers)).ok) failed.push(check.id);
    expect(failed).toEqual(expected);
  });

  it('is not told where there is none: another check says that', async () => {
    const host = new FakeHost();
    for (const check of certificateEnds) expect((await check.run(host, answers)).ok).toBe(true);
  });
});

describe('units that failed', () => {
  function machine(listed: string) {
    const host = new FakeHost();
    const systemd = new Systemd(host);
    host.programs.add(when(/^systemctl list-units --failed/, () => listed));
    return { host, systemd };
  }

  it('have a check each, but for those that the doctor has one of', async () => {
    const { host, systemd } = machine(
      'studio.service loaded failed failed x\nlogrotate.service loaded failed failed Rotate log files\n',
    );
    systemd.running('logrotate.service', 1000, { active: 'failed' }).active = 'failed';
    const checks = await failedUnits(host, []);
    expect(checks.map(({ id }) => id)).toEqual(['unit:logrotate.service']);
    expect(await checks[0]?.run(host, answers)).toMatchObject({
      ok: false,
      said: 'It failed (exit-code).',
      remedy: expect.stringContaining('journalctl -u logrotate.service'),
    });
  });

  it('are still checked once they work again', async () => {
    const { host, systemd } = machine('');
    systemd.running('logrotate.service', 1000);
    const [check] = await failedUnits(host, ['logrotate.service']);
    expect(await check?.run(host, answers)).toMatchObject({ ok: true });
  });
});

describe('what is left', () => {
  it('is measured once for each file system, and of memory', async () => {
    const host = new FakeHost();
    host.made = (file) =>
      file === '/proc/meminfo'
        ? 'MemTotal: 4096000 kB\nMemAvailable: 1024000 kB\nSwapFree: 512000 kB\n'
        : undefined;
    host.programs.add(when(/^df /, () => ' Avail Mounted on\n 9000M /\n 9000M /\n  700M /var\n'));
    expect(await measuresOf(host)).toEqual({ '/': 9000, '/var': 700, memory: 1500 });
  });

  it.each([
    ['shrinks fast', 1000, false],
    ['shrinks slowly', 100, true],
  ])('and %s', async (_, perDay, ok) => {
    const rounds = Array.from({ length: 6 }, (_each, day) => ({
      at: Date.now() - (6 - day) * DAY_MS,
      measures: { '/': 10_000 - day * perDay, memory: 2000 },
    }));
    const now = { at: Date.now(), measures: { '/': 10_000 - 6 * perDay, memory: 2000 } };
    const results = await Promise.all(
      trendChecks(rounds, now).map(async (check) => [
        check.id,
        (await check.run(new FakeHost(), answers)).ok,
      ]),
    );
    expect(results).toEqual([
      ['trend-/', ok],
      ['trend-memory', true],
    ]);
  });
});
