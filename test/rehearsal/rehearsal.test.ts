import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { MEILISEARCH_VERSIONS } from './meilisearch/release.ts';
import { run } from './process.ts';
import { type Rehearsal, startRehearsal } from './rehearsal.ts';

// The first start on a machine builds the cache.
const building = 900_000;
vi.setConfig({ testTimeout: 180_000 });

let host: Rehearsal;
beforeAll(async () => {
  host = await startRehearsal();
}, building);
afterAll(() => host?.stop());

/** Runs a line of shell on the host, which has to succeed, and gives what it printed. */
async function shell(line: string, on = host): Promise<string> {
  const { code, stdout, stderr } = await on.exec(['sh', '-euc', line]);
  expect(code, stderr).toBe(0);
  return stdout;
}

describe('a fresh host', () => {
  test('has booted whole', async () => {
    expect(await shell('systemctl is-system-running; systemctl --failed --plain --no-legend')).toBe(
      'running\n',
    );
  });

  test('is bare', async () => {
    const programs = 'git nginx uwsgi psql certbot virtualenv pip poetry gcc node locale-gen meilisearch';
    const { stdout } = await host.exec(['sh', '-c', `for p in ${programs}; do command -v $p; done`]);
    expect(stdout).toBe('');
  });

  test('reaches nothing but the rehearsal, and hears so at once', async () => {
    const { code, stderr } = await host.exec(['curl', '--silent', '--show-error', 'http://203.0.113.5/']);
    // Refused, not waited for: a busy machine may take some milliseconds.
    expect([code, stderr]).toEqual([7, expect.stringMatching(/after \d{1,3} ms/)]);
  });

  test('installs Debian packages', async () => {
    await shell('apt-get update && apt-get install -y git && git --version');
  });

  test('downloads Python packages', async () => {
    await shell('apt-get install -y virtualenv && virtualenv -p /usr/bin/python3 /opt/venv');
    await shell('/opt/venv/bin/pip download --dest /tmp/wheels poetry==1.1.6 Django==3.2.25');
    expect(await shell('ls /tmp/wheels')).toContain('poetry-1.1.6-');
  });

  test.each(MEILISEARCH_VERSIONS)('downloads Meilisearch %s', async (version) => {
    const { url, sha256 } = await host.internet.meilisearch(version);
    await shell(
      `curl -sSf -o /tmp/meilisearch ${url} && echo '${sha256}  /tmp/meilisearch' | sha256sum --check`,
    );
    // The project's own name leads to the same file.
    expect(new URL(url).pathname).toMatch(`/releases/download/v${version}/meilisearch-linux-`);
    await shell(`curl -sSf ${url.replace('releases.example.test', 'github.com')} | cmp - /tmp/meilisearch`);
    expect(
      await shell(
        'chmod +x /tmp/meilisearch && { /tmp/meilisearch --version || echo "exit $?"; } 2>/dev/null',
      ),
    ).toBe(versionSaid(version));
  });
});

/** What a release says to `--version` (tried on its real binaries: 0.26 has no such option, and its name lost `-http` with 1.0). */
function versionSaid(version: string): string {
  if (version.startsWith('0.26.')) return 'exit 2\n';
  return `${version.startsWith('0.') ? 'meilisearch-http' : 'meilisearch'} ${version}\n`;
}

describe('the git server', () => {
  test('gives out the site and its dependency', async () => {
    expect(await shell(`git ls-remote ${host.internet.git.url}`)).toMatch(/refs\/heads\/production$/m);
    await shell('git clone --depth 1 http://git.example.test/studio-private.git /tmp/dependency');
  });

  test('asks for a login where it is told to', async () => {
    const look = ['git', 'ls-remote', 'https://git.example.test/studio-private.git'];
    await host.internet.git.refuse('studio-private.git');
    const refused = await host.exec(look, { env: { GIT_TERMINAL_PROMPT: '0' } });
    expect(refused.stderr).toContain('could not read Username');
    await host.internet.git.admit('studio-private.git');
    expect((await host.exec(look)).code).toBe(0);
  });

  test('knows deploy keys', async () => {
    await shell('mkdir -p /root/.ssh && ssh-keygen -q -t ed25519 -N "" -f /root/.ssh/id_ed25519');
    await host.write('/root/.ssh/known_hosts', `${await host.internet.git.hostKey()}\n`);
    const clone = ['git', 'clone', '--branch', 'production', host.internet.git.sshUrl, '/tmp/site'];
    expect((await host.exec(clone)).stderr).toContain('Permission denied (publickey)');
    await host.internet.git.admitKey(await host.read('/root/.ssh/id_ed25519.pub'));
    expect((await host.exec(clone)).code).toBe(0);
    expect(await shell('ls /tmp/site')).toContain('pyproject.toml');
  });
});

describe('names', () => {
  test('point at the host, at the services, and else at nothing that answers', async () => {
    expect(await shell('getent ahostsv4 studio.example.org | cut -d" " -f1 | uniq')).toBe('192.0.2.10\n');
    const { stderr } = await host.exec(['curl', '-sS', 'http://unheard.example.com/']);
    expect(stderr).toContain('Failed to connect to unheard.example.com');
  });

  test('can be changed, both kinds of address', async () => {
    await host.dns.set('stale.example.org', { a: ['192.0.2.10'], aaaa: ['2001:db8:dead::1'] });
    expect(await shell('getent ahostsv6 stale.example.org')).toContain('2001:db8:dead::1');
    await host.dns.set('stale.example.org', { aaaa: [] });
    expect(await shell('getent ahosts stale.example.org')).not.toContain('2001');
  });
});

describe('the ACME server', () => {
  test('is trusted, and gives a certificate for a name that points at the host, by port 80', async () => {
    await shell('apt-get install -y certbot');
    const server = `--server ${host.internet.acmeDirectory} -m admin@example.org --agree-tos -n`;
    await shell(`certbot certonly --standalone -d studio.example.org ${server}`);
    const live = '/etc/letsencrypt/live/studio.example.org';
    const serve = [
      'openssl',
      's_server',
      '-accept',
      '443',
      '-www',
      '-cert',
      `${live}/cert.pem`,
      '-cert_chain',
      `${live}/chain.pem`,
    ];
    const web = host.spawn([...serve, '-key', `${live}/privkey.pem`]);
    const fetched = await host.internet.curl(
      '--retry',
      '5',
      '--retry-connrefused',
      'https://studio.example.org/',
    );
    await host.signal(web, 'SIGKILL');
    expect([fetched.code, fetched.stdout]).toEqual([0, expect.stringContaining('New, TLSv1.3')]);
  });

  test('refuses one for a name that points elsewhere', async () => {
    const server = `--server ${host.internet.acmeDirectory} -m admin@example.org --agree-tos -n`;
    const { code, stdout } = await host.exec([
      ...['sh', '-c', `certbot certonly --standalone -d elsewhere.example.org ${server}`],
    ]);
    expect([code, stdout]).toEqual([
      1,
      expect.stringMatching(/Type: +connection\n.*192.0.2.1:80: connect: connection refused/),
    ]);
  });

  test('can be cut off and comes back with all that it knew', async () => {
    const ask = ['curl', '-sS', '--fail', host.internet.acmeDirectory];
    await host.internet.pause('acme.example.test');
    expect((await host.exec(ask)).stderr).toContain('Failed to connect');
    await host.internet.resume('acme.example.test');
    expect((await host.exec(ask)).code).toBe(0);
    await shell('certbot renew --force-renewal --no-random-sleep-on-renew');
  });
});

describe('programs on the host', () => {
  test('run as another user, with input, environment and folder', async () => {
    const argv = ['sh', '-c', 'id -un; echo $GREETING; pwd; cat'];
    const how = { user: 'www-data', env: { GREETING: 'hello' }, cwd: '/tmp', input: 'typed' };
    expect((await host.exec(argv, how)).stdout).toBe('www-data\nhello\n/tmp\ntyped');
  });

  test('have a time limit', async () => {
    expect((await host.exec(['sleep', '600'], { timeoutMs: 200 })).code).toBe(-1);
    await expect
      .poll(() => host.exec(['pgrep', '-x', 'sleep']).then(({ code }) => code), { timeout: 10_000 })
      .toBe(1);
  });

  test('take signals', async () => {
    const child = host.spawn(['sh', '-c', 'trap "exit 7" TERM; echo ready; while :; do sleep 0.1; done']);
    if (child.stdout) await once(child.stdout, 'data');
    await host.signal(child, 'SIGTERM');
    expect(await once(child, 'exit')).toEqual([7, null]);
  });

  test('can be entered by a plain command', async () => {
    const argv = host.enterArgv({ env: { GREETING: 'hello' } });
    expect((await run([...argv, 'sh', '-c', 'echo $GREETING from $(hostname)'])).stdout).toBe(
      'hello from studio\n',
    );
  });
});

describe('the disk', () => {
  test('outlives a reboot', async () => {
    const boot = await host.read('/proc/sys/kernel/random/boot_id');
    await host.write('/var/www/kept', 'kept', { mode: '640', owner: 'root:www-data' });
    await host.reboot();
    expect(await shell('cat /var/www/kept; stat -c " %a %U:%G" /var/www/kept')).toBe(
      'kept 640 root:www-data\n',
    );
    expect(await host.read('/proc/sys/kernel/random/boot_id')).not.toBe(boot);
    await shell('getent hosts studio.example.org && systemctl is-system-running');
  });

  test('outlives a power-off', async () => {
    await host.write('/root/kept', 'kept');
    await host.powerOff();
    await expect(host.exec(['true'])).rejects.toThrow('off');
    await host.boot();
    expect(await host.read('/root/kept')).toBe('kept');
  });

  test('goes back to a checkpoint, more than once', async () => {
    await host.write('/root/kept', 'before');
    await host.checkpoint('before');
    for (const change of ['rm -r /root/kept /var/www/kept', 'echo changed > /root/kept; rm /etc/pip.conf']) {
      await shell(change);
      await host.restore('before');
      expect(await shell('cat /root/kept; test -e /etc/pip.conf')).toBe('before');
    }
  });
});

describe('two hosts side by side', () => {
  test('are alike, and know nothing of each other', async () => {
    const others = await Promise.all([startRehearsal(), startRehearsal()]);
    try {
      const [first, second] = others;
      expect(await first.tree()).toEqual(await second.tree());
      await first.write('/etc/only-here', 'x');
      await first.dns.set('studio.example.org', { a: ['192.0.2.77'] });
      expect(await shell('getent hosts studio.example.org; ls /etc', second)).not.toMatch(
        /192.0.2.77|only-here/,
      );
      const [extra] = (await first.tree()).filter((line) => line.includes('only-here'));
      expect(extra).toMatch(/^f 0644 root:root \/etc\/only-here [0-9a-f]{64}$/);
    } finally {
      await Promise.all(others.map((other) => other.stop()));
    }
  });
});

describe('a slow link', () => {
  test('has the delay and the rate that were asked for, and no more', async () => {
    const slow = await startRehearsal({ link: { mbit: 8, roundTripMs: 40 } });
    try {
      const words = '%{size_download} %{time_namelookup} %{time_connect} %{time_starttransfer} %{time_total}';
      const download = `curl -sSf -o /dev/null -w '${words}' http://deb.example.test/Packages`;
      const [size = 0, looked = 0, connected = 0, first = 0, all = 0] = (await shell(download, slow))
        .split(' ')
        .map(Number);
      expect(connected - looked).toBeGreaterThanOrEqual(0.04);
      expect((8 * size) / (all - first)).toBeLessThanOrEqual(1.5 * 8e6);
    } finally {
      await slow.stop();
    }
  });
});

describe('nothing is left', () => {
  test('after a stop', async () => {
    const owner = await ownedByAnother();
    owner.child.stdin.end('stop\n');
    await once(owner.child, 'exit');
    expect(await remains(owner)).toEqual([]);
  });

  test('after a kill -9 of the process that started it', async () => {
    const owner = await ownedByAnother();
    owner.child.kill('SIGKILL');
    await once(owner.child, 'exit');
    await expect.poll(() => remains(owner), { timeout: 60_000, interval: 200 }).toEqual([]);
  });
});

/** A rehearsal started by a process of its own, which stops it when told to. */
async function ownedByAnother() {
  const before = await temporary();
  const program = `
    const { startRehearsal } = await import(${JSON.stringify(join(import.meta.dirname, 'rehearsal.ts'))});
    const host = await startRehearsal();
    await host.exec(['sh', '-c', 'setsid sleep 4321 >/dev/null 2>&1 &']);
    console.log('started');
    for await (const _ of process.stdin) break;
    await host.stop();
    process.exit();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'pipe' });
  child.stderr.pipe(process.stderr);
  for await (const line of child.stdout) if (String(line).includes('started')) break;
  const supervisor = (
    await run(['pgrep', '--parent', String(child.pid), '--full', 'supervisor.sh'])
  ).stdout.trim();
  const group = (await readFile(`/proc/${supervisor}/cmdline`, 'utf8')).split('\0')[2] ?? '';
  expect(group).toMatch(/^studio-rehearsal-/);
  const processes = await descendants(child.pid ?? 0);
  expect((await commands(processes)).join()).toMatch(/nspawn.*pebble|pebble.*nspawn/s);
  const networks = new Set(await Promise.all(processes.map((pid) => link(pid, 'ns/net'))));
  networks.delete(await link(process.pid, 'ns/net'));
  expect(networks.size).toBe(2);
  return { child, group, processes, networks, before };
}

/** What a rehearsal left on the machine: processes, networks, mounts, control groups, files. */
async function remains({ group, processes, networks, before }: Awaited<ReturnType<typeof ownedByAnother>>) {
  const everyone = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const inNetwork = (await Promise.all(everyone.map((pid) => link(pid, 'ns/net')))).filter((id) =>
    networks.has(id),
  );
  const groups = (await run(['find', '/sys/fs/cgroup', '-name', `${group}*`])).stdout
    .split('\n')
    .filter(Boolean);
  const mounts = (await readFile('/proc/self/mountinfo', 'utf8'))
    .split('\n')
    .filter((l) => /rehearsal\/|netns/.test(l));
  const files = (await temporary()).filter((file) => !before.includes(file));
  return [...(await commands(processes)), ...inNetwork, ...groups, ...mounts, ...files];
}

/** What a rehearsal could have left in the machine's folders for temporary files. */
async function temporary(): Promise<string[]> {
  const places = 'ls -d /tmp/*rehears* /run/*rehears* /run/netns/* /run/systemd/nspawn/* /var/lib/machines/*';
  return (await run(['sh', '-c', places])).stdout.split('\n').filter(Boolean);
}

async function descendants(pid: number): Promise<number[]> {
  const children = (await run(['pgrep', '--parent', String(pid)])).stdout
    .split('\n')
    .filter(Boolean)
    .map(Number);
  return [pid, ...(await Promise.all(children.map(descendants))).flat()];
}

async function commands(pids: readonly number[]): Promise<string[]> {
  const found = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return found.filter((command) => command !== '');
}

async function link(pid: number, name: string): Promise<string> {
  return readlink(`/proc/${pid}/${name}`).catch(() => '');
}
