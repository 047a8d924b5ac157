import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answersFile, writeAnswers } from '../rehearsal/answers.ts';
import { installedHost } from '../rehearsal/installed.ts';
import { expectExit, type Operator, records } from '../rehearsal/operator.ts';
import { Proof } from '../rehearsal/proof.ts';
import { services } from '../rehearsal/recipe.ts';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import { certificates, wholeSite } from './domain.ts';
import { traces, tracesBefore } from './files.ts';
import { killAt, type Point } from './interruptions.ts';
import { must, oneLine, shell } from './operator.ts';
import { underTrickle } from './trickle.ts';

const OLD = ['studio.example.org', 'www.studio.example.org'];
const NEW = ['new.example.net', 'www.new.example.net'];
const THIRD = 'studio.example.net';

const first = { domain: 'studio.example.org', extra: ['www.studio.example.org'] };
const second = { domain: 'new.example.net', extra: ['www.new.example.net'], lead: OLD };
const third = { domain: THIRD, lead: OLD, gone: NEW };

const answers = { integrations: 'skipped', secrets: 'generate' } as const;
const change = ['change-domain', 'new.example.net', '--extra', 'www.new.example.net'];

// One host, and one installation on it: the tests are stations of its life, in this order.
let host: Rehearsal;
let operator: Operator;

beforeAll(async () => {
  ({ host, operator } = await installedHost('generated'));
});
afterAll(() => host?.powerOff());

describe('refused before anything is changed', () => {
  test('a name that leads nowhere', async () => {
    await operator.start('status');
    const before = await tracesBefore(host);
    const ran = await operator.start('change-domain', 'nowhere.example.com');
    expect(ran.code).toBe(1);
    expect(oneLine(ran.stderr)).toMatch(
      /nowhere\.example\.com points to 192\.0\.2\.1, but nothing answers there on port 80.*Nothing was changed\./,
    );
    expect(await traces(host)).toEqual(before);
  });

  test.each(['https://new.example.net/blog', 'new.example.net; } server {', 'new', '192.0.2.10', ''])(
    'what is no host name: %s',
    async (name) => {
      const ran = await operator.start('change-domain', name);
      expect(ran.code).toBe(2);
      expect(oneLine(ran.stderr)).toContain('Nothing was changed.');
    },
  );
});

describe('when a step fails', () => {
  test('the certificate: nothing of the old site was touched', async () => {
    // A part of the visitors, and of the authority's questions, would come to another host.
    await host.dns.set('new.example.net', { a: ['192.0.2.10', services['git.example.test']] });
    const site = () =>
      shell(
        host,
        'stat --format "%n %y %z" /var/www/config/* /var/www/blender-studio/studio/settings.py; systemctl show --property=MainPID,ActiveEnterTimestamp nginx studio studio-background',
      );
    const before = await site();
    const { result, seen, words } = await underTrickle(host, () => operator.start(...change));
    console.log(`no certificate: ${words}`);
    await host.dns.set('new.example.net', { a: ['192.0.2.10'] });
    expect(result.code).toBe(1);
    expect(oneLine(result.stdout)).toMatch(
      /new\.example\.net\/\S+ at 198\.51\.100\.12 does not reach this server.*No attempt was spent.*The domain is studio\.example\.org, as before/,
    );
    expect(seen.failed).toEqual([]);
    expect(await site()).toBe(before);
    expect(await certificates(host)).toEqual(['studio.example.org']);
    await wholeSite(host, { ...first, gone: NEW });
  });

  test('settings.py: the old domain works, and the new certificate, which could not be renewed, is gone', async () => {
    await shell(host, 'chown root:root /var/www/blender-studio/studio');
    const { result, seen } = await underTrickle(host, () => operator.start(...change));
    await shell(host, 'chown www-data:www-data /var/www/blender-studio/studio');
    expect(result.code).toBe(1);
    expect(oneLine(result.stdout)).toMatch(
      /This did not succeed: restoring the old state\..*The domain is studio\.example\.org, as before/,
    );
    expect(seen.failed).toEqual([]);
    expect(await certificates(host)).toEqual(['studio.example.org']);
    await wholeSite(host, { ...first, gone: NEW });
    console.log(await operator.runAgain(new Proof(host)));
  });
});

describe('the old name redirects to the new one', () => {
  test('before, plan, run and proof, under a trickle of visitors of the old name: none of them fails', async () => {
    await wholeSite(host, { ...first, gone: NEW });
    const { result, seen, words } = await underTrickle(host, () => operator.start(...change, '--json'), {
      follow: true,
    });
    console.log(`change-domain: ${result.seconds.toFixed(1)} s; visitors of the old name: ${words}`);
    expectExit(result, 0);
    const planned = records(result).filter(({ type }) => type === 'planned');
    expect(planned.map(({ operation }) => operation)).toContain('change-domain/certificate');
    expect(records(result)).toContainEqual(
      expect.objectContaining({ type: 'procedure-finished', procedure: 'change-domain', state: 'new' }),
    );
    expect(seen.failed).toEqual([]);
    await wholeSite(host, second);
    expect(await certificates(host)).toEqual(['new.example.net', 'studio.example.org']);
  });

  test('an answers file that still has the old domain is refused: a run with it would take the site back', async () => {
    const ran = await operator.start('run');
    expect(ran.code).toBe(1);
    expect(oneLine(ran.stderr)).toMatch(
      /changed from studio\.example\.org to new\.example\.net.*Nothing was changed/,
    );
  });

  test('a run, and the same command again, change and restart nothing', async () => {
    await writeAnswers(host, { ...answers, domain: second.domain, extraNames: second.extra });
    const proof = new Proof(host, second.domain);
    console.log(await operator.runAgain(proof));
    const starts = await proof.starts();
    const again = await operator.start(...change, '--json');
    expectExit(again, 0);
    expect(records(again).filter(({ type }) => type === 'change')).toEqual([]);
    expect(await proof.starts()).toBe(starts);
    console.log(await operator.doctor());
  });

  test('the certificates of both names are renewed, and visitors get them', async () => {
    const served = () =>
      Promise.all([second.domain, 'studio.example.org'].map((name) => new Proof(host, name).serial()));
    const before = await served();
    await new Proof(host, second.domain).renewal();
    const after = await served();
    expect(after.filter((serial) => before.includes(serial))).toEqual([]);
    await wholeSite(host, second);
  });

  test('with a lost ledger the host itself tells all names', async () => {
    // That these ran systemd knows until a boot, and the host was booted since the installation.
    const tasks = ['clearsessions', 'process-deletion-requests', 'background-restart', 'stats', 'clock-tick'];
    await shell(host, `systemctl start ${tasks.map((task) => `studio-${task}`).join(' ')}`);
    await shell(host, 'rm -r /var/lib/studio-setup');
    await writeAnswers(host, { ...answers, without: ['domain', 'extra-names'] });
    const said = await must(host, ['studio-setup', 'answers', '--answers', answersFile]);
    expect(said).toContain('domain: new.example.net  (the host)');
    expect(said).toContain('extra-names: www.new.example.net  (the host)');
    expect(said).toContain('redirect-names: studio.example.org www.studio.example.org  (the host)');
    console.log(await operator.plan('up to date'));
  });
});

describe('killed with kill -9, again and again, while the old name goes', () => {
  const moments: readonly Point[] = [
    { operation: 'change-domain/certificate', output: /Requesting a certificate/, within: 1500 },
    { operation: 'change-domain/vhost', output: 'end', within: 0 },
    { operation: 'change-domain/settings', output: 'end', within: 0 },
    { operation: 'change-domain/old-certificates', within: 300 },
  ];

  test('each start goes on; it ends in the new state, in full', async () => {
    const begun = ['change-domain', THIRD, '--old', 'remove'];
    for (const [index, moment] of moments.entries()) {
      const killed = await killAt(host, [moment], index % 2 === 0 ? begun : ['run']);
      expect(killed.point, killed.said).toBe(moment);
      if (index !== 1) continue;
      const looked = await operator.start('plan');
      expect(oneLine(looked.stdout)).toContain('"change-domain" was interrupted.');
      // The transaction record on the host is enough.
      await shell(host, 'rm /var/lib/studio-setup/pending.json');
    }
    const ran = await operator.start('run');
    expect(ran.code, ran.stdout + ran.stderr).toBe(0);
    expect(oneLine(ran.stdout)).toContain('It is finished first.');
    await wholeSite(host, third);
    expect(await certificates(host)).toEqual([THIRD, 'studio.example.org']);
    console.log(await operator.runAgain(new Proof(host, THIRD)));
  });

  test('asked for again with the old names to go, the former ones go too; what another server answers and uses stays', async () => {
    const own = '/etc/letsencrypt/live/studio.example.org';
    await must(host, ['install', '-d', '/etc/other']);
    await host.write(
      '/etc/other/tls',
      `ssl_certificate ${own}/fullchain.pem;\nssl_certificate_key ${own}/privkey.pem;\n`,
    );
    await host.write(
      '/etc/nginx/sites-enabled/zz-other',
      "server {\n  listen 443 ssl;\n  server_name studio.example.org;\n  include /etc/other/tls;\n  return 200 'somebody else\\n';\n}\n",
    );
    const ran = await operator.start('change-domain', THIRD, '--old', 'remove');
    expect(ran.code, ran.stdout).toBe(0);
    expect(oneLine(ran.stdout)).toMatch(
      /The certificate studio\.example\.org is kept: nginx names it.*certbot delete --cert-name studio\.example\.org/,
    );
    expect(await certificates(host)).toEqual([THIRD, 'studio.example.org']);
    const other = await host.internet.curl('https://studio.example.org/');
    expect(other.stdout).toBe('somebody else\n');
    await wholeSite(host, { domain: THIRD, gone: ['www.studio.example.org', ...NEW] });

    await shell(host, 'rm -r /etc/other /etc/nginx/sites-enabled/zz-other && systemctl reload nginx');
    await must(host, ['certbot', 'delete', '--non-interactive', '--cert-name', 'studio.example.org']);
    await wholeSite(host, { domain: THIRD, gone: [...OLD, ...NEW] });
    console.log(await operator.runAgain(new Proof(host, THIRD)));
  });
});
