import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { makeAnswers, writeAnswers } from '../rehearsal/answers.ts';
import { installProduct } from '../rehearsal/product.ts';
import { guestAddress } from '../rehearsal/recipe.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts';
import { oneLine, shell } from './operator.ts';
import { refused } from './untouched.ts';

const silent = () => {};

/** A bare host, on which nothing may ever be changed. */
let host: Rehearsal;

beforeAll(async () => {
  host = await startRehearsal({ report: silent });
  await installProduct(host, silent);
  await writeAnswers(host);
});
afterAll(() => host?.stop());

describe('an answer that is refused', () => {
  test.each([
    { domain: 'studio.example.org; } server {', why: 'A host name has no spaces or line breaks' },
    { domain: 'studio.example.org\nevil.example.org', why: '2 lines; this answer has one line.' },
    { domain: '"studio.example.org"', why: 'Only letters, digits, hyphens and dots' },
    { domain: 'studio..example.org', why: 'A part is empty' },
    {
      domain: 'studiо.example.org',
      why: 'The name has letters outside a-z. If that is intended, type its technical form: xn--',
    },
    {
      domain: 'studio。example.org',
      why: 'The name has characters that only look like plain letters or dots',
    },
    { domain: '192.0.2.10', why: 'This is an IP address' },
    { domain: '2001:db8::10', why: 'This is an IP address' },
  ])('domain $domain', async ({ domain, why }) => {
    const { code, said } = await refused(host, {
      domain,
      extra: { 'coconut.hostname': 'https://example.org' },
    });
    expect(code).toBe(2);
    expect(said).toContain('Nothing was changed.');
    expect(said).toContain(`domain: ${why}`);
  });

  test('all keys that are not known, with what was meant', async () => {
    const { code, said } = await refused(host, { extra: { 'repositry.url': 'x', 'admin.e-mail': 'y' } });
    expect(code).toBe(2);
    expect(said).toContain('2 entries are refused. Nothing was changed.');
    expect(said).toContain('repositry.url: no such answer. Did you mean repository.url?');
    expect(said).toContain('admin.e-mail: no such answer. Did you mean admin.email?');
  });

  test('all that are missing at once, with what they are for', async () => {
    const without = ['domain', 'certificate.email', 'meilisearch.sha256'];
    const { code, said } = await refused(host, { without });
    expect(code).toBe(4);
    expect(said).toContain('3 answers are missing, and nobody is there to ask. Nothing was changed.');
    // What no public source tells of the release may be taken on trust, by the operator's own word.
    for (const id of ['domain', 'certificate.email', 'meilisearch.trust']) expect(said).toContain(`${id}: `);
    expect(said).toContain('Domain.');
    expect(said).toContain('studio-setup answers --example');
  });

  test('a file that is no YAML, with the line', async () => {
    const yaml = 'domain: studio.example.org\nrepository: { branch: production\nadmin: yes\n';
    const { code, said } = await refused(host, { yaml });
    expect(code).toBe(2);
    expect(said).toMatch(/standard input, line [23], column \d+: /);
    expect(said).toContain('2 | repository: { branch: production');
  });

  test('a secret in the file itself, which is not shown again', async () => {
    const extra = { 'database.password': 'hunter-2-in-clear' };
    const { code, said } = await refused(host, { extra });
    expect(code).toBe(2);
    expect(said).toContain('database.password: a secret must not be written in the file itself.');
    expect(said).toContain('{ file: PATH }');
    expect(said).not.toContain('hunter-2');
  });
});

// Whether it is Cloudflare or a mistake only the token can tell, which is fetched before a certificate is asked for.
describe('a name that leads elsewhere is warned of in the plan', () => {
  afterEach(() => host.dns.set('studio.example.org', { a: [guestAddress], aaaa: [] }));
  const planned = async () => {
    const input = stringify((await makeAnswers(host)).answers);
    const { stdout, stderr } = await host.exec(['studio-setup', 'plan', '--answers', '-'], { input });
    return oneLine(`${stdout}${stderr}`);
  };

  test('by its A record', async () => {
    await host.dns.set('studio.example.org', { a: ['192.0.2.77'] });
    expect(await planned()).toContain(
      `studio.example.org points to 192.0.2.77 (A record); this server has ${guestAddress}.`,
    );
  });

  test('by an AAAA record that was forgotten', async () => {
    await host.dns.set('studio.example.org', { aaaa: ['2001:db8:1::77'] });
    expect(await planned()).toMatch(/points to 2001:db8:1::77 \(AAAA record\).*or remove it/);
  });

  afterAll(() => host.dns.set('studio.example.org', { a: [guestAddress], aaaa: [] }));
});

describe('a host that can not be worked on', () => {
  test('not as root', async () => {
    const { code, said } = await refused(host, { exec: { user: 'www-data' } });
    expect(code).toBe(1);
    expect(said).toContain('Only root can set up the site');
    expect(said).toContain('sudo studio-setup');
  });

  test('not without systemd', async () => {
    const answers = stringify((await makeAnswers(host)).answers);
    const hidden = 'mount -t tmpfs none /run && exec studio-setup run --answers - --yes';
    const ended = await host.exec(['unshare', '--mount', 'sh', '-c', hidden], { input: answers });
    expect(ended.code).toBe(1);
    expect(oneLine(ended.stderr)).toContain('systemd does not run on this server');
    expect(oneLine(ended.stderr)).toContain('a plain container does not');
  });

  test('while another program holds the lock of apt, which is named', async () => {
    const hold = `import fcntl, time
lock = open('/var/lib/dpkg/lock-frontend', 'w')
fcntl.lockf(lock, fcntl.LOCK_EX)
print('held', flush=True)
time.sleep(600)`;
    const holder = host.spawn(['python3', '-c', hold]);
    if (holder.stdout) await once(holder.stdout, 'data');
    const { code, said } = await refused(host);
    await host.signal(holder, 'SIGKILL');
    expect(code).toBe(1);
    expect(said).toMatch(/apt is locked by python3 -c import fcntl.* \(process \d+\)\./);
    expect(said).toContain('wait a few minutes, then run again. Nothing was changed.');
  });

  test('while Apache holds port 80, which is named', async () => {
    await shell(host, 'apt-get -q update; DEBIAN_FRONTEND=noninteractive apt-get -qy install apache2');
    const { code, said } = await refused(host);
    expect(code).toBe(1);
    expect(said).toMatch(/Port 80 is taken by apache2 of apache2\.service \(process \d+\)\./);
    expect(said).toContain('systemctl disable --now apache2; then run again. Nothing was changed.');
  });
});

test('a database server elsewhere that does not answer, or refuses the password', async () => {
  const extra = { 'database.host': guestAddress };
  const silent = await refused(host, { extra });
  expect(silent.code).toBe(1);
  expect(silent.said).toContain(`No database server answers at ${guestAddress}:5432 (connect ECONNREFUSED`);

  await shell(
    host,
    `DEBIAN_FRONTEND=noninteractive apt-get -qy install postgresql >/dev/null
     echo "host all all ${guestAddress}/32 scram-sha-256" >> /etc/postgresql/15/main/pg_hba.conf
     cd /; sudo -u postgres psql -qc "ALTER SYSTEM SET listen_addresses = '*'"
     sudo -u postgres psql -qc "CREATE ROLE studio LOGIN PASSWORD 'quite another one'"
     systemctl stop apache2; systemctl restart postgresql`,
  );
  const wrong = await refused(host, { extra });
  expect(wrong.code).toBe(1);
  expect(wrong.said).toContain(`The database server ${guestAddress}:5432 refuses the password of studio.`);
  expect(wrong.said).toContain("Give the role's real password (answer database.password)");
});

test.each(['planted', 'generate'] as const)(
  'a role of that name that is there already keeps its password (%s)',
  async (secrets) => {
    const { code, said } = await refused(host, { secrets });
    expect(code).toBe(1);
    expect(said).toContain('The database server localhost:5432 refuses the password of studio.');
    await shell(host, "PGPASSWORD='quite another one' psql -h localhost -U studio -c 'SELECT 1' postgres");
  },
);
