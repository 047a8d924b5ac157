import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Planted } from '../rehearsal/answers.ts';
import { installedHost } from '../rehearsal/installed.ts';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import { firstOfEach } from './faults/fault.ts';
import { faults } from './faults/site.ts';
import { trial } from './faults/trial.ts';
import { oneLine, shell, taskSays } from './operator.ts';
import { givenAway, namesIn } from './secrets.ts';

// One host, installed once; each fault is fixed before the next comes.
let host: Rehearsal;
let planted: readonly Planted[];

beforeAll(async () => {
  ({ host, planted } = await installedHost('planted'));
});
afterAll(() => host?.powerOff());

describe('a fault of the settings, the database, the search, rights, or the machine', () => {
  test.each(firstOfEach(faults))('$name', (fault) => trial(host, fault));
});

describe('a test e-mail, by the site itself', () => {
  const settings = '/var/www/blender-studio/studio/settings.py';
  const smtp = (lines: string) =>
    `EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"\nEMAIL_HOST = "127.0.0.1"\nEMAIL_PORT = 2525\n${lines}`;
  const api = (path: string) => `ANYMAIL["MAILGUN_API_URL"] = "http://127.0.0.1:2580/${path}"\n`;

  beforeAll(async () => {
    const key = planted.find(({ id }) => id === 'mailgun.api-key')?.value ?? '';
    const servers = await readFile(join(import.meta.dirname, 'mail-server.py'), 'utf8');
    await host.exec(['sh', '-c', 'cat > /root/mail-server.py'], { input: servers });
    await shell(
      host,
      `cp -a ${settings} /root/settings.py; systemd-run --quiet --unit test-mail --setenv PYTHONUNBUFFERED=1 python3 -W ignore /root/mail-server.py 2525 2580 '${key}'; until journalctl -u test-mail | grep -q READY; do sleep 0.1; done`,
    );
  });
  afterAll(() => shell(host, `systemctl stop test-mail; mv /root/settings.py ${settings}`));

  test.each<[string, string, string, number, RegExp]>([
    ['to Mailgun', api('v3'), 'you', 0, /answered: 200 Queued\. Thank you\. \(message id <20261129\.1@/],
    ['to a path that Mailgun does not know', api('v4'), 'you', 1, /does not know the sender domain/],
    [
      'with a key that Mailgun refuses',
      `${api('v3')}ANYMAIL["MAILGUN_API_KEY"] = "other"\n`,
      'you',
      1,
      /refused the API key.*401/,
    ],
    ['to a mail server', smtp(''), 'you', 0, /answered: 250 2\.0\.0 Ok: queued as 4B5A/],
    [
      'to a recipient that it refuses',
      smtp(''),
      'nobody',
      1,
      /refused the recipient .*550 5\.1\.1 No such user/,
    ],
    [
      'with a login that it refuses, whose password it repeats',
      smtp('EMAIL_HOST_USER = "studio"\nEMAIL_HOST_PASSWORD = "planted-smtp-password"\n'),
      'you',
      1,
      /refused the login\. .*535 5\.7\.8 Authentication credentials invalid: ••••/,
    ],
    [
      'with an encryption that it lacks',
      smtp('EMAIL_USE_TLS = True\n'),
      'you',
      1,
      /STARTTLS extension not supported/,
    ],
    ['to where none is', smtp('EMAIL_PORT = 2526\n'), 'you', 1, /can't be reached \(127\.0\.0\.1:2526/],
    [
      "with the console's backend",
      'EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"\n',
      'you',
      1,
      /console\.EmailBackend, which sends nothing/,
    ],
  ])('%s', async (_, lines, recipient, code, said) => {
    await shell(host, `cp -a /root/settings.py ${settings}`);
    await host.exec(['runuser', '-u', 'www-data', '--', 'tee', '-a', settings], { input: `\n${lines}` });
    const before = await shell(
      host,
      'ls -lR --time-style=full-iso /var/lib/studio-setup /var/log/studio-setup',
    );
    const ran = await host.exec(['studio-setup', 'test-email', `${recipient}@example.net`]);
    const told = oneLine(`${ran.stdout} ${ran.stderr}`);
    expect(told).toMatch(said);
    expect(ran.code).toBe(code);
    expect(told).not.toContain('planted-smtp-password');
    expect(namesIn(told, givenAway(planted))).toEqual([]);
    expect(
      await shell(host, 'ls -lR --time-style=full-iso /var/lib/studio-setup /var/log/studio-setup'),
    ).toBe(before);
    if (code === 0)
      expect(await shell(host, 'journalctl --output cat -u test-mail | tail -30')).toContain(
        'Test+e-mail'.replace('+', lines.includes('smtp') ? ' ' : '+'),
      );
  });
});

describe('day two, by commands', () => {
  const password = (stdout: string) => /^Password: (\w{20})$/m.exec(stdout)?.[1] ?? '';
  /** @returns whether the site takes a login */
  const taken = async (name: string, word: string) => {
    const script = `from django.contrib.auth import authenticate; print(bool(authenticate(username='${name}', password='${word}')))`;
    // By standard input: the journal has the arguments of runuser.
    const shellOfSite = `cd /var/www/blender-studio && runuser -u www-data -- /var/www/venv/bin/python manage.py shell`;
    return (await shell(host, shellOfSite, { input: script })).trim();
  };

  test('admin makes an account with a password that stands nowhere else, then gives it a new one', async () => {
    const command = ['studio-setup', 'admin', 'anna', '--email', 'anna@example.org', '--generate', '--yes'];
    const first = await host.exec(command);
    expect(first.code).toBe(0);
    expect(first.stdout).toContain('anna can log in now: https://studio.example.org/admin/');
    expect(await taken('anna', password(first.stdout))).toBe('True');
    const second = await host.exec([...command, '--json']);
    const record = JSON.parse(second.stdout.trim().split('\n').at(-1) ?? '') as Record<string, string>;
    expect(record).toMatchObject({ type: 'administrator', username: 'anna' });
    expect(await taken('anna', password(first.stdout))).toBe('False');
    expect(await taken('anna', record.password ?? '')).toBe('True');
    for (const word of [password(first.stdout), record.password ?? '']) {
      const places = '/var/log /var/lib/studio-setup /var/backups /root';
      expect(await shell(host, `grep -rl '${word}' ${places} || true`)).toBe('');
    }
    expect((await host.exec(['studio-setup', 'admin', "o'neill", '--generate', '--yes'])).code).toBe(2);
    expect((await host.exec(['studio-setup', 'admin', 'anna', '--yes'])).code).toBe(2);
  });

  test('logs masks the secrets that a service prints, and has the service itself', async () => {
    const { value = '' } = planted.find(({ id }) => id === 'mailgun.api-key') ?? {};
    await taskSays(host, 'studio-stats', `the key is ${value}.`);
    const { code, stdout } = await host.exec(['studio-setup', 'logs', 'studio-stats', '--lines', '5']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/the key is ••••\./);
    const all = (await host.exec(['studio-setup', 'logs', '--lines', '2000'])).stdout;
    expect(all).toMatch(/uwsgi/i);
    expect(namesIn(all, givenAway(planted))).toEqual([]);
    expect((await host.exec(['studio-setup', 'logs', 'ssh'])).code).toBe(2);
  });

  test('restart proves that the service answers; nginx stays up where its configuration does not pass', async () => {
    const main = async (unit: string) => shell(host, `systemctl show --property=MainPID --value ${unit}`);
    const before = await main('studio');
    const ran = await host.exec(['studio-setup', 'restart', 'studio', '--yes']);
    expect(ran.code).toBe(0);
    expect(oneLine(ran.stdout)).toMatch(/Service studio: active, and answers/);
    expect(await main('studio')).not.toBe(before);
    await host.write('/etc/nginx/conf.d/broken.conf', 'no such directive;\n');
    const nginx = await main('nginx');
    const refused = await host.exec(['studio-setup', 'restart', 'nginx', '--yes']);
    await shell(host, 'rm /etc/nginx/conf.d/broken.conf');
    expect(refused.code).toBe(1);
    expect(oneLine(`${refused.stdout} ${refused.stderr}`)).toContain('unknown directive');
    expect(await main('nginx')).toBe(nginx);
  });

  test('a service that does not come up again is named, with what to do', async () => {
    await shell(
      host,
      'cp -a /var/www/config/uwsgi_studio.ini /root/; sed -i "s/^plugin.*/plugin = nothing/" /var/www/config/uwsgi_studio.ini',
    );
    const ran = await host.exec(['studio-setup', 'restart', 'studio', '--yes']);
    await shell(host, 'mv /root/uwsgi_studio.ini /var/www/config/; systemctl restart studio');
    expect(ran.code).toBe(1);
    expect(oneLine(ran.stdout)).toMatch(/✗ Service studio: .*What to do/);
  });

  test('address has the site, its /admin/ and further names, a line each', async () => {
    expect((await host.exec(['studio-setup', 'address'])).stdout).toBe(
      'https://studio.example.org/\nhttps://studio.example.org/admin/\nhttps://www.studio.example.org/\n',
    );
  });

  test('the doctor finds the site well after all of it', async () => {
    const { code, stdout } = await host.exec(['studio-setup', 'doctor', '--yes']);
    expect(stdout).toMatch(/Integrations: Switched on: [^✓]*Mailgun/);
    expect(code, stdout).toBe(0);
  });
});

test('fixing shows no secret, and leaves none in the logs', async () => {
  const secrets = givenAway(planted);
  const settings = '/var/www/blender-studio/studio/settings.py';
  await host.exec(['sed', '-i', 's/^DEBUG = False/DEBUG = True/', settings]);
  await host.exec(['chmod', '644', settings]);
  const { code, stdout, stderr } = await host.exec(['studio-setup', 'doctor', '--fix', '--yes']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/DEBUG is on/);
  expect(stdout).toMatch(/All checks passed: /);
  expect(namesIn(`${stdout}${stderr}`, secrets)).toEqual([]);
  expect(namesIn(await shell(host, 'cat /var/log/studio-setup/*'), secrets)).toEqual([]);
});
