import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeAnswers, writeAnswers } from '../rehearsal/answers.ts';
import { installProduct } from '../rehearsal/product.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts';
import { must, shell } from './operator.ts';
import { attempt, type Circumstances, refused, type Verdict } from './untouched.ts';

const silent = () => {};

/**
 * A host that nothing is spared: an installation that stops at one thing after the other, each fixed as the product
 * says. Each test goes on from where the one before it left the host, as the operator of one host does.
 */
let host: Rehearsal;
/** What the operator has answered by now. */
let answers: Circumstances;

beforeAll(async () => {
  host = await startRehearsal({ report: silent, withoutDeploy: true });
  await installProduct(host, silent);
  await writeAnswers(host);
  // Until its own turn, so that the certificate does not come before what else goes wrong.
  await host.internet.pause('acme.example.test');
  answers = { extra: { 'repository.url': host.internet.git.sshUrl, 'meilisearch.sha256': 'f'.repeat(64) } };
});
afterAll(() => host?.stop());

describe('an installation that stops, is fixed, and goes on', () => {
  test('a repository by ssh that does not know this server: its help makes a deploy key', async () => {
    const { code, said } = await stops();
    expect(code).toBe(1);
    expect(said).toContain(`The repository ${host.internet.git.sshUrl} refuses access.`);
    expect(said).toContain('Add that public key to the repository as a deploy key (read only is enough)');
    await shell(host, 'test ! -e /var/www/blender-studio');
    const [makeKey = ''] = /sudo -Hu www-data ssh-keygen .*?id_ed25519/.exec(said) ?? [];
    await shell(host, makeKey);
    await host.internet.git.admitKey(await host.read('/var/www/.ssh/id_ed25519.pub'));
  });

  test('a repository without deploy/: said before any service is touched', async () => {
    const { code, said } = await stops();
    expect(code).toBe(1);
    expect(said).toContain('The repository has no deploy/etc/systemd/system/studio.service');
    expect(said).toContain('No service was touched.');
    await shell(host, 'test ! -e /etc/systemd/system/studio.service');
    answer('configuration.templates', true);
  });

  test('a disk that is full', async () => {
    // Whatever the run before came to, there are packages to install.
    await shell(host, 'cd /var/www/venv/lib/python3*/site-packages; rm -rf django Django-* studio_private*');
    const megabytes = Number.parseInt(await shell(host, 'du -sm /var/www'), 10) + 12;
    await shell(
      host,
      `mv /var/www /srv/www; mkdir /var/www
       mount -t tmpfs -o size=${megabytes}M,mode=2755,uid=www-data,gid=www-data none /var/www
       cp -a /srv/www/. /var/www/; rm -r /srv/www`,
    );
    const { code, said } = await stops();
    expect(code).toBe(1);
    expect(said).toContain('The disk is full.');
    expect(said).toContain('Make room (df -h shows where), then run again: it resumes from here.');
    // Room is made: the folder moves to a larger disk.
    await shell(host, 'cp -a /var/www /srv/www; umount /var/www; rmdir /var/www; mv /srv/www /var/www');
  });

  test('a private dependency that is refused', async () => {
    await host.internet.git.refuse('studio-private.git');
    const { code, said } = await stops();
    await host.internet.git.admit('studio-private.git');
    expect(code).toBe(1);
    expect(said).toMatch(/Can't fetch a private dependency of the site: http:\S+studio-private\.git\./);
    expect(said).toMatch(/sudo -Hu www-data git ls-remote http\S+studio-private\.git .*\.netrc/);
  });

  test('a file of Meilisearch that is not the one asked for', async () => {
    const { code, said } = await stops();
    expect(code).toBe(1);
    expect(said).toMatch(
      /meilisearch-linux-\w+ is not the expected file: its SHA-256 is \w{64} \(expected f{64}\)/,
    );
    expect(said).toContain('Compare it with the digest on the release page');
    expect(said).toContain('Nothing was installed.');
    expect(await shell(host, 'ls /usr/bin')).not.toContain('meilisearch');
    const { answers: usual } = await makeAnswers(host);
    answer('meilisearch.sha256', usual['meilisearch.sha256']);
  });

  test('a certificate authority that does not answer', async () => {
    const { code, said } = await stops();
    await host.internet.resume('acme.example.test');
    expect(code).toBe(1);
    expect(said).toContain("The certificate authority can't be reached.");
    expect(said).toContain('Check the network of this server (and the answer certificate.server)');
  });

  test('port 80 closed by a firewall', async () => {
    // The kernel's routing refuses what comes in from outside, as `iptables -j REJECT` would.
    const closed = 'iif eth0 ipproto tcp dport 80 prohibit pref 5';
    await shell(host, `ip rule add pref 10 lookup local; ip rule add ${closed}; ip rule del pref 0`);
    const { code, said } = await stops();
    await shell(host, `ip rule add pref 0 lookup local; ip rule del ${closed}; ip rule del pref 10`);
    expect(code).toBe(1);
    expect(said).toContain('The certificate authority could not reach this server');
    expect(said).toContain('Open port 80 in every firewall');
  });

  test('nothing in the way any more: the site is up, from the templates', async () => {
    const { code, said } = await attempt(host, answers);
    expect(code, said).toBe(0);
    const page = await host.internet.curl('https://studio.example.org/');
    expect(page.stdout).toContain('The Lighthouse Ferry');
  });
});

describe('a site that is up', () => {
  test('settings.py that is no Python: nothing is made again, though no answer is given', async () => {
    const settings = '/var/www/blender-studio/studio/settings.py';
    await shell(host, `cp -p ${settings} /root/kept; sed -i 's/^DEBUG = False/DEBUG = = False/' ${settings}`);
    const line = (await shell(host, `grep -n 'DEBUG = =' ${settings}`)).split(':')[0];
    const { code, said } = await refused(host, { ...answers, secrets: 'generate', integrations: 'skipped' });
    await shell(host, `mv /root/kept ${settings}`);
    expect(code).toBe(1);
    expect(said).toContain(`${settings} is not valid Python: line ${line}, column `);
    expect(said).toContain(`sudo -Hu www-data editor ${settings}`);
  });

  test('a password of the database that changed', async () => {
    const set = (password: string) =>
      must(host, ['psql', '-q'], { user: 'postgres', input: `ALTER ROLE studio PASSWORD '${password}'` });
    await set('another one');
    const { code, said } = await refused(host, answers);
    await set(await shell(host, 'cat /root/secrets/database.password').then((text) => text.trim()));
    expect(code).toBe(1);
    expect(said).toContain('The database server localhost:5432 refuses the password of studio.');
  });

  test('a virtualenv that was deleted: it is made again, though its packages are downloaded already', async () => {
    await shell(host, 'rm -r /var/www/venv; systemctl stop studio studio-background');
    const { code, said } = await attempt(host, answers);
    expect(code, said).toBe(0);
    const page = await host.internet.curl('https://studio.example.org/');
    expect(page.stdout).toContain('The Lighthouse Ferry');
  });

  test('another version of Meilisearch than that of its data', async () => {
    const { code, said } = await refused(host, {
      ...answers,
      meilisearch: '0.30.5',
      extra: { ...answers.extra, 'meilisearch.sha256': (await host.internet.meilisearch('0.30.5')).sha256 },
    });
    expect(code).toBe(1);
    expect(said).toContain('/var/www/data.ms was written by Meilisearch 0.25.2; 0.30.5 does not open it.');
    expect(said).toContain('Nothing was changed.');
  });

  test('a disk that is full where the product keeps its memory: named, and what it knows is not lost', async () => {
    const [unit, state] = ['/etc/systemd/system/studio-stats.timer', '/var/lib/studio-setup'];
    await shell(
      host,
      `chmod 600 ${unit}
       mount -t tmpfs -o size=64k,mode=700 none /mnt; cp -a ${state}/ledger.json /mnt; mount --bind /mnt ${state}
       dd if=/dev/zero of=${state}/filled bs=1k status=none 2>/dev/null || true`,
    );
    const full = await attempt(host, answers);
    await shell(host, `umount ${state} /mnt`);
    expect(full.code).toBe(1);
    expect(full.said).toContain('The disk is full');
    expect(full.said).toContain('Make room (df -h and df -i show where), then run the same command again');
    const { code, said } = await attempt(host, answers);
    expect(code, said).toBe(0);
    expect(said).toContain('1 change,');
  });

  test('files edited by hand: none is overwritten, and all are shown', async () => {
    const [unit, vhost] = ['/etc/systemd/system/studio.service', '/var/www/config/nginx_studio.conf'];
    await shell(host, `echo '# Hands off' >> ${unit}; echo '# Mine' >> ${vhost}`);
    const { code, said } = await refused(host, answers);
    expect(code).toBe(4);
    for (const file of [unit, vhost]) {
      expect(said).toContain(`${file} was edited by hand`);
      expect(said).toContain(`--overwrite ${file}`);
    }
    expect(said).toContain('-# Hands off');

    const one = await refused(host, { ...answers, flags: ['--overwrite', unit] });
    expect(one.code).toBe(4);
    expect(one.said).not.toContain(unit);

    const both = await attempt(host, { ...answers, flags: ['--overwrite', unit, '--overwrite', vhost] });
    expect(both.code, both.said).toBe(0);
    await shell(host, `! grep -q 'Hands off' ${unit}; ! grep -q Mine ${vhost}`);
    const kept = await shell(host, 'grep -rlE "# (Hands off|Mine)" /var/backups/studio-setup');
    expect(kept.trim().split('\n')).toHaveLength(2);
  });
});

/** A run that does not come to its end. Whatever it was at, no file is half written, and no service is broken. */
async function stops(): Promise<Verdict> {
  const verdict = await attempt(host, answers);
  const halves = await shell(
    host,
    `find / -xdev -name '*.studio-setup-partial'; systemctl --failed --plain --no-legend`,
  );
  expect(halves, verdict.said).toBe('');
  return verdict;
}

function answer(id: string, value: unknown): void {
  answers = { ...answers, extra: { ...answers.extra, [id]: value } };
}
