import { describe, expect, it, vi } from 'vitest';
import { packagedUnit, packages } from '../../src/operations/packages.ts';
import { Apt, ARCHIVES } from '../host/fake/apt.ts';
import { coreutils } from '../host/fake/coreutils.ts';
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

describe('fetching ahead', () => {
  const HERE = `${ARCHIVES}/studio-setup`;
  const DOWNLOAD = /^apt-get install .*--download-only/;
  /** @returns the host on which it was done, what it said or that it failed, and the names of what is in the cache then */
  async function fetched(more: (apt: Apt, host: FakeHost) => void = () => {}) {
    const host = new FakeHost();
    host.programs.add(coreutils(host));
    const apt = new Apt(host);
    for (const name of ['nginx', 'certbot']) apt.sources.add(name);
    apt.fetched(host, Date.now());
    more(apt, host);
    const done = await operation.packages?.fetch?.(host).catch(() => 'failed');
    return { host, apt, done, cache: host.tree.list(ARCHIVES) };
  }

  it('has them in the cache, and nothing is installed', async () => {
    const { host, apt, cache, done } = await fetched();
    expect(done).toBe(true);
    expect(cache).toEqual(['certbot_1_amd64.deb', 'nginx_1_amd64.deb']);
    expect([...apt.states]).toEqual([]);
    // Without a lock, as the other apt-get has it; so in a folder that the other one does not use.
    expect(host.ran.filter((line) => DOWNLOAD.test(line))).toEqual([
      `apt-get install -y --no-install-recommends --download-only -o Debug::NoLocking=true -o Dir::Cache::Archives=${HERE}/ nginx certbot`,
    ]);
  });

  it('takes what is in the cache', async () => {
    const { host } = await fetched((_, { tree }) => tree.put(`${ARCHIVES}/nginx_1_amd64.deb`, { text: '' }));
    expect(host.said.filter((line) => line.startsWith('Get:'))).toEqual([
      'Get:1 http://deb.debian.org/debian certbot',
    ]);
  });

  it('gives back nothing of what was in the cache: apt may have deleted that meanwhile', async () => {
    const { cache } = await fetched((_, host) => {
      host.tree.put(`${ARCHIVES}/other_1_amd64.deb`, { text: '' });
      host.programs.add(
        when(DOWNLOAD, () => {
          host.tree.remove(`${ARCHIVES}/other_1_amd64.deb`);
          return {};
        }),
      );
    });
    expect(cache).toEqual([]);
  });

  it('removes what a kill left where all is installed by now', async () => {
    const { cache } = await fetched((apt, { tree }) => {
      tree.put(`${HERE}/nginx_1_amd64.deb`, { text: '' });
      for (const name of ['nginx', 'certbot']) apt.states.set(name, 'installed');
    });
    expect(cache).toEqual([]);
  });

  it('goes on with what a kill left', async () => {
    const { host, cache } = await fetched((_, { tree }) =>
      tree.put(`${HERE}/nginx_1_amd64.deb`, { text: '' }),
    );
    expect(host.said.filter((line) => line.startsWith('Get:'))).toHaveLength(1);
    expect(cache).toEqual(['certbot_1_amd64.deb', 'nginx_1_amd64.deb']);
  });

  it('leaves nothing of itself when apt refuses', async () => {
    const { cache, done } = await fetched((apt) => {
      apt.fails = { code: 100, stderr: 'E: Unmet dependencies.\n' };
    });
    expect([done, cache]).toEqual(['failed', []]);
  });

  it('leaves nothing of itself when it is stopped', async () => {
    const { cache, done } = await fetched((_, host) =>
      host.programs.add(
        when(DOWNLOAD, () => {
          host.stop();
          return { code: 143 };
        }),
      ),
    );
    expect([done, cache]).toEqual(['failed', []]);
  });

  it.each([
    {
      where: 'all is installed',
      more: (apt: Apt) => {
        for (const name of ['nginx', 'certbot']) apt.states.set(name, 'installed');
      },
    },
    {
      where: 'the lists are old: the packages may be gone from the mirrors',
      again: true,
      more: (apt: Apt, host: FakeHost) => apt.fetched(host, Date.now() - 11 * 60_000),
    },
    {
      where: 'the operator has apt keep its archives elsewhere',
      more: (_: Apt, host: FakeHost) =>
        host.programs.add(when(/^apt-config /, () => "folder='/srv/archives/'\n")),
    },
    {
      where: 'apt cannot be asked for its folder',
      more: (_: Apt, host: FakeHost) => host.programs.add(when(/^apt-config /, () => ({ code: 100 }))),
    },
  ])('does nothing where $where', async ({ more, again = false }) => {
    const { host, done } = await fetched(more);
    expect([done, host.ran]).toEqual([!again, []]);
  });
});
