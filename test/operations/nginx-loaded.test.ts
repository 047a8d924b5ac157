import { expect, vi } from 'vitest';
import { type NginxLoaded, nginxLoaded } from '../../src/operations/nginx-loaded.ts';
import { when } from '../host/fake/programs.ts';
import { type Machine, table } from './table.ts';
import { passTime } from './virtual-time.ts';

vi.mock('node:timers/promises', async () => (await import('./virtual-time.ts')).timers);
vi.mock('node:os', async (original) => ({
  ...(await original<typeof import('node:os')>()),
  uptime: (await import('./virtual-time.ts')).uptime,
}));

const CONF = '/var/www/config/nginx_studio.conf';
const CHAIN = '/etc/letsencrypt/live/example.org/fullchain.pem';
const UNIT = 'nginx.service';
const LINK = '/etc/systemd/system/multi-user.target.wants/nginx.service';
const THERE = {
  '/lib/systemd/system/nginx.service': '[Install]\nWantedBy=multi-user.target\n',
  [CONF]: 'server {}',
} as const;
/** As nginx(8) names its processes to ps(1). */
const WORKERS = ['nginx: worker process', 'nginx: worker process'];

const wanted = (more: Partial<NginxLoaded> = {}) =>
  nginxLoaded({ id: 'nginx/loaded', title: 'nginx', watches: [CONF, CHAIN], ...more });
/** Debian's package enables and starts it; it refuses a flag that is neither (nginx, ngx_conf_file.c, ngx_conf_set_flag_slot). */
const arrange =
  (more: (machine: Machine) => void = () => {}) =>
  (machine: Machine) => {
    const { host, systemd } = machine;
    host.programs.add(
      when(/^nginx -t$/, () =>
        host.tree.read(CONF).toString().includes('bad')
          ? {
              code: 1,
              stderr: `nginx: [emerg] invalid value "bad" in "sendfile" directive, it must be "on" or "off" in ${CONF}:1\n`,
            }
          : { stderr: 'nginx: configuration file /etc/nginx/nginx.conf test is successful\n' },
      ),
    );
    Object.assign(systemd.unit(UNIT), { workers: WORKERS });
    more(machine);
  };
const up = (more: (machine: Machine) => void = () => {}) =>
  arrange((machine) => {
    machine.systemd.enable(UNIT);
    machine.systemd.running(UNIT, 100);
    passTime(60_000);
    more(machine);
  });

table('nginx-loaded', [
  {
    title: 'enabled and started',
    operation: wanted(),
    before: THERE,
    arrange: arrange(),
    change: {
      kind: 'run',
      summary: 'start nginx (not enabled, nginx is inactive)',
      shell: ['nginx -t', 'systemctl enable nginx', 'systemctl start nginx'],
      starts: [UNIT],
    },
    after: { [LINK]: { link: '/lib/systemd/system/nginx.service' } },
    ran: [
      'nginx -t',
      `systemctl reenable --no-reload ${UNIT}`,
      'systemctl daemon-reload',
      `systemctl start ${UNIT}`,
    ],
    midway: [
      {
        plant: { exec: 2, result: { code: 1 } },
        fails: /command failed: systemctl reenable/,
        left: { [LINK]: null },
      },
      {
        plant: { exec: 4, result: 'killed' },
        left: { [LINK]: { link: '/lib/systemd/system/nginx.service' } },
      },
    ],
  },
  { title: 'up to date', operation: wanted(), before: THERE, arrange: up(), upToDate: true },
  {
    title: 'a newer configuration is tested, then reloaded',
    operation: wanted(),
    before: THERE,
    arrange: up(({ host }) => host.arrange({ [CONF]: 'server { listen 80; }' })),
    change: { summary: `reload nginx (${CONF} is not loaded)`, reloads: [UNIT] },
    ran: ['nginx -t', `systemctl reload ${UNIT}`],
    check: ({ host }) =>
      expect(host.memory.journal).toContainEqual(
        expect.objectContaining({ kind: 'reload', unit: UNIT, reads: [CONF, CHAIN] }),
      ),
    midway: [
      { plant: { exec: 2, result: { code: 137 } }, fails: /command failed: systemctl reload/, left: {} },
    ],
  },
  {
    title: 'a renewed certificate: the link is older than what it names',
    operation: wanted(),
    before: {
      ...THERE,
      [CHAIN]: { link: '../../archive/example.org/fullchain1.pem' },
      '/etc/letsencrypt/archive/example.org/fullchain1.pem': 'old',
    },
    arrange: up(({ host }) => host.arrange({ '/etc/letsencrypt/archive/example.org/fullchain1.pem': 'new' })),
    change: { summary: `reload nginx (${CHAIN} is not loaded)` },
  },
  {
    title: 'in the plan: a file will change',
    operation: wanted(),
    before: THERE,
    arrange: up(({ host }) => void host.planned.add(CONF)),
    change: { summary: `reload nginx (${CONF} is not loaded)` },
  },
  {
    title: 'a configuration from the future, as after a clock that was set back: once is enough',
    operation: wanted(),
    before: THERE,
    arrange: up(({ host }) =>
      host.arrange({ [CONF]: { text: 'server {}', modified: Date.now() + 3_600_000 } }),
    ),
    change: { summary: `reload nginx (${CONF} is not loaded)` },
  },
  {
    title: 'a configuration that nginx refuses: the running one is not touched',
    operation: wanted(),
    before: THERE,
    arrange: up(({ host }) => host.arrange({ [CONF]: 'server { sendfile bad; }' })),
    change: { summary: `reload nginx (${CONF} is not loaded)` },
    fails: { what: /nginx refuses its configuration/, remedy: /was not touched/ },
    ran: ['nginx -t'],
  },
  ...(
    [
      ["of what is root's alone", 'load_module /tmp/x.so;', /load_module \/tmp\/x\.so/],
      ['that can not be judged', 'server { sendfile', /nginx_studio\.conf: nginx configuration, line 1/],
    ] as const
  ).map(([title, text, what]) => ({
    title: `a configuration of www-data's ${title}: nginx is not asked to read it`,
    operation: wanted(),
    before: THERE,
    arrange: up(({ host }) => host.arrange({ [CONF]: { text, owner: 'www-data' } })),
    change: { summary: `reload nginx (${CONF} is not loaded)` },
    fails: { what, remedy: /treat the site as broken into/ },
    ran: [],
  })),
  {
    title: 'running, and not enabled',
    operation: wanted(),
    before: THERE,
    arrange: arrange(({ systemd }) => {
      systemd.running(UNIT, 100);
      passTime(1000);
    }),
    change: { summary: 'reload nginx (not enabled)' },
    after: { [LINK]: { link: '/lib/systemd/system/nginx.service' } },
  },
  {
    title: 'active, without a worker',
    operation: wanted(),
    before: THERE,
    arrange: up(({ systemd }) => systemd.processes.renew(systemd.unit(UNIT).mainPid, [], 0)),
    change: { summary: 'start nginx (nginx is active)', starts: [UNIT] },
    fails: { what: /is not loaded/ },
  },
  {
    title: 'answers otherwise than it should, until it is reloaded',
    operation: wanted({
      answers: async (host) => ((await host.read('/run/reloaded')) === undefined ? 'HTTP 301' : undefined),
    }),
    before: THERE,
    arrange: up(
      ({ host, systemd }) =>
        void Object.assign(systemd.unit(UNIT), {
          reloads: () => {
            host.arrange({ '/run/reloaded': '' });
            return {};
          },
        }),
    ),
    change: { summary: 'reload nginx (HTTP 301)' },
  },
  {
    title: 'goes on answering otherwise',
    operation: wanted({ answers: async () => 'HTTP 301' }),
    before: THERE,
    arrange: up(),
    change: { summary: 'reload nginx (HTTP 301)' },
    fails: { what: /does not serve the site as it should: HTTP 301/, remedy: /error\.log/ },
  },
  {
    title: 'a reload that fails, and keeps the old workers',
    operation: wanted(),
    before: THERE,
    arrange: up(({ host, systemd }) => {
      host.arrange({ [CONF]: 'server { }' });
      Object.assign(systemd.unit(UNIT), { reloads: () => ({ code: 1 }), journal: ['bind() failed'] });
    }),
    change: { reloads: [UNIT] },
    fails: { what: /nginx_studio\.conf is not loaded/ },
  },
  {
    title: 'a start that fails',
    operation: wanted(),
    before: THERE,
    arrange: arrange(({ systemd }) => void Object.assign(systemd.unit(UNIT), { starts: () => 'failed' })),
    change: { starts: [UNIT] },
    fails: { what: /its state is failed/ },
  },
]);
