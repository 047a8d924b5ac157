import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { maintenancePage, maintenanceServer, retryAfterIn } from '../../../src/configs/nginx/maintenance.ts';
import { nginxDoubts } from '../../../src/configs/nginx/trust.ts';
import { NoSiteServerError, studioVhost } from '../../../src/configs/nginx/vhost.ts';
import { NginxHost } from './nginx-host.ts';

const NAME = 'studio.example.org';
const OPTIONS = {
  names: [NAME],
  certificate: `/etc/letsencrypt/live/${NAME}`,
  webroot: '/var/lib/letsencrypt/webroot',
  retryAfter: 120,
};
const vhost = (name: string) =>
  studioVhost(readFileSync(new URL(`../fixtures/nginx/${name}.conf`, import.meta.url), 'utf8'), {
    domain: NAME,
    extraNames: ['films.example.net'],
    webroot: OPTIONS.webroot,
  });
const site = (lines: string) =>
  `server {\n${lines}\nlocation / { uwsgi_pass unix:///var/www/studio.sock; }\n}\n`;

describe('the text', () => {
  test("has the site's names, addresses and certificate, and the seconds", () => {
    const text = maintenanceServer(vhost('documented'), OPTIONS);
    expect(text).toContain(`server_name ${NAME} films.example.net;`);
    expect(text).toContain('    listen [::]:443 ssl;\n    listen 443 ssl;\n');
    expect(text).toContain(`ssl_certificate /etc/letsencrypt/live/${NAME}/fullchain.pem;`);
    expect(retryAfterIn(text)).toBe(120);
    expect(nginxDoubts(text).all).toEqual([]);
  });

  test.each([
    [
      'default_server, backlog and reuseport, which a second server must not repeat',
      'listen 443 ssl http2 default_server reuseport backlog=9;',
      'listen 443 ssl http2;',
    ],
    [
      'an address',
      'listen 192.0.2.7:443 ssl;\nlisten [2001:db8::7]:443 ssl;',
      'listen 192.0.2.7:443 ssl;\n    listen [2001:db8::7]:443 ssl;',
    ],
    ['QUIC', 'listen 443 ssl;\nlisten 443 quic reuseport;', 'listen 443 ssl;\n    listen 443 quic;'],
    ['plain HTTP of the same server', 'listen 80;\nlisten 443 ssl;', 'listen 80;\n    listen 443 ssl;'],
    [
      'no socket in the file system',
      'listen unix:/var/www/x.sock;\nlisten 443 ssl;',
      'server {\n    listen 443 ssl;',
    ],
    [
      'no directive in quotes',
      'listen "443;load_module /var/www/x.so";\nlisten 443 ssl;',
      'server {\n    listen 443 ssl;',
    ],
  ])('takes of a listen: %s', (_, listens, expected) => {
    const text = maintenanceServer(site(`${listens}\nserver_name ${NAME};`), OPTIONS);
    expect(text).toContain(expected);
    expect(nginxDoubts(text).all).toEqual([]);
  });

  test('takes names below a name, and no pattern, variable or address', () => {
    const names = `${NAME} .example.net *.films.example.org "a b" ~^x$ _ 192.0.2.7 $host mail.*`;
    expect(maintenanceServer(site(`listen 443 ssl;\nserver_name ${names};`), OPTIONS)).toContain(
      `server_name ${NAME} .example.net *.films.example.org;`,
    );
  });

  test('has both certificates of a site with two, and that of certbot where an include brings them', () => {
    const two = ['rsa', 'ecdsa'].map(
      (kind) => `ssl_certificate /etc/ssl/${kind}.pem;\nssl_certificate_key /etc/ssl/${kind}.key;`,
    );
    const text = maintenanceServer(site(`listen 443 ssl;\nserver_name ${NAME};\n${two.join('\n')}`), OPTIONS);
    for (const path of ['rsa.pem', 'rsa.key', 'ecdsa.pem', 'ecdsa.key'])
      expect(text).toContain(`/etc/ssl/${path};`);
    expect(maintenanceServer(site(`listen 443 ssl;\nserver_name ${NAME};`), OPTIONS)).toContain(
      `ssl_certificate_key /etc/letsencrypt/live/${NAME}/privkey.pem;`,
    );
  });

  test.each([
    ['no HTTPS site', 'server { listen 80; server_name studio.example.org; }', NoSiteServerError],
    ['only names by a pattern', site('listen 443 ssl;\nserver_name ~^x$;'), NoSiteServerError],
    [
      'a certificate by a variable',
      site(`listen 443 ssl;\nserver_name ${NAME};\nssl_certificate /etc/ssl/$x.pem;`),
      TypeError,
    ],
    [
      'a certificate with a directive in it',
      site(`listen 443 ssl;\nserver_name ${NAME};\nssl_certificate "/etc/ssl/x; root /";`),
      TypeError,
    ],
  ])('is refused for %s', (_, source, error) => {
    expect(() => maintenanceServer(source, OPTIONS)).toThrow(error);
  });
});

test('the page is one parameter of nginx, and asks for nothing from elsewhere', () => {
  const page = maintenancePage();
  expect(Buffer.byteLength(page)).toBeLessThan(4000);
  expect(page).not.toMatch(/['\\$\n]|https?:|src=|url\(/);
  expect(page).toMatch(
    /color-scheme: light dark.*prefers-color-scheme: dark.*<title>|<title>.*prefers-color-scheme/,
  );
});

describe('nginx', () => {
  let nginx: NginxHost;
  beforeEach(async () => {
    nginx = await NginxHost.create();
    for (const name of [NAME, 'other.example.com']) nginx.addCertificate(name);
    nginx.addFile('var/lib/letsencrypt/webroot/.well-known/acme-challenge/token', 'proof');
  });
  afterEach(() => nginx.remove());

  const other = `server { listen 443 ssl; listen [::]:443 ssl; server_name other.example.com;
    ssl_certificate /etc/letsencrypt/live/other.example.com/fullchain.pem;
    ssl_certificate_key /etc/letsencrypt/live/other.example.com/privkey.pem;
    location / { return 200 "other"; } }\n`;

  test.each(['first', 'documented', 'later'])(
    'has the page before the %s version of the site',
    async (version) => {
      const own = vhost(version);
      const text = `${other}${maintenanceServer(own, OPTIONS)}${own}`;
      const { ok, output } = nginx.test(text);
      expect(ok, output).toBe(true);
      expect(output).not.toMatch(/\[(error|emerg)\]/);
      await nginx.serve(text, async ({ http, https }) => {
        for (const [method, path, body] of [
          ['GET', '/', ''],
          ['GET', '/static-studio/site.css', ''],
          ['GET', '/api/films.json', ''],
          ['POST', '/webhooks/mailgun', 'x'.repeat(3_000_000)],
        ] as const) {
          const answer = await ask(https, NAME, method, path, body);
          expect({ ...answer, body: answer.body === maintenancePage() }, `${method} ${path}`).toEqual({
            status: 503,
            type: 'text/html; charset=utf-8',
            retryAfter: '120',
            body: true,
          });
        }
        expect(await ask(https, 'films.example.net', 'GET', '/')).toMatchObject({ status: 503 });
        expect(await ask(https, NAME, 'HEAD', '/')).toMatchObject({ status: 503, retryAfter: '120' });
        const challenge = '/.well-known/acme-challenge/token';
        expect(await ask(https, NAME, 'GET', challenge)).toMatchObject({ status: 200, body: 'proof' });
        expect(await ask(https, 'other.example.com', 'GET', '/')).toMatchObject({
          status: 200,
          body: 'other',
        });
        const plain = (path: string) => fetch(`http://127.0.0.1:${http}${path}`, { redirect: 'manual' });
        expect((await plain(challenge)).status).toBe(200);
        expect((await plain('/')).status).toBe(301);
      });
    },
  );
});

function ask(port: number, name: string, method: string, path: string, body = '') {
  const { promise, resolve, reject } = Promise.withResolvers<{
    status: number | undefined;
    type: string | undefined;
    retryAfter: string | undefined;
    body: string;
  }>();
  const sent = request(
    {
      host: '127.0.0.1',
      port,
      servername: name,
      method,
      path,
      headers: { host: name },
      rejectUnauthorized: false,
    },
    (answer) => {
      const { statusCode: status, headers } = answer;
      let text = '';
      answer.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      answer.on('end', () =>
        resolve({ status, type: headers['content-type'], retryAfter: headers['retry-after'], body: text }),
      );
    },
  );
  sent.on('error', reject);
  sent.end(body);
  return promise;
}
