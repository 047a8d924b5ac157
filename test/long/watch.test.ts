import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fault } from '../install/faults/fault.ts';
import { faults as ofServices } from '../install/faults/services.ts';
import { faults as ofTheSite } from '../install/faults/site.ts';
import { executeRun } from '../install/faults/trial.ts';
import { oneLine, shell } from '../install/operator.ts';
import { writeAnswers } from '../rehearsal/answers.ts';
import { Operator } from '../rehearsal/operator.ts';
import { installProduct } from '../rehearsal/product.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts';

const METRICS = '/var/lib/prometheus/node-exporter/studio-setup.prom';
const PASSWORD = 'planted-password-of-the-mail-account';

/** Of the doctor's tests, those that an operator is most likely to hear of; each with what is different for the watch. */
const PLANTED: Readonly<Record<string, Partial<Fault>>> = {
  'nginx that is stopped': {},
  "uWSGI with the document's plugin: active, and answers nothing": {},
  'a service that is stopped': {},
  'a timer that is stopped': {},
  'a search engine that is stopped': {},
  "keys that are not Meilisearch's any more": {},
  // systemd restarts the background tasks meanwhile, and that they stay up is clear after a minute, or a start by hand.
  'a database server that is stopped': {
    byHand: 'systemctl start postgresql; systemctl restart studio-background',
  },
  // It ends in ten days, as the watch says besides.
  'a certificate near its end': { also: ['certificate-20', 'certificate-10'] },
  'a full disk': {},
  'settings that everybody can read': {},
  "root's unit in the hands of www-data": {},
  'code that was changed under the running site, as by git pull': {},
};

const ours = [...ofServices, ...ofTheSite].flatMap((fault): readonly Fault[] => {
  const { also = [], ...different } = PLANTED[fault.name] ?? {};
  if (!(fault.name in PLANTED)) return [];
  return [{ ...fault, ...different, also: [...(fault.also ?? []), ...also] }];
});

/** What no check of the doctor is about. */
const others: readonly Fault[] = [
  {
    name: "a unit that failed, and is none of the site's",
    plant: 'systemd-run --quiet --wait --unit nightly-export false || true',
    found: 'unit:nightly-export.service',
    said: /It failed \(exit-code\)/,
    byHand: 'systemctl reset-failed nightly-export',
  },
  {
    name: 'a security update that waits',
    // A package of the host in a newer version, from what calls itself Debian's security archive.
    plant: `mkdir /srv/security; cd /srv/security
printf 'Package: netbase\nVersion: 99\nArchitecture: all\nMaintainer: Nobody <nobody@example.org>\nDescription: newer\nFilename: ./netbase.deb\nSize: 1\nSHA256: %064d\n' 0 > Packages
printf 'Label: Debian-Security\nSuite: stable-security\nVersion: 12\nSHA256:\n %s %s Packages\n' "$(sha256sum < Packages | cut -c1-64)" "$(stat -c %s Packages)" > Release
echo 'deb [trusted=yes] file:/srv/security ./' > /etc/apt/sources.list.d/security.list; apt-get update -qq`,
    found: 'security-updates',
    said: /^1 security update not installed: netbase\.$/,
    byHand: 'rm -r /srv/security /etc/apt/sources.list.d/security.list; apt-get update -qq',
  },
  {
    name: 'a reboot that nobody made',
    plant: "touch -d '2 days ago' /run/reboot-required; echo linux-image-amd64 > /run/reboot-required.pkgs",
    found: 'reboot-required',
    said: /^Updates need a reboot since .*, by linux-image-amd64\.$/,
    byHand: 'rm /run/reboot-required*',
  },
];

/** One message, as the webhook got it. */
interface Told {
  readonly title: string;
  readonly text: string;
  readonly events: readonly { readonly check: string; readonly kind: string; readonly said: string }[];
}

let host: Rehearsal;
let inbox: () => Promise<readonly string[]>;

beforeAll(async () => {
  host = await startRehearsal();
  await writeAnswers(host);
  await installProduct(host, console.log);
  console.log(await new Operator(host).run());
  inbox = await host.internet.mailbox('studio@example.org', PASSWORD);
  const listener = await readFile(join(import.meta.dirname, '../install/webhook.py'), 'utf8');
  await host.write('/root/webhook.py', listener);
  await host.write('/root/smtp-password', PASSWORD, { mode: '600' });
  await host.write('/root/webhook', 'http://127.0.0.1:8099/hooks/watch', { mode: '600' });
  await host.write(
    '/root/watch.yaml',
    `watch:
  email: {to: [admin@example.org], from: studio@example.org}
  smtp: {host: mail.example.test, user: studio@example.org, password: {file: /root/smtp-password}}
  webhook: {file: /root/webhook}
  textfile: ${METRICS}
`,
  );
  await shell(
    host,
    // The test says when a round is: the timer's own could fall between a fault and its end.
    `systemctl reset-failed; mkdir -p ${METRICS.slice(0, METRICS.lastIndexOf('/'))}
     mkdir -p /etc/systemd/system/studio-setup-watch.timer.d
     printf '[Timer]\\nOnCalendar=\\nOnCalendar=yearly\\n' > /etc/systemd/system/studio-setup-watch.timer.d/by-hand.conf
     systemd-run --quiet --unit test-webhook python3 /root/webhook.py 8099 /root/told
     until curl --silent --output /dev/null http://127.0.0.1:8099/; do sleep 0.1; done; : > /root/told
     studio-setup watch enable --answers /root/watch.yaml --yes`,
  );
});
afterAll(() => host?.stop());

/** The timer's own round, under the rights of its unit. */
const round = () => shell(host, 'systemctl start studio-setup-watch.service');

/** As if what is remembered were a day older: the next round makes the daily checks, and no check came and went today. */
function aDayLater(): Promise<string> {
  return shell(host, 'python3 -', {
    input: `import json
file = '/var/lib/studio-setup/watch.json'
def older(value):
    if isinstance(value, dict): return {key: older(each) for key, each in value.items()}
    if isinstance(value, list): return [older(each) for each in value]
    # Only a time is that large.
    return value - 25 * 3600 * 1000 if isinstance(value, (int, float)) and value > 1e12 else value
state = older(json.load(open(file)))
json.dump(state, open(file, 'w'))
`,
  });
}

async function told(): Promise<readonly Told[]> {
  const lines = (await host.read('/root/told')).split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Told);
}

const subjectOf = (mail: string) => /^Subject: (.*)\r?$/m.exec(mail)?.[1]?.trim();

/** @returns what came since then, by the webhook, once it is clear that the e-mails are the same */
async function since(before: number): Promise<readonly Told[]> {
  const all = await told();
  const mails = await inbox();
  expect(mails.map(subjectOf)).toEqual(all.map(({ title }) => title));
  return all.slice(before);
}

/** @returns ids of checks, in order, of the events of a kind */
const idsOf = (messages: readonly Told[], kind: string) =>
  messages
    .flatMap(({ events }) => events)
    .filter((event) => event.kind === kind)
    .map(({ check }) => check)
    .sort();

async function fix(fault: Fault): Promise<void> {
  if (fault.byHand !== undefined) return void (await executeRun(host, fault.byHand));
  const options = (fault.options ?? []).join(' ');
  await shell(host, `studio-setup doctor --fix --yes ${options}`);
}

describe('with the watch enabled', () => {
  test('as many faults are planted as are named', () => {
    expect(ours.map(({ name }) => name).sort()).toEqual(Object.keys(PLANTED).sort());
  });

  test.each([...ours, ...others])(
    '$name: told once by each way, and once when it is well again',
    async (fault) => {
      await aDayLater();
      const before = (await told()).length;
      await executeRun(host, fault.plant);
      try {
        await round();
        const first = await since(before);
        const failed = idsOf(first, 'failing');
        const perhaps = [...(fault.perhaps ?? []), 'timer-studio-clock-tick'];
        const certain = failed.filter((id) => !perhaps.includes(id));
        expect(certain, JSON.stringify(first)).toEqual([fault.found, ...(fault.also ?? [])].sort());
        expect(first).toHaveLength(1);
        const found = first[0]?.events.find(({ check }) => check === fault.found);
        expect(found?.said).toMatch(fault.said);
        expect(first[0]?.text).toContain('What to do: ');
        expect(await host.read(METRICS)).toContain(`studio_setup_check_ok{check="${fault.found}"} 0\n`);
        // Nothing is told twice; what came of it meanwhile, such as a service that gave up, is told for itself.
        await round();
        const later = (await since(before)).slice(first.length);
        expect(later.flatMap(({ events }) => events).filter(({ check }) => !perhaps.includes(check))).toEqual(
          [],
        );
      } finally {
        // Also when that failed, or the faults that follow would fail with it.
        await fix(fault);
        await round();
      }
      const all = await since(before);
      const failing = idsOf(all, 'failing');
      expect(failing).toEqual([...new Set(failing)]);
      expect(idsOf(all, 'well')).toEqual(failing);
      expect(idsOf(all, 'unsteady')).toEqual([]);
      expect(await host.read(METRICS)).toContain('studio_setup_checks_failing 0\n');
      await round();
      expect(await since(before)).toEqual(all);
    },
  );
});

test('watch disable takes all of it away but the history, and does so once', async () => {
  const disable = () => host.exec(['env', 'SUDO_USER=anna', 'studio-setup', 'watch', 'disable', '--yes']);
  const first = await disable();
  expect(first.code, first.stdout + first.stderr).toBe(0);
  expect(first.stdout).toContain('Nothing is checked by itself any more.');
  const left = await host.exec([
    'sh',
    '-c',
    'ls -d /etc/systemd/system/studio-setup-watch.* /etc/systemd/system/timers.target.wants/studio-setup-watch* /etc/blender-studio/watch.json /etc/update-motd.d/95-studio-setup 2>/dev/null; systemctl is-active studio-setup-watch.timer; systemctl is-enabled studio-setup-watch.timer 2>/dev/null; grep -rl planted-password /etc /var/lib --exclude-dir=journal; true',
  ]);
  // What somebody else put beside a unit of the watch stays, and starts nothing.
  expect(left.stdout.trim().split('\n')).toEqual([
    '/etc/systemd/system/studio-setup-watch.timer.d',
    'inactive',
  ]);
  const { stdout: status } = await host.exec(['studio-setup', 'watch', 'status']);
  for (const words of [
    / rounds remembered\./,
    / {2}Checks {6}·.*[▁-▇] {2}\d+ of \d+ days without a failure\n/,
    / {2}Front page {2}·.*[▁-▇] {2}\d\.\d\d s, at most \d\.\d\d s\n/,
    / {2}Disk {8}·.*[▁-▇] {2}\d+\.\d GB left on /,
    /Done last:\n {2}.* {2}watch disable \(\d changes\), by anna\n/,
  ])
    expect(status).toMatch(words);
  const doctor = await host.exec(['studio-setup', 'doctor', '--yes']);
  expect([doctor.code, oneLine(doctor.stdout)]).toEqual([0, expect.stringContaining('Watch: Not set up')]);
  const again = await disable();
  expect([again.code, again.stdout]).toEqual([
    0,
    expect.stringContaining('The watch is not set up; nothing was changed.'),
  ]);
});
