import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { renewalTried } from '../../src/checks/certificate.ts';
import { fixNodes } from '../../src/checks/fix-operations.ts';
import { nginxConfiguration } from '../../src/checks/nginx.ts';
import { exampleAnswers } from '../../src/engine/example-answers.ts';
import { isLater, type Operation } from '../../src/engine/operation.ts';
import { certificate } from '../../src/operations/certificate.ts';
import { file } from '../../src/operations/file.ts';
import { link } from '../../src/operations/link.ts';
import { nginxLoaded } from '../../src/operations/nginx-loaded.ts';
import { nginxTested } from '../../src/operations/nginx-tested.ts';
import { renewal } from '../../src/operations/renewal.ts';
import { start } from '../../src/operations/unit-start.ts';
import { certificatesGone } from '../../src/procedures/change-domain/certificates.ts';
import { configurations } from '../../src/procedures/change-domain/nginx.ts';
import { requirementsOf } from '../../src/procedures/change-domain/requirements.ts';
import { inTheWay } from '../../src/requirements/in-the-way.ts';
import { CONFIG, NGINX_COMMON, NGINX_LINK, NGINX_SITE, SITE_USER } from '../../src/site/layout.ts';
import { nginxReloaded, startedAgain } from '../../src/undo/units.ts';
import { sections } from '../../steps/index.ts';
import { FakeHost } from '../host/fake/fake-host.ts';
import { when } from '../host/fake/programs.ts';
import { Systemd } from '../host/fake/systemd.ts';
import { Certbot } from '../operations/certbot.ts';
import { stopTime } from '../operations/virtual-time.ts';

vi.mock('node:dns/promises', () => ({
  Resolver: class {
    resolve4 = async () => ['192.0.2.7'];
    resolve6 = async () => [];
  },
}));

vi.mock('node:timers/promises', async () => (await import('../operations/virtual-time.ts')).timers);
vi.mock('node:os', async (original) => ({
  ...(await original<typeof import('node:os')>()),
  uptime: (await import('../operations/virtual-time.ts')).uptime,
}));
beforeEach(stopTime);
afterEach(() => void vi.useRealTimers());

const NAME = 'studio.example.org';
const SERVER = 'https://acme.example.org/directory';
const UNIT = 'nginx.service';
const answers = exampleAnswers(sections);

/** A site of which www-data has put a line for root into nginx's file; and what root's nginx was made to read since. */
function taken(line = 'access_log /etc/cron.d/x;') {
  const host = new FakeHost();
  const reads: string[] = [];
  const systemd = new Systemd(host);
  const certbot = new Certbot(host);
  certbot.put(NAME, [NAME], SERVER);
  host.arrange({
    '/run/nginx.pid': '1\n',
    '/lib/systemd/system/nginx.service': '[Install]\nWantedBy=multi-user.target\n',
    '/var/www': { folder: true, owner: SITE_USER },
    [CONFIG]: { folder: true, owner: SITE_USER },
    [NGINX_SITE]: { text: `server { listen 80; ${line} }\n`, owner: SITE_USER },
  });
  systemd.running(UNIT, 1000, { workers: ['nginx: worker process'] });
  const read = (row: RegExp) =>
    when(row, ({ argv }) => {
      reads.push(argv.slice(0, 3).join(' '));
      return {};
    });
  host.programs.add(
    when(/^ip /, () => ''),
    read(/^nginx /),
    read(/^systemctl (start|restart|reload|reload-or-restart) nginx/),
    read(/^certbot (certonly|renew) /),
  );
  return { host, reads, systemd };
}

type Taken = ReturnType<typeof taken>;

async function apply(operation: Operation | undefined, { host }: Taken): Promise<void> {
  const change = await operation?.observe(host);
  if (change === undefined || isLater(change)) throw new TypeError('Nothing to do');
  await change.apply(host);
}

const read = { unit: UNIT, reads: [NGINX_SITE] };
const stale = () => ({ stale: () => true });
const names = { domain: NAME, extraNames: [], formerNames: [] };

/** Each way in which the product has root's nginx read its files. */
const REFUSED: readonly (readonly [string, (machine: Taken) => Promise<unknown>])[] = [
  [
    'it is loaded',
    (machine) => apply(nginxLoaded({ id: 'a/b', title: 'nginx', watches: [NGINX_SITE] }), machine),
  ],
  ['it is started like any unit', ({ host }) => start(host, { unit: UNIT }, false)],
  ['it is restarted like any unit', ({ host }) => start(host, { unit: UNIT }, true)],
  ['undo reloads it', (machine) => apply(nginxReloaded([NGINX_SITE], stale, 'a/b'), machine)],
  [
    'undo of an undo starts it',
    (machine) => {
      machine.systemd.unit(UNIT).active = 'inactive';
      return apply(startedAgain(read, 'a/b'), machine);
    },
  ],
  ...(['reload', 'restart'] as const).map(
    (action) =>
      [
        `doctor --fix: ${action}`,
        (machine: Taken) => apply(fixNodes([`${action}:${UNIT}`], sections, answers)[0]?.operation, machine),
      ] as const,
  ),
  [
    'before a change of domain',
    async ({ host }) =>
      requirementsOf(names, names, SERVER)
        .find(({ id }) => id === 'change-domain/nginx')
        ?.observe(host),
  ],
  ['who names a certificate', ({ host }) => configurations(host)],
  [
    'certificates are deleted',
    (machine) =>
      apply(
        certificatesGone('a/b', async () => [NAME], [NAME]),
        machine,
      ),
  ],
  [
    'a renewal is tried: of a certificate by certbot --nginx that plugin tests and reloads nginx',
    (machine) =>
      apply(
        renewal({
          id: 'a/b',
          title: 'renewal',
          certificates: async () => [NAME],
          server: SERVER,
          named: NAME,
        }),
        machine,
      ),
  ],
  [
    'a certificate is issued',
    (machine) =>
      apply(
        certificate({ id: 'a/b', title: 'x', names: ['x.example.org'], server: SERVER, webroot: '/srv' }),
        machine,
      ),
  ],
];

describe("root's nginx is not made to read what www-data wrote for it", () => {
  it.each(REFUSED)('%s: refused', async (_, act) => {
    const machine = taken();
    await expect(act(machine)).rejects.toThrow('nginx was not told to read them');
    expect(machine.reads).toEqual([]);
  });

  it.each(REFUSED)('%s: not refused without that line', async (_, act) => {
    const machine = taken('');
    const failed = await act(machine).catch((error: unknown) => error);
    expect(String(failed)).not.toContain('nginx was not told to read them');
  });

  it('what keeps visitors from the site is asked of it in every plan: not then', async () => {
    const machine = taken();
    expect(await inTheWay(machine.host, [NAME], true)).toEqual([]);
    expect(machine.reads).toEqual([]);
    const well = taken('');
    await inTheWay(well.host, [NAME], true);
    expect(well.reads).toEqual(['nginx -T']);
  });

  it('the doctor says so', async () => {
    const machine = taken();
    const result = await nginxConfiguration.run(machine.host, answers);
    expect(JSON.stringify(result)).toContain('nginx was not told to read them');
    expect(machine.reads).toEqual([]);
  });

  it('a renewal that the doctor tries: the same', async () => {
    const machine = taken();
    const result = await renewalTried.run(machine.host, answers);
    expect(JSON.stringify(result)).toContain('nginx was not told to read them');
    expect(machine.reads).toEqual([]);
    const well = taken('');
    await renewalTried.run(well.host, answers);
    expect(well.reads).toEqual([expect.stringMatching(/^certbot renew/)]);
  });

  it.each([
    ['a link', () => link({ id: 'a/b', path: NGINX_LINK, target: NGINX_SITE, tested: nginxTested })],
    [
      'a file beside it',
      () =>
        file({
          id: 'a/b',
          path: NGINX_COMMON,
          as: SITE_USER,
          shell: [],
          tested: nginxTested,
          content: async () => '# new\n',
        }),
    ],
  ])('%s is made, and not tested: what loads it refuses', async (_, operation) => {
    const machine = taken();
    await apply(operation(), machine);
    expect(machine.reads).toEqual([]);
    expect(await operation().observe(machine.host)).toBeUndefined();
  });

  it('the file itself is fixed, and tested from then on', async () => {
    const machine = taken();
    const operation = file({
      id: 'a/b',
      path: NGINX_SITE,
      as: SITE_USER,
      shell: [],
      tested: nginxTested,
      content: async () => 'server { listen 80; }\n',
      pristine: async (host) => [(await host.read(NGINX_SITE)) ?? ''],
    });
    await apply(operation, machine);
    const more = link({ id: 'a/b', path: NGINX_LINK, target: NGINX_SITE, tested: nginxTested });
    await apply(more, machine);
    expect(machine.reads).toEqual(['nginx -t', 'nginx -t']);
  });
});

it('nothing but the one door calls nginx', () => {
  const root = path.join(import.meta.dirname, '../..');
  const files = globSync(['src/**/*.ts', 'steps/**/*.ts'], { cwd: root });
  const calls = files.filter((each) =>
    /\[\s*'nginx'\s*,\s*('-|\w+\])/.test(readFileSync(path.join(root, each), 'utf8')),
  );
  expect(calls).toEqual(['src/site/nginx-program.ts']);
});
