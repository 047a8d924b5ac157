import { describe, expect, test } from 'vitest';
import { sharedListen } from '../../../src/configs/nginx/redirects.ts';
import { foreignNames, namesOfVhost, redirectsOf, studioVhost } from '../../../src/configs/nginx/vhost.ts';
import { fixture } from './fixture.ts';

const NEW = {
  domain: 'films.example.net',
  extraNames: ['www.films.example.net'],
  tlsOptions: 'certbot',
} as const;
const FORMER = [
  { names: ['studio.example.org', 'www.studio.example.org'], certificate: 'studio.example.org' },
  { names: ['old.example.com'], certificate: 'old.example.com' },
];

describe.each(['first', 'documented', 'later'])(
  'former names beside the %s version of the site',
  (version) => {
    const plain = studioVhost(fixture(version), NEW);
    const vhost = studioVhost(fixture(version), { ...NEW, redirects: FORMER });

    test('are read back with their certificates, and are no names of the site', () => {
      expect(redirectsOf(vhost)).toEqual(FORMER);
      expect(namesOfVhost(vhost)).toEqual(['films.example.net', 'www.films.example.net']);
    });

    test('stand behind a site that is as without them', () => {
      expect(vhost.startsWith(plain.trimEnd())).toBe(true);
      expect(redirectsOf(plain)).toEqual([]);
    });

    test('change nothing the second time, and go without a trace', () => {
      expect(studioVhost(vhost, { ...NEW, redirects: FORMER })).toBe(vhost);
      expect(studioVhost(vhost, NEW)).toBe(`${plain.trimEnd()}\n`);
    });

    test('keep Windows line breaks', () => {
      const windows = studioVhost(fixture(version).replaceAll('\n', '\r\n'), { ...NEW, redirects: FORMER });
      expect(windows).toBe(vhost.replaceAll('\n', '\r\n'));
    });

    test('are the only other names', () => {
      const own = [NEW.domain, ...NEW.extraNames, ...FORMER.flatMap(({ names }) => names)];
      expect(foreignNames(vhost, own)).toEqual([]);
    });
  },
);

describe('redirectsOf', () => {
  const site = studioVhost(fixture('documented'), NEW);
  const server = (lines: string) =>
    `${site}\nserver {\n listen 443 ssl;\n server_name old.example.com;\n ssl_certificate /etc/letsencrypt/live/old-0001/fullchain.pem;\n ${lines}\n}\n`;

  test('takes a hand-made one', () => {
    expect(redirectsOf(server('return 302 https://films.example.net$request_uri;'))).toEqual([
      { names: ['old.example.com'], certificate: 'old-0001' },
    ]);
  });

  test('takes host names only, whatever the file says', () => {
    const hostile = server('return 301 https://films.example.net/;').replace(
      'old.example.com',
      '--all ../live "two words" *.example.com $host ~^x old.example.com',
    );
    expect(redirectsOf(hostile).flatMap(({ names }) => names)).toEqual(['old.example.com']);
  });

  test.each([
    ['leads to somebody else', 'return 301 https://example.com/;'],
    ['answers by itself', 'return 404;'],
    ['serves files', 'root /srv/www;'],
    ['does both', 'location /a { return 301 https://films.example.net/; } location / { return 200; }'],
  ])('leaves a server that %s', (_, lines) => {
    expect(redirectsOf(server(lines))).toEqual([]);
  });

  test('finds none in what nginx can not read, and where there is no site', () => {
    expect(redirectsOf('server {')).toEqual([]);
    expect(redirectsOf(server('return 301 https://films.example.net/;').slice(site.length))).toEqual([]);
  });
});

test.each([
  ['443 ssl http2 default_server reuseport', '443 ssl http2'],
  ['[::]:80 default_server ipv6only=on', '[::]:80'],
  ['192.0.2.7:443 ssl proxy_protocol backlog=64', '192.0.2.7:443 ssl proxy_protocol'],
])('a second server listens to %s as %s', (first, second) => {
  expect(sharedListen(first)).toBe(second);
});

test.each(['a.org; } server {', '../etc'])('a hostile name gets nowhere: %s', (name) => {
  const redirects = [{ names: [name], certificate: 'old.example.com' }];
  expect(() => studioVhost(fixture('documented'), { ...NEW, redirects })).toThrow(TypeError);
  const certificate = [{ names: ['old.example.com'], certificate: name }];
  expect(() => studioVhost(fixture('documented'), { ...NEW, redirects: certificate })).toThrow(TypeError);
});
