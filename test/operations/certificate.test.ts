import { expect, vi } from 'vitest';
import { type Certificate, certificate } from '../../src/operations/certificate.ts';
import { interfaces } from '../host/fake/network.ts';
import { Certbot } from './certbot.ts';
import { type Machine, table } from './table.ts';
import { passTime } from './virtual-time.ts';

/** Name → addresses, as DNS has them. */
const zone = vi.hoisted(() => new Map<string, readonly string[]>());

vi.mock('node:dns/promises', () => ({
  // c-ares says ENOTFOUND for a name that is not there, and ENODATA for one without such a record (dns.NOTFOUND, dns.NODATA).
  Resolver: class {
    resolve4 = (name: string) => this.#records(name, (address) => !address.includes(':'));
    resolve6 = (name: string) => this.#records(name, (address) => address.includes(':'));
    async #records(name: string, kind: (address: string) => boolean) {
      const found = zone.get(name)?.filter(kind) ?? [];
      if (found.length > 0) return found;
      throw Object.assign(new Error(`queryA ${name}`), { code: zone.has(name) ? 'ENODATA' : 'ENOTFOUND' });
    }
  },
}));

const NAME = 'studio.example.org';
const EXTRA = 'www.example.org';
const SERVER = 'https://acme.example.org/directory';
const WEBROOT = '/var/lib/letsencrypt/webroot';
const TOKEN = `${WEBROOT}/.well-known/acme-challenge/studio-setup`;
const CHAIN = `/etc/letsencrypt/live/${NAME}/fullchain.pem`;
const wanted = (more: Partial<Certificate> = {}) =>
  certificate({
    id: 'certificate/get',
    title: 'certificate',
    names: [NAME],
    server: SERVER,
    webroot: WEBROOT,
    ...more,
  });
const THERE = { [CHAIN]: { link: `../../archive/${NAME}/fullchain1.pem` }, [TOKEN]: null } as const;
const COMMAND = `certbot certonly --authenticator webroot --webroot-path ${WEBROOT} --domain ${NAME} --cert-name ${NAME} --server ${SERVER} --key-type ecdsa --agree-tos --no-eff-email --expand --non-interactive`;

/** A host to which its names lead, with a web server that gives out what is in the webroot. */
const arrange =
  (more: (certbot: Certbot, machine: Machine) => void = () => {}) =>
  (machine: Machine) => {
    const { host } = machine;
    zone.clear();
    for (const name of [NAME, EXTRA]) zone.set(name, ['192.0.2.7', '2001:db8::7']);
    host.web = (url) => {
      const { pathname } = new URL(url);
      try {
        return { status: 200, headers: {}, body: host.tree.read(`${WEBROOT}${pathname}`).toString() };
      } catch {
        return { status: 404, headers: {}, body: '' };
      }
    };
    interfaces(host, '192.0.2.7', '2001:db8::7');
    more(new Certbot(host), machine);
  };
const refusing = (words: string) => arrange((certbot) => void Object.assign(certbot, { refuses: words }));
const failedBefore = (minutes: readonly number[], key = 'certificate-dry-run') =>
  arrange((_, { host }) =>
    host.remember(`${key}:${NAME}`, minutes.map((ago) => Date.now() - ago * 60_000).join(' ')),
  );
const hintOf = ({ host }: Machine) => host.hint(`certificate-dry-run:${NAME}`)?.split(' ').length ?? 0;

table('certificate', [
  {
    title: 'a token by name first, then a trial, then the certificate',
    operation: wanted(),
    arrange: arrange(),
    change: {
      kind: 'run',
      summary: `certificate for ${NAME} (there is none yet)`,
      shell: [`${COMMAND} --dry-run`, COMMAND],
      touches: [CHAIN],
      irreversible: expect.stringContaining('certbot delete'),
    },
    ran: [`${COMMAND} --dry-run`, COMMAND],
    after: THERE,
    check: (machine) => expect(hintOf(machine)).toBe(0),
    midway: [
      { plant: { write: 3, code: 'ENOSPC' }, fails: /ENOSPC/, left: { [TOKEN]: null, [CHAIN]: null } },
      {
        plant: { exec: 1, result: { code: 137 } },
        fails: /command failed: certbot/,
        left: { [TOKEN]: null, [CHAIN]: null },
      },
      { plant: { exec: 2, result: 'killed' }, left: { [TOKEN]: null, [CHAIN]: null } },
    ],
  },
  {
    title: 'up to date',
    operation: wanted(),
    arrange: arrange((certbot) => certbot.put(NAME, [NAME], SERVER)),
    upToDate: true,
  },
  {
    title: 'with an e-mail address and a second name',
    operation: wanted({ names: [NAME, EXTRA], email: 'admin@example.org' }),
    arrange: arrange(),
    change: { summary: `certificate for ${NAME}, ${EXTRA} (there is none yet)` },
    ran: [
      expect.stringContaining('--email admin@example.org'),
      expect.stringContaining(`--domain ${NAME} --domain ${EXTRA}`),
    ],
    after: THERE,
  },
  {
    title: 'one that lacks a name',
    operation: wanted({ names: [NAME, EXTRA] }),
    arrange: arrange((certbot) => certbot.put(NAME, [NAME], SERVER)),
    change: { summary: `certificate for ${NAME}, ${EXTRA} (it does not name ${EXTRA})` },
    after: THERE,
  },
  {
    title: 'one that has ended: the product does not take it for good',
    operation: wanted(),
    arrange: arrange((certbot) => {
      certbot.put(NAME, [NAME], SERVER);
      passTime(4 * 365 * 24 * 60 * 60_000);
      certbot.idle = true;
    }),
    change: { summary: expect.stringMatching(/\(it expired on \d{4}-\d\d-\d\d\)/) },
    stillMissing: true,
  },
  {
    title: 'without its key it is none',
    operation: wanted(),
    arrange: arrange((certbot, { host }) => {
      certbot.put(NAME, [NAME], SERVER);
      host.arrange({ [`/etc/letsencrypt/live/${NAME}/privkey.pem`]: null });
    }),
    change: { summary: `certificate for ${NAME} (there is none yet)` },
    after: THERE,
  },
  {
    title: 'an exit code of 0 that brought nothing',
    operation: wanted(),
    arrange: arrange((certbot) => void Object.assign(certbot, { idle: true })),
    change: { kind: 'run' },
    stillMissing: true,
  },
  {
    title: 'a name that leads elsewhere: no attempt is spent',
    operation: wanted(),
    arrange: arrange(
      (_, { host }) => void Object.assign(host, { web: () => ({ status: 404, headers: {}, body: '' }) }),
    ),
    change: { kind: 'run' },
    fails: {
      what: /at 192\.0\.2\.7 does not reach this server \(HTTP 404\)/,
      remedy: /No attempt was spent/,
    },
    ran: [],
    after: { [TOKEN]: null },
  },
  {
    title: 'one address of two leads elsewhere',
    operation: wanted(),
    arrange: arrange((_, { host }) => {
      const { web } = host;
      host.web = (url, options) =>
        options.address?.includes(':')
          ? { status: 0, headers: {}, body: '', error: 'no answer in time' }
          : web(url, options);
    }),
    change: { kind: 'run' },
    fails: { what: /at 2001:db8::7 does not reach this server \(no answer in time\)/ },
    ran: [],
    after: { [TOKEN]: null },
  },
  {
    title: 'a public address that no router hands back: the trial decides, and that is said',
    operation: wanted(),
    arrange: arrange((_, { host }) => {
      interfaces(host, '10.0.0.7');
      host.web = () => ({ status: 0, headers: {}, body: '', error: 'no answer in time' });
    }),
    change: { kind: 'run' },
    ran: [`${COMMAND} --dry-run`, COMMAND],
    after: THERE,
    check: ({ host }) =>
      expect(host.warnings).toEqual([
        expect.stringMatching(/can't reach http:\S+ at 192\.0\.2\.7 .*test decides/),
        expect.stringMatching(/can't reach http:\S+ at 2001:db8::7 .*test decides/),
      ]),
  },
  {
    title: "an operator's own setting that is in the way: no attempt is spent",
    operation: wanted(),
    before: { '/etc/letsencrypt/cli.ini': 'standalone = True\n' },
    arrange: arrange(),
    change: { kind: 'run' },
    fails: { what: /cli\.ini, line 1 \(standalone\)/, remedy: /No attempt was spent/ },
    ran: [],
  },
  {
    title: 'by snap, where certbot is from there alone',
    operation: wanted(),
    before: { '/snap/bin/certbot': { link: '/usr/bin/snap' } },
    arrange: arrange(),
    change: { shell: [`/snap/bin/${COMMAND} --dry-run`, `/snap/bin/${COMMAND}`] },
    ran: [`/snap/bin/${COMMAND} --dry-run`, `/snap/bin/${COMMAND}`],
    after: THERE,
  },
  {
    title: 'another server answers with something of its own',
    operation: wanted(),
    arrange: arrange(
      (_, { host }) =>
        void Object.assign(host, { web: () => ({ status: 200, headers: {}, body: 'welcome' }) }),
    ),
    change: { kind: 'run' },
    fails: { what: /does not reach this server/ },
    ran: [],
  },
  ...(
    [
      [
        'authority can not reach the host',
        'Domain: x\n  Type:   connection\n  Detail: 192.0.2.7: Timeout',
        /could not reach this server: 192\.0\.2\.7: Timeout/,
        1,
      ],
      ['authority sees another address', 'Type:   unauthorized\n  Detail: 404', /validation failed: 404/, 1],
      ['authority finds no address', 'Type:   dns\n  Detail: NXDOMAIN', /validation failed: NXDOMAIN/, 1],
      [
        'limit is reached',
        // certbot/_internal/log.py takes the URN away; what is left begins with acme/messages.py, ERROR_CODES.
        'An unexpected error occurred:\nThere were too many requests of a given type :: Error creating new order :: too many certificates (5) already issued',
        /limit is reached/,
        1,
      ],
      [
        'limit is reached, with its URN',
        'urn:ietf:params:acme:error:rateLimited :: x',
        /limit is reached/,
        1,
      ],
      [
        'authority can not be reached, which counts nothing',
        'ValueError: Requesting acme.example.org/directory: No route to host',
        /authority can't be reached/,
        0,
      ],
      [
        'authority can not be found, which counts nothing',
        "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='acme.example.org', port=443): Max retries exceeded with url: /directory",
        /authority can't be reached/,
        0,
      ],
      ['cause is not known', 'AttributeError: can not set attribute', /command failed: certbot/, 0],
      [
        'cause is not known, and the words are those of a limit',
        'OSError: [Errno 24] Too many open files',
        /command failed: certbot/,
        0,
      ],
      [
        'cause is not known, and a hook was refused something',
        'Hook reported error: Connection refused, Max retries, Type: connection',
        /command failed: certbot/,
        0,
      ],
    ] as const
  ).map(([title, words, what, counted]) => ({
    title: `the ${title}`,
    operation: wanted(),
    arrange: refusing(words),
    change: { kind: 'run' as const },
    fails: { what },
    check: (machine: Machine) => expect(hintOf(machine)).toBe(counted),
    after: { [TOKEN]: null, [CHAIN]: null },
  })),
  {
    title: 'four failures within the hour: not a fifth',
    operation: wanted(),
    arrange: failedBefore([50, 40, 30, 20]),
    change: { kind: 'run' },
    fails: { what: /failed 4 times within an hour/, remedy: /wait (9|10|11) minutes/ },
    ran: [],
  },
  {
    title: 'failures of the real order count as well',
    operation: wanted(),
    arrange: failedBefore([50, 40, 30, 20], 'certificate'),
    change: { kind: 'run' },
    fails: { what: /failed 4 times/ },
    ran: [expect.stringContaining('--dry-run')],
  },
  {
    title: 'failures that are older do not count',
    operation: wanted(),
    arrange: failedBefore([70, 65, 62, 61]),
    change: { kind: 'run' },
    after: THERE,
  },
]);
