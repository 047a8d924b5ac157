import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adminPage, loggedIn } from '../install/logins.ts';
import { must, oneLine, shell } from '../install/operator.ts';
import { underTrickle } from '../install/trickle.ts';
import { answersFile, writeAnswers } from '../rehearsal/answers.ts';
import { expectExit, Operator } from '../rehearsal/operator.ts';
import { installProduct } from '../rehearsal/product.ts';
import { Proof } from '../rehearsal/proof.ts';
import { machineOf } from '../rehearsal/recipe.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts';

const NAMES = ['studio.example.org', 'www.studio.example.org'];

// Five servers that run at the same time, each in a network of its own: two with the site, one with its database, one with its
// search engine, and HAProxy before them, as Debian has it.
let one: Rehearsal;
let two: Rehearsal;
let database: Rehearsal;
let search: Rehearsal;
let balancer: Rehearsal;
const all = () => [database, search, one, two];

const ended = (host: Rehearsal, ...command: readonly string[]) => new Operator(host).start(...command);

beforeAll(async () => {
  one = await startRehearsal({ report: () => {} });
  two = await one.another(machineOf('two', 2));
  database = await one.another(machineOf('database', 3));
  search = await one.another(machineOf('search', 4));
  balancer = await one.another(machineOf('balancer', 5));
  const { address, address6 } = balancer.machine;
  for (const name of NAMES) await one.dns.set(name, { a: [address], aaaa: [address6] });
  await balance();
  const elsewhere = {
    'servers.database': database.machine.address,
    'servers.search': search.machine.address,
    'load-balancers': [address],
  };
  await Promise.all(all().map((host) => installProduct(host, () => {})));
  for (const [host, extra] of [
    [database, { roles: ['database'] }],
    [search, { roles: ['search'] }],
    [one, { roles: ['web', 'background'], ...elsewhere }],
    [two, { roles: ['web'], ...elsewhere }],
  ] as const)
    await writeAnswers(host, { integrations: 'skipped', extra });
});
afterAll(() => one?.stop());

/** As HAProxy's own manual has it for HTTPS that ends there: certbot beside it, X-Forwarded-* for the servers behind it. */
async function balance(): Promise<void> {
  await shell(
    balancer,
    `apt-get -qq update; DEBIAN_FRONTEND=noninteractive apt-get -qq install haproxy certbot >/dev/null
    systemctl stop haproxy
    REQUESTS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt certbot certonly -q --standalone --agree-tos -m admin@example.org \\
      --server ${one.internet.acmeDirectory} -d ${NAMES.join(' -d ')}
    cd /etc/letsencrypt/live/${NAMES[0]}; cat fullchain.pem privkey.pem > /etc/haproxy/site.pem`,
  );
  const server = ({ machine: { name, address } }: Rehearsal) =>
    `    server ${name} ${address}:80 check inter 500ms`;
  await balancer.write(
    '/etc/haproxy/haproxy.cfg',
    `global
    stats socket /run/haproxy/admin.sock mode 600 level admin
defaults
    mode http
    timeout connect 2s
    timeout client 60s
    timeout server 60s
    option redispatch
    retries 3
frontend site
    bind :80,:::80
    bind :443,:::443 ssl crt /etc/haproxy/site.pem
    http-request redirect scheme https unless { ssl_fc }
    http-request set-header X-Forwarded-Proto https
    option forwardfor
    default_backend servers
backend servers
    balance roundrobin
    option httpchk
    http-check send meth GET uri / hdr Host ${NAMES[0]} hdr X-Forwarded-Proto https
${[one, two].map(server).join('\n')}
`,
  );
  await shell(balancer, 'systemctl restart haproxy');
}

/** Lets the balancer send no new visitors to a server, or again. */
const sendTo = (host: Rehearsal, state: 'drain' | 'ready') =>
  shell(
    balancer,
    `echo 'set server servers/${host.machine.name} state ${state}' | python3 -c '
import socket, sys
s = socket.socket(socket.AF_UNIX); s.connect("/run/haproxy/admin.sock"); s.sendall(sys.stdin.buffer.read()); print(s.recv(999))'`,
  );

describe('a site on five servers', () => {
  test('each is set up with what its roles need, and nothing else', async () => {
    for (const host of all()) {
      // What is proved by name needs one server at least that the balancer can reach: the first brings itself up.
      expectExit(await ended(host, 'run', '--json'), 0);
    }
    const running = (host: Rehearsal) =>
      shell(
        host,
        `systemctl list-units --state=active --plain --no-legend 'studio*' meilisearch.service nginx.service postgresql.service certbot.timer | cut -d' ' -f1`,
      ).then((units) => units.trim().split('\n').filter(Boolean).toSorted());
    expect(await running(database)).toEqual(['postgresql.service', 'studio-tunnel.service']);
    expect(await running(search)).toEqual(['meilisearch.service', 'studio-tunnel.service']);
    expect(await running(two)).toEqual(['nginx.service', 'studio-tunnel.service', 'studio.service']);
    expect(await running(one)).toEqual([
      'nginx.service',
      'studio-background-restart.timer',
      'studio-background.service',
      'studio-clearsessions.timer',
      'studio-clock-tick.timer',
      'studio-process-deletion-requests.timer',
      'studio-stats.timer',
      'studio-tunnel.service',
      'studio.service',
    ]);
  });

  test('a second run changes nothing, and the doctor finds nothing', async () => {
    for (const host of all()) {
      const operator = new Operator(host);
      await operator.runAgain(new Proof(host));
      await operator.doctor();
    }
  });

  test('both serve the same site: a login at one is a login at the other, and search finds', async () => {
    const session = await loggedIn(one);
    for (const host of [one, two]) {
      await sendTo(host === one ? two : one, 'drain');
      expect(await adminPage(host, session), host.machine.name).toBe('200');
      await sendTo(host === one ? two : one, 'ready');
    }
    const redirect = ['--output', '/dev/null', '--write-out', '%{http_code} %{redirect_url}'];
    expect((await one.internet.curl(...redirect, 'http://studio.example.org/films/')).stdout).toBe(
      '302 https://studio.example.org/films/',
    );
  });
});

describe('what is closed', () => {
  test('neither database nor search engine, nor the servers past the balancer', async () => {
    const answer = (from: Rehearsal, url: string) =>
      from
        .exec(['curl', '-sS', '--max-time', '5', '-o', '/dev/null', '-w', '%{http_code}', url])
        .then(({ code, stdout }) => `${code} ${stdout}`);
    // 7: connection refused (curl(1)).
    expect(await answer(two, `http://${search.machine.address}:7700/health`)).toBe('7 000');
    expect(await answer(two, `http://${database.machine.address}:5432/`)).toBe('7 000');
    const site = (from: Rehearsal, ...more: readonly string[]) =>
      must(from, [
        ...['curl', '-sS', '-o', '/dev/null', '-w', '%{http_code}', '-H', 'Host: studio.example.org'],
        ...[...more, `http://${one.machine.address}/`],
      ]);
    expect(await site(two)).toBe('403');
    expect(await site(two, '-H', 'X-Forwarded-For: 127.0.0.1', '-H', 'X-Forwarded-Proto: https')).toBe('403');
    expect(await site(balancer, '-H', 'X-Forwarded-Proto: https')).toBe('200');
  });

  test('nginx logs the address of the visitor, as the balancer says it', async () => {
    await must(two, ['curl', '-sS', '-o', '/dev/null', 'https://studio.example.org/?who']);
    const logs = await Promise.all(
      [one, two].map((host) => shell(host, `grep -h '?who' /var/log/nginx/*.log || true`)),
    );
    // Whichever of the two kinds curl came by.
    const { address, address6 } = two.machine;
    expect(logs.join('')).toMatch(new RegExp(`^(${address}|${address6}) `, 'm'));
  });

  test('a tunnel takes no other key, and nobody without one stands in for the other end', async () => {
    const config = '/etc/blender-studio/tunnel.conf';
    const asked = () =>
      two
        .exec([
          'curl',
          '-sS',
          '--max-time',
          '5',
          '-o',
          '/dev/null',
          '-w',
          '%{http_code}',
          'http://127.0.0.1:7700/health',
        ])
        .then(({ stdout }) => stdout);
    expect(await asked()).toBe('200');
    await shell(
      two,
      `cp -a /etc/blender-studio/tunnel.key /root/kept; sed -i 's/:..../:0000/' /etc/blender-studio/tunnel.key
      systemctl restart studio-tunnel`,
    );
    expect(await asked()).toBe('000');
    await shell(two, 'cp -a /root/kept /etc/blender-studio/tunnel.key; systemctl restart studio-tunnel');
    await expect.poll(asked).toBe('200');
    // Somebody on the way, with a certificate of their own and no key.
    await shell(
      search,
      `systemctl stop studio-tunnel
      openssl req -x509 -newkey rsa:2048 -nodes -keyout /root/k -out /root/c -days 9 -subj /CN=search 2>/dev/null; cat /root/k /root/c > /root/both
      sed -e '/^sslVersion/d; /^ciphers/d; /^PSKsecrets/d; s/^foreground.*/foreground = no/' -e 's|^setgid.*|cert = /root/both|' -e '/^setuid/d' \\
        -e 's|^pid.*|pid = /run/between.pid|' ${config} > /root/between.conf; chmod 600 /root/both; stunnel4 /root/between.conf`,
    );
    expect(await asked()).toBe('000');
    await shell(search, 'kill "$(cat /run/between.pid)"; sleep 1; systemctl start studio-tunnel');
    await expect.poll(asked).toBe('200');
  });
});

test('what would change one server alone is refused', async () => {
  for (const command of [['rotate', 'secret-key'], ['change-domain', 'new.example.net'], ['move']]) {
    const { code, stderr, stdout } = await ended(one, ...command);
    expect(code).toBe(1);
    expect(oneLine(`${stdout}${stderr}`)).toContain('this site has several');
  }
  // What the server has is no question any more.
  await shell(two, `cp ${answersFile} /root/kept.yaml; sed -i '/^secret-key:/,+1d' ${answersFile}`);
  expectExit(await ended(two, 'plan', '--json'), 0);
  await shell(two, `mv /root/kept.yaml ${answersFile}`);
});

test('after a reboot of all, the site is there', async () => {
  for (const host of [...all(), balancer]) await host.reboot();
  for (const host of all()) await new Operator(host).doctor();
});

test('an update, one server after the other, is seen by no visitor', async () => {
  await one.internet.git.commit('A new page', { 'templates/said.txt': 'said\n' });
  const { seen, words } = await underTrickle(one, async () => {
    for (const host of [one, two]) {
      await sendTo(host, 'drain');
      expectExit(await ended(host, 'update', '--json'), 0);
      expectExit(await ended(host, 'doctor', '--json'), 0);
      await sendTo(host, 'ready');
    }
  });
  console.log(`update of two servers: ${words}`);
  expect(seen.failed).toEqual([]);
  for (const host of [one, two])
    expect(await shell(host, 'cat /var/www/blender-studio/templates/said.txt')).toBe('said\n');
});

test('a server that is no longer for background tasks stops them', async () => {
  await shell(one, `sed -i '/^  - background$/d' ${answersFile}`);
  expectExit(await ended(one, 'run', '--json'), 0);
  expect(
    await shell(
      one,
      'systemctl is-active studio-background || true; systemctl is-enabled studio-stats.timer || true',
    ),
  ).toBe('inactive\ndisabled\n');
  await new Operator(one).doctor();
});
