import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { adminPage, loggedIn } from '../install/logins.ts';
import { must, oneLine, shell } from '../install/operator.ts';
import { letIn, recap } from '../install/playbooks.ts';
import { underTrickle } from '../install/trickle.ts';
import { controlNode } from '../rehearsal/ansible.ts';
import { answersFile, writeAnswers } from '../rehearsal/answers.ts';
import { expectExit, Operator } from '../rehearsal/operator.ts';
import { type Finished, must as mustHere } from '../rehearsal/process.ts';
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
    timeout check 10s
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
  await balancer.write(
    '/usr/local/bin/send-to',
    `#!/usr/bin/python3
import socket, sys, time
def told(words):
    haproxy = socket.socket(socket.AF_UNIX)
    haproxy.connect("/run/haproxy/admin.sock")
    haproxy.sendall(words.encode() + b"\\n")
    return b"".join(iter(lambda: haproxy.recv(9999), b"")).decode()
name, state = sys.argv[1:]
said = told(f"set server servers/{name} state {state}").strip()
# Its own checks may have found it down meanwhile: until they find it up, it sends nobody there.
until = time.time() + 60
while state == "ready" and not said and f"servers,{name}," in told("show stat"):
    [row] = [line.split(",") for line in told("show stat").splitlines() if line.startswith(f"servers,{name},")]
    if row[17] == "UP":
        break
    if time.time() > until:
        said = f"{name} is {row[17]}"
    time.sleep(0.2)
sys.exit(said or None)
`,
    { mode: '755' },
  );
}

/** Lets the balancer send no new visitors to a server, or again. */
const sendTo = (host: Rehearsal, state: 'drain' | 'ready') =>
  must(balancer, ['/usr/local/bin/send-to', host.machine.name, state]);

/** What the answers file of a server says that is no secret. */
async function plain(host: Rehearsal): Promise<Record<string, unknown>> {
  const answers = parse(await host.read(answersFile)) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(answers).filter(
      ([, value]) => typeof value !== 'object' || value === null || Array.isArray(value),
    ),
  );
}

/** Secrets of a server with the site: it has all. */
async function sharedSecrets(): Promise<Record<string, string>> {
  const planted = (await shell(one, 'ls /root/secrets')).trim().split('\n');
  return Object.fromEntries(
    await Promise.all(planted.map(async (id) => [id, (await one.read(`/root/secrets/${id}`)).trimEnd()])),
  );
}

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
    // Whose client has the key, and may speak TLS 1.3 too, as stunnel does by itself, is served by them.
    await shell(
      two,
      `sed -e '/^sslVersion/d; /^ciphers/d; s/^accept = 127.0.0.1:/&1/; s/^foreground.*/foreground = no/' \\
        -e 's|^pid.*|pid = /run/usual.pid|; /^setuid/d; /^setgid/d' ${config} > /root/usual.conf; stunnel4 /root/usual.conf`,
    );
    const usual = ['curl', '-sS', '--max-time', '5', '-o', '/dev/null', '-w', '%{http_code}'];
    expect(await must(two, [...usual, 'http://127.0.0.1:17700/health'])).toBe('200');
    await shell(two, 'kill "$(cat /run/usual.pid)"');
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

describe('Ansible, from a computer of the operator', () => {
  let folder: string;
  let play: (playbook: string, ...more: readonly string[]) => Promise<Finished>;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'several-'));
    const control = await controlNode(folder, () => {});
    await mustHere(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', path.join(folder, 'key')]);
    const keys: string[] = [];
    for (const host of [...all(), balancer]) {
      keys.push(await letIn(host, host.machine.address, 'root', folder));
    }
    await writeFile(path.join(folder, 'known_hosts'), keys.join(''));
    const group = async (...hosts: readonly Rehearsal[]) => ({
      hosts: Object.fromEntries(
        await Promise.all(
          hosts.map(async (host) => [host.machine.address, { studio_setup_answers: await plain(host) }]),
        ),
      ),
    });
    const children = {
      database: await group(database),
      search: await group(search),
      web: await group(one, two),
    };
    // A secret is the same on all that have it.
    const vars = { ansible_user: 'root', studio_setup_secrets: await sharedSecrets(), ...hooks };
    await writeFile(path.join(folder, 'inventory.yml'), stringify({ studio: { vars, children } }));
    for (const [name, state] of Object.entries({ out: 'drain', in: 'ready' }))
      await writeFile(path.join(folder, `${name}.yml`), stringify([toldTo(state)]));
    await mustHere(
      [
        'ansible-galaxy',
        'collection',
        'build',
        path.join(import.meta.dirname, '../../ansible'),
        '--output-path',
        folder,
      ],
      { env: control.env },
    );
    await mustHere(['sh', '-c', `ansible-galaxy collection install --offline ${folder}/*.tar.gz`], {
      env: control.env,
    });
    const ssh = `-o IdentityFile=${folder}/key -o UserKnownHostsFile=${folder}/known_hosts`;
    const env = {
      ...control.env,
      ANSIBLE_SSH_COMMON_ARGS: ssh,
      ANSIBLE_INVENTORY: path.join(folder, 'inventory.yml'),
    };
    play = (playbook, ...more) =>
      one.internet.run(['ansible-playbook', `blender_studio.studio_setup.${playbook}`, ...more], {
        cwd: folder,
        env,
      });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const hooks = {
    studio_setup_before: '{{ inventory_dir }}/out.yml',
    studio_setup_after: '{{ inventory_dir }}/in.yml',
  };
  /** Over HAProxy's socket, on the balancer. */
  const toldTo = (state: string) => ({
    name: 'Tell the balancer',
    delegate_to: balancer.machine.address,
    'ansible.builtin.command': {
      argv: [
        '/usr/local/bin/send-to',
        `{{ {'${one.machine.address}': '${one.machine.name}', '${two.machine.address}': '${two.machine.name}'}[inventory_hostname] }}`,
        state,
      ],
    },
  });

  test('all four are as their answers say: nothing changes', async () => {
    const played = await play('site', '-e', 'studio_setup_serial=1');
    const hosts = recap(played);
    for (const { machine } of all())
      expect(hosts[machine.address], played.stdout).toMatchObject({ changed: 0, failed: 0 });
  });

  test('a rolling update stops at the second server, whose doctor fails: no visitor sees it', async () => {
    await one.internet.git.commit('A newer page', { 'templates/said.txt': 'newer\n' });
    await shell(two, 'chmod o+r /var/www/blender-studio/studio/settings.py');
    const { result, seen, words } = await underTrickle(one, () =>
      play('update', '-e', 'studio_setup_hosts=web'),
    );
    console.log(`rolling update by Ansible: ${words}`);
    const hosts = recap(result);
    expect(hosts[one.machine.address], result.stdout).toMatchObject({ failed: 0 });
    expect(hosts[two.machine.address], result.stdout).toMatchObject({ failed: 1 });
    expect(seen.failed).toEqual([]);
    expect(await shell(one, 'cat /var/www/blender-studio/templates/said.txt')).toBe('newer\n');
    expectExit(await ended(one, 'doctor', '--json'), 0);
  });

  test('once that is fixed, it goes on', async () => {
    await shell(two, 'chmod o-r /var/www/blender-studio/studio/settings.py');
    // It stayed out of the balancer, so it comes first: with the other one out as well, nobody would serve.
    const { result, seen } = await underTrickle(one, () =>
      play('update', '-e', `studio_setup_hosts=${two.machine.address}`),
    );
    expect(recap(result)[two.machine.address], result.stdout).toMatchObject({ failed: 0 });
    const again = await underTrickle(one, () => play('update', '-e', 'studio_setup_hosts=web'));
    for (const { machine } of [one, two])
      expect(recap(again.result)[machine.address], again.result.stdout).toMatchObject({ failed: 0 });
    expect(again.seen.failed).toEqual([]);
    expect(seen.failed).toEqual([]);
    expect(await shell(two, 'cat /var/www/blender-studio/templates/said.txt')).toBe('newer\n');
  });
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
