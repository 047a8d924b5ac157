import { request } from 'node:http';
import { connect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bootstrapVhost, studioVhost } from '../../../src/configs/nginx/vhost.ts';
import { deployFiles } from '../../../src/configs/templates.ts';
import { fixture } from './fixture.ts';
import { NginxHost } from './nginx-host.ts';

const NAMES = { domain: 'studio.example.org', extraNames: ['films.example.net'] };
let host: NginxHost;

beforeEach(async () => {
  host = await NginxHost.create();
});
afterEach(() => host.remove());

function ownTemplate(): string {
  const files = deployFiles({
    ...NAMES,
    uwsgiPlugin: 'python3',
    meilisearchBinary: '/usr/bin/meilisearch',
    meilisearchEnvironment: '/etc/studio-setup/meilisearch.env',
  });
  return files.find(({ path }) => path === 'var/www/config/nginx_studio.conf')?.content ?? '';
}

describe('nginx -t', () => {
  test.each(['first', 'documented', 'later'])('refuses the %s version as it comes', (version) => {
    expect(host.test(fixture(version))).toMatchObject({ ok: false });
  });

  test.each(['first', 'documented', 'later'])(
    'takes the vhost made of the %s version, without a warning',
    (version) => {
      host.addCertificate('studio.example.org');
      const { ok, output } = host.test(studioVhost(fixture(version), NAMES));
      expect(output).not.toMatch(/\[(warn|error|emerg)\]/);
      expect(ok).toBe(true);
    },
  );

  test("takes the vhost with certbot's TLS files where they exist, and only there", () => {
    host.addCertificate('studio.example.org');
    const vhost = studioVhost(fixture('documented'), { ...NAMES, tlsOptions: 'certbot' });
    expect(host.test(vhost).output).toMatch(/options-ssl-nginx\.conf" failed/);
    host.addTlsOptions();
    expect(host.test(vhost).output).toMatch(/test is successful/);
  });

  test('takes the bootstrap site when there is no certificate at all', () => {
    const { ok, output } = host.test(bootstrapVhost(NAMES));
    expect(output).not.toMatch(/\[warn\]/);
    expect(ok).toBe(true);
  });

  test("takes the product's own template", () => {
    host.addCertificate('studio.example.org');
    const { ok, output } = host.test(ownTemplate());
    expect(output).not.toMatch(/\[warn\]/);
    expect(ok).toBe(true);
  });
});

function get(
  port: number,
  name: string,
  path: string,
): Promise<{ status: number; location: string; body: string }> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers: { host: name }, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, location: response.headers.location ?? '', body }),
      );
    })
      .on('error', reject)
      .end();
  });
}

/** The first line of the answer over TLS, `''` when nginx closes the connection without one. */
function statusOverTls(port: number, name: string, asked = 'GET /'): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect({ host: '127.0.0.1', port, servername: name, rejectUnauthorized: false }, () => {
      socket.write(`${asked} HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`);
    });
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString();
    });
    socket.on('close', () => resolve(answer.split('\r\n')[0] ?? ''));
    socket.on('error', reject);
  });
}

describe.each([
  ['the documented version', () => studioVhost(fixture('documented'), NAMES)],
  ["the product's own template", ownTemplate],
])('a served vhost from %s', (_, vhost) => {
  test('answers challenges, redirects the rest, and keeps silent to strangers', async () => {
    host.addCertificate('studio.example.org');
    host.addFile('var/www/letsencrypt/.well-known/acme-challenge/token', 'proof');
    await host.serve(vhost(), async ({ http, https }) => {
      for (const name of ['studio.example.org', 'films.example.net']) {
        expect(await get(http, name, '/.well-known/acme-challenge/token')).toMatchObject({
          status: 200,
          body: 'proof',
        });
        expect(await get(http, name, '/films?q=1')).toMatchObject({
          status: 301,
          location: `https://${name}/films?q=1`,
        });
        expect(await statusOverTls(https, name)).toBe('HTTP/1.1 502 Bad Gateway');
      }
      expect(await statusOverTls(https, 'studioXexample.org')).toBe('');
    });
  });
});

test('the bootstrap site answers challenges and says "later" to all else', async () => {
  host.addFile('srv/acme/.well-known/acme-challenge/token', 'proof');
  const vhost = bootstrapVhost({ ...NAMES, webroot: `${host.folder}/srv/acme` });
  await host.serve(vhost, async ({ http }) => {
    expect(await get(http, 'films.example.net', '/.well-known/acme-challenge/token')).toMatchObject({
      body: 'proof',
    });
    expect(await get(http, 'films.example.net', '/')).toMatchObject({ status: 503 });
  });
});

test('former names lead to the same page, keep what is sent, answer challenges, and reach the search', async () => {
  host.addCertificate('studio.example.org');
  host.addCertificate('old.example.com');
  host.addFile('var/www/letsencrypt/.well-known/acme-challenge/token', 'proof');
  const redirects = [{ names: ['old.example.com'], certificate: 'old.example.com' }];
  const vhost = studioVhost(fixture('later'), { ...NAMES, redirects });
  expect(host.test(vhost).output).not.toMatch(/\[(warn|error|emerg)\]/);
  await host.serve(vhost, async ({ http, https }) => {
    const location = 'https://studio.example.org/films?q=1';
    expect(await get(http, 'old.example.com', '/films?q=1')).toMatchObject({ status: 301, location });
    expect(await get(http, 'old.example.com', '/.well-known/acme-challenge/token')).toMatchObject({
      body: 'proof',
    });
    expect(await statusOverTls(https, 'old.example.com')).toBe('HTTP/1.1 301 Moved Permanently');
    expect(await statusOverTls(https, 'old.example.com', 'POST /webhooks')).toBe(
      'HTTP/1.1 308 Permanent Redirect',
    );
    // Handed on, whatever listens behind it here.
    expect(await statusOverTls(https, 'old.example.com', 'POST /s/indexes/studio/search')).not.toMatch(
      /^$| 30\d /,
    );
    expect(await statusOverTls(https, 'stranger.example.com')).toBe('');
  });
});
