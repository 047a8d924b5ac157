import { describe, expect, it } from 'vitest';
import { SITE_USER, VENV } from '../../src/site/layout.ts';
import {
  beforeSending,
  emailProblem,
  sendTestEmail,
  sentLines,
  type TestEmail,
} from '../../src/site/test-email.ts';
import { FakeHost } from '../host/fake/fake-host.ts';
import type { Call } from '../host/fake/programs.ts';

const BASE: TestEmail = {
  backend: 'django.core.mail.backends.smtp.EmailBackend',
  sender: 'Studio <webmaster@example.org>',
  recipient: 'you@example.net',
  server: 'mail.example.org:587, STARTTLS',
};

const MAILGUN: TestEmail = {
  ...BASE,
  backend: 'anymail.backends.mailgun.EmailBackend',
  server: 'https://api.mailgun.net/v3/',
};

/** @param says what templates/python/test_email.py prints: test/install/doctor-site.test.ts runs it against mail servers */
async function sent(says: TestEmail | string, calls: Call[] = []): Promise<TestEmail> {
  const host = new FakeHost();
  host.arrange({ [`${VENV}/bin/python`]: { text: '', mode: 0o755, owner: SITE_USER } });
  host.programs.add((call) => {
    if (call.argv[0] !== `${VENV}/bin/python`) return undefined;
    calls.push(call);
    return typeof says === 'string'
      ? { code: 1, stderr: `Traceback\n${says}\n` }
      : { stdout: `\n@@${JSON.stringify(says)}\n` };
  });
  return sendTestEmail(host, BASE.recipient, 'studio.example.org');
}

describe('a test e-mail', () => {
  it('says before it is sent which backend the settings have, and that one of these sends nothing', () => {
    expect(beforeSending('django.core.mail.backends.console.EmailBackend')).toMatch(
      /^EMAIL_BACKEND is django\.core\.mail\.backends\.console\.EmailBackend, which sends nothing.*studio-setup run settings$/,
    );
    expect(beforeSending(BASE.backend)).toContain(`EMAIL_BACKEND is ${BASE.backend}.`);
    expect(beforeSending(undefined)).not.toContain('EMAIL_BACKEND');
  });

  it('is sent by the site itself, as www-data; the address goes by standard input', async () => {
    const calls: Call[] = [];
    await sent(BASE, calls);
    const [call] = calls;
    expect(call?.options.as).toBe(SITE_USER);
    expect(call?.argv.join(' ')).not.toContain('you@example.net');
    expect(call?.options.input).toContain('you@example.net');
  });

  it('that is taken: with which backend, to whom, and what the mail server answered', async () => {
    const email = await sent({ ...BASE, code: 250, said: '2.0.0 Ok: queued as 4B5A' });
    expect(sentLines(email)).toEqual([
      'Sent a test e-mail to you@example.net, from Studio <webmaster@example.org>.',
      'Backend: django.core.mail.backends.smtp.EmailBackend (mail.example.org:587, STARTTLS)',
      'The mail server answered: 250 2.0.0 Ok: queued as 4B5A',
      'Accepted does not mean delivered: check the inbox and the spam folder.',
    ]);
    expect(sentLines({ ...BASE, code: 200, said: 'Queued. Thank you.', id: '<1@x>' })[2]).toBe(
      'The mail server answered: 200 Queued. Thank you. (message id <1@x>)',
    );
    const { server: _, ...custom } = BASE;
    expect(sentLines(custom)[2]).toBe('The backend does not report what the mail server answered.');
  });

  it.each<[NonNullable<TestEmail['failed']>, RegExp, RegExp]>([
    [{ kind: 'off', said: '' }, /which sends nothing/, /run settings/],
    [{ kind: 'login', code: 535, said: 'no' }, /refused the login/, /EMAIL_HOST_PASSWORD/],
    [{ kind: 'sender', code: 553, said: 'no' }, /refused the sender Studio/, /DEFAULT_FROM_EMAIL/],
    [{ kind: 'recipient', code: 550, said: 'no' }, /refused the recipient you@/, /answer says why/],
    [{ kind: 'refused', code: 554, said: 'spam' }, /refused the message/, /answer says why/],
    [{ kind: 'encryption', said: 'no' }, /does not offer/, /EMAIL_USE_TLS/],
    [{ kind: 'disconnected', said: 'no' }, /closed the connection/, /587.*465/],
    [{ kind: 'certificate', said: 'no' }, /encrypted connection/, /EMAIL_HOST/],
    [{ kind: 'name', said: 'no' }, /name of the mail server does not resolve \(mail\./, /EMAIL_HOST/],
    [{ kind: 'timeout', said: 'no' }, /did not answer in time/, /port 25/],
    [{ kind: 'unreachable', said: 'no' }, /can't be reached/, /firewall/],
    [{ kind: 'unknown', said: 'Oops: x' }, /cause is not known/, /error is above/],
  ])('that is not, by SMTP: %o', (failed, what, remedy) =>
    judged(BASE, failed, what, remedy, /mailgun_|API/i),
  );

  it.each<[NonNullable<TestEmail['failed']>, RegExp, RegExp]>([
    [{ kind: 'http', code: 401, said: 'Forbidden' }, /refused the API key/, /api\.eu\.mailgun\.net/],
    [{ kind: 'http', code: 404, said: 'no' }, /does not know the sender domain/, /MAILGUN_SENDER_DOMAIN/],
    [{ kind: 'http', code: 429, said: 'no' }, /refuses more messages/, /Wait/],
    [{ kind: 'http', code: 503, said: 'no' }, /has an outage/, /status page/],
    [{ kind: 'http', code: 400, said: 'no' }, /refused the message/, /DEFAULT_FROM_EMAIL/],
    [{ kind: 'certificate', said: 'no' }, /connection to Mailgun's API/, /clock.*MAILGUN_API_URL/],
    [{ kind: 'name', said: 'no' }, /name of Mailgun's API does not resolve/, /MAILGUN_API_URL/],
    [{ kind: 'timeout', said: 'no' }, /Mailgun's API did not answer in time/, /port 443/],
    [{ kind: 'unreachable', said: 'no' }, /Mailgun's API can't be reached/, /port 443/],
  ])('that is not, by Mailgun: %o', (failed, what, remedy) =>
    judged(MAILGUN, failed, what, remedy, /EMAIL_(HOST|PORT|USE)|port 25/),
  );

  it.each<[NonNullable<TestEmail['failed']>, RegExp, RegExp]>([
    [{ kind: 'http', code: 401, said: 'no' }, /refused the API key/, /Correct the key/],
    [{ kind: 'http', code: 404, said: 'no' }, /refused the message/, /answer says why/],
    [{ kind: 'timeout', said: 'no' }, /the mail service did not answer/, /settings that this backend has/],
  ])('that is not, by another service: %o', (failed, what, remedy) => {
    const email = { ...BASE, backend: 'anymail.backends.postmark.EmailBackend' };
    judged(email, failed, what, remedy, /mailgun|EMAIL_HOST/i);
  });

  /** @param foreign what is about another way to send */
  function judged(
    email: TestEmail,
    failed: NonNullable<TestEmail['failed']>,
    what: RegExp,
    remedy: RegExp,
    foreign: RegExp,
  ): void {
    const problem = emailProblem({ ...email, failed }, failed);
    expect(problem.remedy).not.toMatch(foreign);
    expect(problem.what).toMatch(/^The test e-mail to you@example\.net was not sent: /);
    expect(problem.what).toMatch(what);
    expect(problem.remedy).toMatch(remedy);
    expect(problem.remedy).toMatch(/try again: studio-setup test-email you@example\.net$/);
    if (failed.said !== '') expect(problem.detail?.join()).toContain(failed.said);
  }

  it('by a site that does not start says so, and that nothing was sent', async () => {
    await expect(sent('ModuleNotFoundError: No module named braintree')).rejects.toThrow(
      /could not be asked .*No module named braintree\. Nothing was sent/,
    );
  });
});
