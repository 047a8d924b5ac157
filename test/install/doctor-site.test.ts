import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Planted, writeAnswers } from '../rehearsal/answers.ts';
import { Operator } from '../rehearsal/operator.ts';
import { installProduct } from '../rehearsal/product.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts';
import { faults } from './faults/site.ts';
import { trial } from './faults/trial.ts';
import { oneLine, shell } from './operator.ts';
import { givenAway, namesIn } from './secrets.ts';

// One host, installed once; each fault is fixed before the next comes.
let host: Rehearsal;
let planted: readonly Planted[];

beforeAll(async () => {
  host = await startRehearsal();
  planted = await writeAnswers(host);
  await installProduct(host, console.log);
  console.log(await new Operator(host).run());
});
afterAll(() => host?.stop());

describe('a fault of the settings, the database, the search, rights, or the machine', () => {
  test.each(faults)('$name', (fault) => trial(host, fault));
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
