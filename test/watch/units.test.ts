import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { isLater } from '../../src/engine/operation.ts';
import { Secret } from '../../src/output/secret.ts';
import type { Channels } from '../../src/watch/channels.ts';
import { unwatchOperations, watchOperations } from '../../src/watch/units.ts';
import { FakeHost } from '../host/fake/fake-host.ts';
import { type Row, table } from '../operations/table.ts';
import { passTime } from '../operations/virtual-time.ts';

vi.mock('node:timers/promises', async () => (await import('../operations/virtual-time.ts')).timers);

const CHANNELS = '/etc/blender-studio/watch.json';
const SERVICE = '/etc/systemd/system/studio-setup-watch.service';
const TIMER = '/etc/systemd/system/studio-setup-watch.timer';
const LOGIN = '/etc/update-motd.d/95-studio-setup';
const LINK = '/etc/systemd/system/timers.target.wants/studio-setup-watch.timer';
const HOOK = 'https://chat.example.org/hooks/planted-in-units';

const PROGRAM = '/usr/local/bin/studio-setup';
const wanted = (program: readonly string[] = [PROGRAM], channels: Channels = { webhook: new Secret(HOOK) }) =>
  watchOperations({ program, channels, note: '/run/studio-setup/motd' });
const EMAIL = { from: 'studio@example.org', to: ['ada@example.org'] };
const SMTP = { host: 'mail.example.org', port: 587, security: 'starttls' } as const;
const mailServer = (channels?: Channels) => operation('watch/mail-server', wanted([PROGRAM], channels));

function operation(id: string, all = wanted()) {
  const found = all.find((each) => each.id === id);
  if (found === undefined) throw new TypeError(id);
  return found;
}

/** What enabling writes, as text. */
async function textOf(id: string, file: string, program?: readonly string[]): Promise<string> {
  const host = new FakeHost();
  const change = await operation(id, wanted(program)).observe(host);
  if (change === undefined || isLater(change)) throw new TypeError(id);
  await change.apply(host);
  return (await host.read(file)) ?? '';
}

const TIMER_TEXT = await textOf('watch/timer', TIMER);
const ROOTS = { '/usr/local/bin': { folder: true }, [PROGRAM]: { text: '', mode: 0o755 } } as const;

const files = (
  Object.entries({
    'watch/ways': CHANNELS,
    'watch/service': SERVICE,
    'watch/timer': TIMER,
    'watch/login': LOGIN,
  }) as readonly (readonly [string, string])[]
).map(
  ([id, file]): Row => ({
    title: file,
    operation: operation(id),
    change: { kind: 'create', summary: file },
    check: ({ host }) => {
      expect(host.tree.find(file)?.mode).toBe({ [CHANNELS]: 0o600, [LOGIN]: 0o755 }[file] ?? 0o644);
    },
  }),
);

table('the watch is set up', [
  { title: "the program is root's", operation: operation('watch/program'), before: ROOTS, upToDate: true },
  {
    title: 'a program that another account can replace',
    operation: operation('watch/program', wanted(['/opt/ada/studio-setup'])),
    before: { '/opt/ada': { folder: true, owner: 'www-data' }, '/opt/ada/studio-setup': '' },
    refused: { what: /root's timer: \/opt\/ada belongs to www-data/, remedy: /\/usr\/local\/bin/ },
  },
  {
    title: 'a program whose path no unit takes',
    operation: operation('watch/program', wanted(['/opt/100%/studio-setup'])),
    refused: { what: /signs that units do not take/ },
  },
  {
    title: 'e-mail without a mail server',
    operation: mailServer({ email: EMAIL }),
    refused: {
      what: /can't send e-mail: .*no \/usr\/sbin\/sendmail\. Nothing was changed/,
      remedy: /Install a mail server .* or give an account/,
    },
  },
  {
    title: 'e-mail by the mail server of this machine',
    operation: mailServer({ email: EMAIL }),
    before: { '/usr/sbin/sendmail': '' },
    upToDate: true,
  },
  {
    title: 'e-mail by an account needs none',
    operation: mailServer({ email: { ...EMAIL, smtp: SMTP } }),
    upToDate: true,
  },
  { title: 'nor does a webhook', operation: mailServer(), upToDate: true },
  ...files,
  {
    title: 'the timer',
    operation: operation('watch/running'),
    before: { [TIMER]: TIMER_TEXT },
    change: { kind: 'run', starts: ['studio-setup-watch.timer'] },
    after: { [LINK]: { link: TIMER } },
    check: ({ systemd }) => expect(systemd.unit('studio-setup-watch.timer').active).toBe('active'),
  },
]);

table('the watch makes a first round', [
  {
    title: 'before which there was none',
    operation: operation('watch/first-round'),
    before: { [SERVICE]: 'x\n', [CHANNELS]: '{}\n' },
    change: { kind: 'run', summary: 'a first round: none was made yet' },
    ran: ['systemctl start studio-setup-watch.service'],
  },
  {
    title: 'again once the ways are others',
    operation: operation('watch/first-round'),
    before: { [SERVICE]: 'x\n', [CHANNELS]: '{}\n' },
    arrange({ host, systemd }) {
      passTime(60_000);
      systemd.running('studio-setup-watch.service', 1000).active = 'inactive';
      passTime(60_000);
      host.arrange({ [CHANNELS]: '{"textfile":"/x.prom"}\n' });
    },
    change: { summary: `a first round: ${CHANNELS} is newer than the last one` },
  },
  {
    title: 'that fails',
    operation: operation('watch/first-round'),
    before: { [SERVICE]: 'x\n' },
    arrange({ systemd }) {
      Object.assign(systemd.unit('studio-setup-watch.service'), {
        starts: () => 'failed',
        journal: ['webhook: it does not answer'],
      });
    },
    change: { kind: 'run' },
    fails: { what: /first round of the watch failed/, remedy: /studio-setup watch enable/ },
  },
  {
    title: 'once its units are there',
    operation: operation('watch/first-round'),
    arrange: ({ host }) => host.expect([SERVICE]),
    later: 'after its units',
  },
]);

table('the watch is taken away', [
  {
    title: 'the timer',
    operation: operation('watch/stopped', unwatchOperations()),
    before: { [TIMER]: TIMER_TEXT, [LINK]: { link: TIMER } },
    arrange: ({ systemd }) => void systemd.running('studio-setup-watch.timer', 1000),
    change: { kind: 'run' },
    after: { [LINK]: null },
    check: ({ host, systemd }) => {
      expect(systemd.unit('studio-setup-watch.timer').active).toBe('inactive');
      // By these undo knows that it ran.
      expect(host.memory.journal.map(({ kind }) => kind)).toEqual(['stop', 'remove']);
    },
  },
  { title: 'no timer', operation: operation('watch/stopped', unwatchOperations()), upToDate: true },
  ...[TIMER, SERVICE, LOGIN, CHANNELS].flatMap((file): readonly Row[] => [
    {
      title: file,
      operation: operation(`watch/gone${file}`, unwatchOperations()),
      before: { [file]: 'x\n' },
      change: { kind: 'run' },
      after: { [file]: null },
    },
    {
      title: `without ${file}`,
      operation: operation(`watch/gone${file}`, unwatchOperations()),
      upToDate: true,
    },
  ]),
]);

it('shows no secret of a way in the plan', async () => {
  const change = await operation('watch/ways').observe(new FakeHost());
  expect(JSON.stringify(change)).toContain('••••');
  expect(JSON.stringify(change)).not.toContain(HOOK);
});

it('writes units that systemd takes, without a word', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'studio-setup-units-'));
  try {
    const program = path.join(folder, 'studio-setup');
    writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 });
    for (const [id, file] of [
      ['watch/service', SERVICE],
      ['watch/timer', TIMER],
    ] as const)
      writeFileSync(path.join(folder, path.basename(file)), await textOf(id, file, [program]));
    const units = [SERVICE, TIMER].map((file) => path.join(folder, path.basename(file)));
    // Its exit code tells nothing (some errors end with 0): what it prints does.
    const said = execFileSync('systemd-analyze', ['verify', '--man=no', ...units], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    expect(said).toBe('');
    expect(await textOf('watch/service', SERVICE)).toContain(`\nExecStart=${PROGRAM} watch run --plain\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('lets the checks see folders as they are: what is read-only for them could be written by nobody', async () => {
  expect(await textOf('watch/service', SERVICE)).not.toMatch(
    /^(ProtectSystem|ProtectHome|PrivateTmp|ReadOnlyPaths)=/m,
  );
});

it('shows at a login what there is to show, and nothing else', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'studio-setup-login-'));
  try {
    const script = (await textOf('watch/login', LOGIN)).replaceAll('/run/studio-setup', folder);
    const login = () => execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' });
    expect(login()).toBe('');
    writeFileSync(path.join(folder, 'motd'), "can't tell you\n");
    expect(login()).toBe("can't tell you\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
