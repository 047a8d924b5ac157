import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../src/output/secret.ts';
import { channelsText, readChannels, waysOf } from '../../src/watch/channels.ts';
import { messageOf, testMessage } from '../../src/watch/message.ts';
import type { WatchState } from '../../src/watch/state.ts';
import { smtp } from '../../src/watch/ways/mail.ts';
import { metricsOf, textfile } from '../../src/watch/ways/textfile.ts';
import { heartbeat, webhook } from '../../src/watch/ways/web.ts';
import { FakeHost } from '../host/fake/fake-host.ts';
import { when } from '../host/fake/programs.ts';
import { temporaryHost } from '../host/temporary.ts';

const servers: { close(done: () => void): unknown }[] = [];
const { host, folder: hostFolder } = temporaryHost();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'studio-setup-ways-'));
});
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise<void>((done) => server.close(done));
  rmSync(folder, { recursive: true });
  rmSync(hostFolder, { recursive: true, force: true });
});

const message = messageOf('studio.example.org', [
  {
    at: Date.UTC(2026, 10, 29),
    check: 'disk',
    title: 'Disk',
    kind: 'failing',
    said: '12 MB – full',
    remedy: 'Make room.',
  },
]);

async function portOf(server: Server): Promise<number> {
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** An HTTP server on loopback. @returns its address, and what it was sent */
async function listener(status: number, body: string) {
  const got: { method: string; url: string; headers: http.IncomingHttpHeaders; body: string }[] = [];
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers } = request;
    got.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(status).end(body);
  });
  servers.push(server);
  const port = await portOf(server.listen(0, '127.0.0.1'));
  return { address: `http://127.0.0.1:${port}`, got };
}

describe('a webhook', () => {
  it('gets JSON with a text, and its answer is shown', async () => {
    const { address, got } = await listener(200, 'ok\n');
    const way = webhook(host, new Secret(`${address}/hooks/planted-token`));
    expect(await way.tell?.(message)).toEqual({ ok: true, said: 'HTTP 200: ok' });
    expect(got).toHaveLength(1);
    expect(got[0]).toMatchObject({ method: 'POST', url: '/hooks/planted-token' });
    expect(got[0]?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(got[0]?.body ?? '')).toEqual({
      text: 'studio.example.org: Disk fails\n\nDisk fails. 12 MB – full\nWhat to do: Make room.',
      title: 'studio.example.org: Disk fails',
      site: 'studio.example.org',
      events: [
        {
          at: '2026-11-29T00:00:00.000Z',
          check: 'disk',
          title: 'Disk',
          kind: 'failing',
          said: '12 MB – full',
          remedy: 'Make room.',
        },
      ],
    });
  });

  it.each([
    [404, 'no_service', 'HTTP 404: no_service'],
    [302, '', 'HTTP 302'],
    [500, 'x'.repeat(5000), `HTTP 500: ${'x'.repeat(200)}`],
  ])('that answers %d did not take it', async (status, body, said) => {
    const { address } = await listener(status, body);
    expect(await webhook(host, new Secret(`${address}/`)).tell?.(message)).toEqual({ ok: false, said });
  });

  it('that is not there, or whose address is none, is told as that', async () => {
    const { address } = await listener(200, '');
    for (const server of servers.splice(0)) await new Promise<void>((done) => server.close(done));
    expect(await webhook(host, new Secret(address)).tell?.(message)).toMatchObject({
      ok: false,
      said: expect.stringContaining('ECONNREFUSED'),
    });
    expect(await webhook(host, new Secret('no address')).tell?.(message)).toMatchObject({ ok: false });
  });
});

it('a heartbeat is asked for after each round', async () => {
  const { address, got } = await listener(200, 'OK');
  const way = heartbeat(host, new Secret(`${address}/ping/planted`));
  expect(await way.report?.(STATE)).toEqual({ ok: true, said: 'HTTP 200: OK' });
  expect(got.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /ping/planted']);
});

const STATE: WatchState = {
  checks: {
    disk: { title: 'Disk', ok: false, since: 0, toldAs: 'failing', changes: [] },
    'a"b\\': { title: 'Odd', ok: true, since: 0, toldAs: 'well', changes: [] },
  },
  rounds: [{ at: 1_700_000_000_000, ms: 100, deep: false, checks: 2, failed: ['disk'], page: 250 }],
  events: [],
  ways: { webhook: { waiting: [], failing: { since: 0, why: 'x' } } },
};

describe('a textfile', () => {
  it('has metrics that the collector reads', () => {
    expect(metricsOf(STATE)).toBe(
      [
        '# HELP studio_setup_check_ok Whether a check of the doctor passed.',
        '# TYPE studio_setup_check_ok gauge',
        'studio_setup_check_ok{check="disk"} 0',
        'studio_setup_check_ok{check="a\\"b\\\\"} 1',
        '# HELP studio_setup_checks_failing Number of checks that fail.',
        '# TYPE studio_setup_checks_failing gauge',
        'studio_setup_checks_failing 1',
        '# HELP studio_setup_watch_last_round_timestamp_seconds When the checks were made last.',
        '# TYPE studio_setup_watch_last_round_timestamp_seconds gauge',
        'studio_setup_watch_last_round_timestamp_seconds 1700000000',
        '# HELP studio_setup_front_page_seconds In how many seconds the front page came.',
        '# TYPE studio_setup_front_page_seconds gauge',
        'studio_setup_front_page_seconds 0.25',
        '# HELP studio_setup_watch_way_ok Whether telling by a way worked the last time.',
        '# TYPE studio_setup_watch_way_ok gauge',
        'studio_setup_watch_way_ok{way="webhook"} 0',
        '',
      ].join('\n'),
    );
  });

  it('is written whole, for everybody to read; a folder that is not there is told', async () => {
    const file = path.join(folder, 'studio.prom');
    expect(await textfile(file).report?.(STATE)).toEqual({ ok: true, said: file });
    expect([statSync(file).mode & 0o777, readFileSync(file, 'utf8')]).toEqual([0o644, metricsOf(STATE)]);
    expect(await textfile(path.join(folder, 'none', 'x.prom')).report?.(STATE)).toMatchObject({ ok: false });
  });
});

/** A mail server on loopback. */
async function mailServer(options: SMTPServerOptions) {
  const got: { from: string; to: readonly string[]; text: string; secure: boolean; user: unknown }[] = [];
  const server = new SMTPServer({
    disableReverseLookup: true,
    ...options,
    async onData(stream, session, done) {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      const { mailFrom, rcptTo } = session.envelope;
      got.push({
        from: mailFrom ? mailFrom.address : '',
        to: rcptTo.map(({ address }) => address),
        text: Buffer.concat(chunks).toString(),
        secure: session.secure,
        user: session.user,
      });
      done(null);
    },
  });
  servers.push(server);
  return { port: await portOf(server.listen(0, '127.0.0.1') as Server), got };
}

const envelope = { from: 'studio-setup@studio.example.org', to: ['ada@example.org', 'grace@example.org'] };

describe('e-mail by an account', () => {
  it('reaches a mail server, which says what it did with it', async () => {
    const { port, got } = await mailServer({ authOptional: true, disabledCommands: ['STARTTLS'] });
    const way = smtp({ host: '127.0.0.1', port, security: 'none' }, envelope);
    expect(await way.tell?.(message)).toEqual({ ok: true, said: expect.stringMatching(/^250 /) });
    expect(got).toHaveLength(1);
    expect(got[0]).toMatchObject({ from: envelope.from, to: envelope.to });
    expect(got[0]?.text).toContain('Subject: studio.example.org: Disk fails\r\n');
    expect(got[0]?.text).toContain('Auto-Submitted: auto-generated\r\n');
    expect(got[0]?.text).toContain('What to do: Make room.');
  });

  it('logs in', async () => {
    const { port, got } = await mailServer({
      allowInsecureAuth: true,
      disabledCommands: ['STARTTLS'],
      onAuth: ({ username, password }, _, done) =>
        password === 'planted-password' ? done(null, { user: username }) : done(new Error('Invalid login')),
    });
    const account = { host: '127.0.0.1', port, security: 'none', user: 'ada' } as const;
    const right = smtp({ ...account, password: new Secret('planted-password') }, envelope);
    expect(await right.tell?.(message)).toMatchObject({ ok: true });
    expect(got[0]?.user).toBe('ada');
    const wrong = smtp({ ...account, password: new Secret('another-password') }, envelope);
    expect(await wrong.tell?.(message)).toEqual({
      ok: false,
      said: expect.stringContaining('Invalid login'),
    });
  });

  it('gives nothing to a server that does not encrypt, or that nobody trusts, unless it is told to', async () => {
    const plain = await mailServer({ authOptional: true, disabledCommands: ['STARTTLS'] });
    const account = { host: '127.0.0.1', user: 'ada', password: new Secret('planted-password') };
    const refused = await smtp({ ...account, port: plain.port, security: 'starttls' }, envelope).tell?.(
      message,
    );
    expect(refused).toMatchObject({ ok: false, said: expect.stringContaining('STARTTLS') });
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=mail.example.org'],
        ...['-keyout', path.join(folder, 'key.pem'), '-out', path.join(folder, 'cert.pem')],
      ],
      { stdio: 'ignore' },
    );
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => readFileSync(path.join(folder, name)));
    if (key === undefined || cert === undefined) throw new Error('no certificate');
    const encrypted = await mailServer({ authOptional: true, key, cert });
    const untrusted = await smtp({ ...account, port: encrypted.port, security: 'starttls' }, envelope).tell?.(
      message,
    );
    expect(untrusted).toMatchObject({ ok: false, said: expect.stringMatching(/self-signed|certificate/) });
    expect([plain.got, encrypted.got]).toEqual([[], []]);
  });

  it('that one of the recipients does not get is a failure', async () => {
    const { port } = await mailServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onRcptTo: ({ address }, _, done) =>
        done(address.startsWith('grace') ? new Error('No such user here') : null),
    });
    const answered = await smtp({ host: '127.0.0.1', port, security: 'none' }, envelope).tell?.(message);
    expect(answered).toMatchObject({ ok: false, said: expect.stringContaining('grace@example.org') });
  });
});

describe('e-mail by the mail server of this machine', () => {
  const sendmailed = async (answer: Parameters<typeof when>[1], program = true) => {
    const local = new FakeHost();
    local.arrange(program ? { '/usr/sbin/sendmail': '' } : {});
    const given: { argv: readonly string[]; input: string | undefined }[] = [];
    local.programs.add(
      when(/^\/usr\/sbin\/sendmail /, (call) => {
        given.push({ argv: call.argv, input: call.options.input });
        return answer(call);
      }),
    );
    const [way] = await waysOf(local, { email: envelope });
    return { answered: await way?.tell?.(testMessage('studio.example.org')), given };
  };

  it('goes to its sendmail, as a message of RFC 5322', async () => {
    const { answered, given } = await sendmailed(() => '');
    expect(answered).toEqual({ ok: true, said: 'the mail server of this machine took it' });
    expect(given[0]?.argv.slice(1)).toEqual(['-i', '-f', envelope.from, '--', ...envelope.to]);
    expect(given[0]?.input).toMatch(
      /^From: studio-setup@studio\.example\.org\nTo: ada@example\.org, grace@/m,
    );
    expect(given[0]?.input).toContain('Nothing is wrong.');
  });

  it('whose sendmail fails, or is not there, is told as that', async () => {
    const failed = await sendmailed(() => ({ code: 75, stderr: 'x\npostdrop: queue is full\n' }));
    expect(failed.answered).toEqual({
      ok: false,
      said: 'sendmail ended with exit code 75: postdrop: queue is full',
    });
    expect(await sendmailed(() => '', false)).toEqual({
      answered: { ok: false, said: 'this server has no mail server: there is no /usr/sbin/sendmail' },
      given: [],
    });
  });
});

describe('what is kept of the ways', () => {
  it('comes back as it was', async () => {
    const local = new FakeHost();
    const channels = {
      webhook: new Secret('https://chat.example.org/hooks/planted'),
      heartbeat: new Secret('https://hc.example.org/planted'),
      email: {
        ...envelope,
        smtp: {
          host: 'mail.example.org',
          port: 587,
          security: 'starttls',
          user: 'ada',
          password: new Secret('planted'),
        },
      },
      textfile: '/var/lib/prometheus/node-exporter/studio-setup.prom',
    } as const;
    local.arrange({ '/etc/blender-studio/watch.json': channelsText(channels) });
    const read = await readChannels(local);
    expect(channelsText(read ?? {})).toBe(channelsText(channels));
    expect((await waysOf(local, read ?? {})).map(({ name }) => name)).toEqual([
      'email',
      'webhook',
      'heartbeat',
      'textfile',
    ]);
    expect(await readChannels(new FakeHost())).toBeUndefined();
  });

  it.each(['', '[]', '{"email":{"to":"x"}}', '{"email":{"from":"a","to":[],"smtp":{}}}'])(
    'that is none of the product says so: %s',
    async (text) => {
      const local = new FakeHost();
      local.arrange({ '/etc/blender-studio/watch.json': text });
      await expect(readChannels(local)).rejects.toThrow('studio-setup wrote there');
    },
  );
});
