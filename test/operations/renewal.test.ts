import { describe, expect, it } from 'vitest';
import { issuerOf, renewal, renewalState } from '../../src/operations/renewal.ts';
import { FakeHost } from '../host/fake/fake-host.ts';
import { Certbot } from './certbot.ts';
import { type Machine, table } from './table.ts';
import { passTime } from './virtual-time.ts';

const NAME = 'studio.example.org';
const OTHER = 'www.example.org';
const SERVER = 'https://acme.example.org/directory';
const CONF = `/etc/letsencrypt/renewal/${NAME}.conf`;
const LOG = '/var/log/letsencrypt/letsencrypt.log';
const trial = (name: string) =>
  `certbot renew --dry-run --cert-name ${name} --server ${SERVER} --no-random-sleep-on-renew`;
const wanted = (...names: readonly string[]) =>
  renewal({
    id: 'certificate/renewal',
    title: 'renewal',
    certificates: async () => names,
    server: SERVER,
    named: '"$name"',
  });

const arrange =
  (more: (machine: Machine, certbot: Certbot) => void = () => {}) =>
  (machine: Machine) => {
    const certbot = new Certbot(machine.host);
    for (const name of [NAME, OTHER]) certbot.put(name, [name], SERVER);
    more(machine, certbot);
  };
/** Tried by the product, as it is set up now. */
const tried = (then: (text: string) => string) => async (machine: Machine) => {
  arrange()(machine);
  const { host } = machine;
  host.remember(`renewal:${NAME}`, (await renewalState(host, NAME)) ?? '');
  passTime(1000);
  host.arrange({ [CONF]: then(host.tree.read(CONF).toString()) });
};
const SUCCESS = `Congratulations, all simulated renewals succeeded: \n  /etc/letsencrypt/live/${NAME}/fullchain.pem (success)\n`;
const logged = (text: string, ago: number) =>
  arrange(({ host }) => host.arrange({ [LOG]: { text, modified: Date.now() - ago } }));

table('renewal', [
  {
    title: 'tried once',
    operation: wanted(NAME),
    arrange: arrange(),
    change: {
      kind: 'run',
      summary: 'renewal: not tested with the current configuration',
      shell: [trial('"$name"')],
    },
    ran: [trial(NAME)],
    midway: [
      {
        plant: { exec: 1, result: { code: 1, stderr: 'Type: connection\n' } },
        fails: /renewal of the certificate for studio.example.org would fail/,
        left: {},
      },
      { plant: { exec: 1, result: 'killed' }, left: {} },
    ],
  },
  {
    title: 'each certificate; after a failure only what is left',
    operation: wanted(NAME, OTHER),
    arrange: arrange(),
    change: { kind: 'run' },
    ran: [trial(NAME), trial(OTHER)],
  },
  {
    title: 'later, while there is no certificate',
    operation: wanted(),
    arrange: arrange(),
    later: 'needs the certificate',
  },
  { title: 'up to date', operation: wanted(NAME), arrange: tried((text) => text), upToDate: true },
  {
    title: 'up to date after a renewal, which writes the file again',
    operation: wanted(NAME),
    arrange: tried(
      (text) => `# new\n${text.replace('2.1.0', '2.9.0')}${NAME} = /var/lib/letsencrypt/webroot\n`,
    ),
    upToDate: true,
  },
  {
    title: 'set up in another way since',
    operation: wanted(NAME),
    arrange: tried((text) => text.replace('webroot', 'nginx')),
    change: { kind: 'run' },
    ran: [trial(NAME)],
  },
  {
    title: 'up to date, as somebody tried it by hand',
    operation: wanted(NAME),
    arrange: logged(SUCCESS, -1),
    upToDate: true,
  },
  {
    title: 'a trial by hand before it was set up so',
    operation: wanted(NAME),
    arrange: logged(SUCCESS, 60_000),
    change: { kind: 'run' },
  },
  {
    title: 'a trial by hand of another certificate',
    operation: wanted(OTHER),
    arrange: logged(SUCCESS, -1),
    change: { kind: 'run' },
    ran: [trial(OTHER)],
  },
  {
    title: 'a trial by hand that failed',
    operation: wanted(NAME),
    arrange: logged(
      SUCCESS.replace('all simulated renewals succeeded', 'some').replace('success)', 'failure)'),
      -1,
    ),
    change: { kind: 'run' },
  },
  {
    title: 'an authority that refuses',
    operation: wanted(NAME),
    arrange: arrange((_, certbot) => void Object.assign(certbot, { refuses: 'Type: dns' })),
    change: { kind: 'run' },
    fails: { what: /would fail/, remedy: /works until it expires/ },
  },
]);

describe('where a certificate came from', () => {
  it('is what certbot was told', async () => {
    const host = new FakeHost();
    new Certbot(host).put(NAME, [NAME], SERVER);
    expect(await issuerOf(host, NAME)).toBe(SERVER);
    expect(await issuerOf(host, OTHER)).toBeUndefined();
    expect(await renewalState(host, OTHER)).toBeUndefined();
  });
});
