import { describe, expect, it, vi } from 'vitest';
import { packagedUnit, packages } from '../../src/operations/packages.ts';
import { Apt } from '../host/fake/apt.ts';
import { FakeHost } from '../host/fake/fake-host.ts';
import { when } from '../host/fake/programs.ts';
import { type Machine, table } from './table.ts';

vi.mock('node:timers/promises', async () => (await import('./virtual-time.ts')).timers);

const operation = packages({
  id: 'nginx/packages',
  title: 'packages: nginx',
  packages: ['nginx', 'certbot'],
  starts: ['nginx.service'],
});
const CONFIGURE = 'dpkg --force-confdef --force-confold --configure -a';
const INSTALL = expect.stringMatching(/^apt-get install -y --no-install-recommends .*nginx certbot$/);

/** @param states of packages; the sources have both */
const arrange =
  (states: Readonly<Record<string, string>> = {}, more: (apt: Apt, host: FakeHost) => void = () => {}) =>
  ({ host }: Machine) => {
    const apt = new Apt(host);
    for (const name of ['nginx', 'certbot']) apt.sources.add(name);
    for (const [name, state] of Object.entries(states)) apt.states.set(name, state);
    more(apt, host);
  };
const failing = (stderr: string) =>
  arrange({}, (apt) => {
    apt.fails = { code: 100, stderr };
  });

table('packages', [
  {
    title: 'installed, with the lists fetched first',
    operation,
    arrange: arrange(),
    change: {
      kind: 'run',
      summary: 'install nginx certbot',
      touches: [packagedUnit('nginx.service')],
      starts: ['nginx.service'],
      irreversible: expect.stringContaining('packages stay'),
    },
    ran: ['apt-get update -q', INSTALL],
    midway: [
      {
        plant: { exec: 1, result: { code: 100, stderr: 'E: Failed to fetch http://deb\n' } },
        fails: /could not be fetched/,
        left: {},
      },
      { plant: { exec: 2, result: { code: 137 } }, fails: /command failed: apt-get install/, left: {} },
    ],
  },
  {
    title: 'up to date',
    operation,
    arrange: arrange({ nginx: 'installed', certbot: 'installed' }),
    upToDate: true,
  },
  {
    title: 'up to date, as they are not wanted on this server',
    operation: packages({ id: 'x/y', title: 'x', packages: ['nginx'], unless: async () => true }),
    arrange: arrange(),
    upToDate: true,
  },
  {
    title: 'dpkg can not be asked: that is not "none is installed"',
    operation,
    arrange: ({ host }) =>
      host.programs.add(
        when(/^dpkg-query /, () => ({
          code: 2,
          stderr: "dpkg-query: error: parsing file '/var/lib/dpkg/status'\n",
        })),
      ),
    refused: { what: /dpkg can't tell .*parsing file/ },
  },
  {
    title: 'only what is missing',
    operation,
    arrange: arrange({ nginx: 'installed' }),
    change: { summary: 'install certbot' },
    ran: [
      'apt-get update -q',
      expect.stringMatching(/^apt-get install .*Timeout=300 .*--force-confold certbot$/),
    ],
  },
  {
    title: 'lists that are fresh are not fetched again',
    operation,
    arrange: arrange({}, (apt, host) => apt.fetched(host, Date.now() - 9 * 60_000)),
    change: { kind: 'run' },
    ran: [INSTALL],
  },
  {
    title: 'lists that are older are',
    operation,
    arrange: arrange({}, (apt, host) => apt.fetched(host, Date.now() - 11 * 60_000)),
    change: { kind: 'run' },
    ran: ['apt-get update -q', INSTALL],
  },
  {
    title: 'removed and not purged is not installed',
    operation,
    arrange: arrange({ nginx: 'config-files', certbot: 'installed' }),
    change: { summary: 'install nginx' },
    ran: ['apt-get update -q', expect.stringMatching(/ nginx$/)],
  },
  {
    title: 'what a killed install left is configured first',
    operation,
    arrange: arrange({ nginx: 'half-configured', certbot: 'installed' }),
    change: { summary: 'install nginx' },
    ran: [CONFIGURE, 'apt-get update -q', expect.stringMatching(/ nginx$/)],
    midway: [{ plant: { exec: 1, result: { code: 1 } }, fails: /command failed: dpkg/, left: {} }],
  },
  {
    title: "another package's half install is as well",
    operation,
    arrange: arrange({ other: 'unpacked' }),
    change: { kind: 'run' },
    ran: [CONFIGURE, 'apt-get update -q', INSTALL],
  },
  {
    title: 'another package manager at work is waited for, and that is said once',
    operation,
    arrange: arrange({}, (apt, host) => apt.lockedBy(host, 812, 'apt-get upgrade', 5_000)),
    change: { kind: 'run' },
    ran: ['apt-get update -q', INSTALL],
    check: ({ host }) =>
      expect(host.said.filter((line) => line.startsWith('Waiting'))).toEqual([
        'Waiting for apt-get upgrade (process 812), which has locked apt.',
      ]),
  },
  ...(
    [
      [
        'a lock',
        'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 812 (apt-get)',
        /holds the lock/,
        /unattended-upgrades/,
      ],
      [
        'no network',
        'Err:1 http://deb.debian.org bookworm InRelease\n  Temporary failure resolving',
        /could not be fetched/,
        /sources/,
      ],
      [
        "a package's script, with words of a network",
        'psql: error: connection to server failed: Connection refused\nCould not resolve it; failed to Failed to fetch\nE: Sub-process /usr/bin/dpkg returned an error code (1)',
        /command failed: apt-get/,
        /log/,
      ],
      ['a full disk', 'dpkg: error: failed to write: No space left on device', /disk is full/, /df -h/],
      [
        'a cause that is not known',
        'E: Sub-process /usr/bin/dpkg returned an error code (1)',
        /command failed: apt-get/,
        /log/,
      ],
    ] as const
  ).map(([title, stderr, what, remedy]) => ({
    title,
    operation,
    arrange: failing(stderr),
    change: { kind: 'run' as const },
    fails: { what, remedy },
  })),
  {
    title: 'a package that no source has',
    operation: packages({ id: 'x/y', title: 'x', packages: ['no-such'] }),
    arrange: arrange(),
    change: { kind: 'run' },
    fails: { what: /command failed/, remedy: /universe/ },
  },
  {
    // apt-get(8): lists that can't be fetched are a warning, and the exit code is 0; then it knows no package at all.
    title: 'no package is known, as no list was fetched: the network, not the sources',
    operation: packages({ id: 'x/y', title: 'x', packages: ['no-such'] }),
    arrange: arrange({}, (_, host) =>
      host.programs.add(
        when(/^apt-get update /, () => ({
          stdout:
            "Err:1 http://deb.debian.org/debian bookworm InRelease\n  Temporary failure resolving 'deb.debian.org'\n",
          stderr:
            "W: Failed to fetch http://deb.debian.org/debian/dists/bookworm/InRelease  Temporary failure resolving 'deb.debian.org'\nW: Some index files failed to download. They have been ignored, or old ones used instead.\n",
        })),
      ),
    ),
    change: { kind: 'run' },
    fails: { what: /could not be fetched/, remedy: /network/ },
  },
]);

describe('what dpkg says', () => {
  it.each([
    ['installed', []],
    ['half-installed', ['nginx']],
    [undefined, ['nginx']],
  ] as const)('%s', async (state, missing) => {
    const host = new FakeHost();
    const apt = new Apt(host);
    if (state !== undefined) apt.states.set('nginx', state);
    const { packages: debian } = packages({ id: 'test/nginx', title: 'nginx', packages: ['nginx'] });
    expect(await debian?.missing(host)).toEqual(missing);
  });
});
