import { describe, expect, test } from 'vitest';
import {
  bootstrapVhost,
  domainOf,
  foreignNames,
  NginxSyntaxError,
  NoSiteServerError,
  namesOfVhost,
  studioVhost,
} from '../../../src/configs/nginx/vhost.ts';
import { fixture } from './fixture.ts';

const VERSIONS = ['first', 'documented', 'later'] as const;
const NAMES = { domain: 'studio.example.org', extraNames: ['films.example.net'] };
const OWN = ['studio.example.org', 'films.example.net'];

describe.each(VERSIONS)('studioVhost on the %s version of the repository', (version) => {
  const source = fixture(version);
  const vhost = studioVhost(source, NAMES);

  test('gives the expected text', () => {
    expect(vhost).toBe(fixture(`${version}.expected`));
  });

  test("leaves nobody else's names", () => {
    expect(foreignNames(vhost, OWN)).toEqual([]);
  });

  test('changes nothing the second time', () => {
    expect(studioVhost(vhost, NAMES)).toBe(vhost);
  });

  test('moves to another domain and back without a trace', () => {
    const moved = studioVhost(vhost, { domain: 'other.example.com', extraNames: [] });
    expect(foreignNames(moved, ['other.example.com'])).toEqual([]);
    expect(moved).not.toContain('example.net');
    expect(studioVhost(moved, NAMES)).toBe(vhost);
  });

  test('keeps Windows line breaks', () => {
    expect(studioVhost(source.replaceAll('\n', '\r\n'), NAMES)).toBe(vhost.replaceAll('\n', '\r\n'));
  });

  test('the domain can be read back', () => {
    expect(namesOfVhost(vhost)).toEqual(OWN);
    expect(domainOf(vhost)).toBe('studio.example.org');
  });
});

describe('studioVhost', () => {
  test('with its own names a config keeps every line of the site', () => {
    const source = fixture('documented');
    const vhost = studioVhost(source, {
      domain: 'studio.blender.org',
      extraNames: [],
      tlsOptions: 'certbot',
    });
    const site = source
      .slice(source.indexOf('# Where uWSGI'), source.indexOf('# For the load balancer'))
      .replace('    listen 443 ssl;', '    listen [::]:443 ssl;\n    listen 443 ssl;');
    expect(vhost.startsWith(site.replace('^(studio.blender.org)$', '^(studio\\.blender\\.org)$'))).toBe(true);
  });

  test("keeps the references to certbot's own TLS files when asked to", () => {
    const vhost = studioVhost(fixture('documented'), { ...NAMES, tlsOptions: 'certbot' });
    expect(vhost).toContain('    include /etc/letsencrypt/options-ssl-nginx.conf; # managed by Certbot\n');
    expect(vhost).toContain('    ssl_dhparam /etc/letsencrypt/ssl-dhparams.pem; # managed by Certbot\n');
    expect(vhost).not.toContain('ssl_protocols');
  });

  test('names the certificate and the challenge folder that it is given', () => {
    const vhost = studioVhost(fixture('documented'), {
      ...NAMES,
      certificateName: 'studio.example.org-0001',
      webroot: '/srv/acme',
    });
    expect(vhost).toContain('ssl_certificate /etc/letsencrypt/live/studio.example.org-0001/fullchain.pem;');
    expect(vhost).toContain('ssl_certificate_key /etc/letsencrypt/live/studio.example.org-0001/privkey.pem;');
    expect(vhost).toContain('        root /srv/acme;\n');
    expect(foreignNames(vhost, OWN)).toEqual([]);
  });

  test('redirects from a location, never from the server, which would catch challenges', () => {
    const vhost = studioVhost(fixture('documented'), NAMES);
    expect(vhost).toMatch(/location \/ \{\n {8}return 301/);
    expect(vhost).not.toMatch(/^ {4}(return 301|if \(\$host =)/m);
  });

  test('keeps the address that port 80 listened on', () => {
    const source = fixture('documented').replace(
      '    listen      80;\n    server_name studio.blender.org;',
      '    listen 192.0.2.7:80 default_server; listen [::]:80 default_server;\n    server_name studio.blender.org;',
    );
    const vhost = studioVhost(source, NAMES);
    expect(vhost).toContain(
      '    listen 192.0.2.7:80 default_server;\n    listen [::]:80 default_server;\n    server_name',
    );
    expect(vhost.match(/listen \[::\]:80/g)).toHaveLength(1);
  });

  test('turns a test for one name into one for all of them', () => {
    const guarded = fixture('documented').replace('!~* ^(studio.blender.org)$', '!= studio.blender.org');
    expect(studioVhost(guarded, NAMES)).toContain(
      'if ($host !~* ^(studio\\.example\\.org|films\\.example\\.net)$) { return 444; }',
    );
    expect(studioVhost(guarded, { ...NAMES, extraNames: [] })).toContain(
      'if ($host != studio.example.org) { return 444; }',
    );
  });

  test('adds certificate lines to a site that has none yet', () => {
    const bare = fixture('documented').replaceAll(/^.*ssl_certificate.*\n/gm, '');
    expect(studioVhost(bare, NAMES)).toMatch(
      /listen 443 ssl;\n {4}ssl_certificate \S+fullchain\.pem;\n {4}ssl_certificate_key \S+privkey\.pem; # managed/,
    );
  });

  test('leaves a longer name alone that merely contains the old one', () => {
    const source = fixture('documented').replace(
      '    include /var/www/config/nginx_studio.common.conf;\n\n    location / {\n        uwsgi_pass django',
      '    add_header X-A "a.studio.blender.org studio.blender.org.example studio.blender.org";\n    location / {\n        uwsgi_pass django',
    );
    expect(studioVhost(source, NAMES)).toContain(
      '"a.studio.blender.org studio.blender.org.example studio.example.org"',
    );
  });

  test('says so when there is no HTTPS site', () => {
    expect(() => studioVhost(bootstrapVhost(NAMES), NAMES)).toThrow(NoSiteServerError);
    expect(() => studioVhost('', NAMES)).toThrow(NoSiteServerError);
  });

  test('says where a config is broken', () => {
    const broken = fixture('documented').replace('    deny all;', '    deny all');
    expect(() => studioVhost(`${fixture('documented')}}`, NAMES)).toThrow(/line 62: "}" without a block/);
    expect(() => studioVhost(broken.slice(0, broken.lastIndexOf('}')), NAMES)).toThrow(NginxSyntaxError);
  });

  test.each([
    'a.org; } server { listen 81',
    'a.org\nb.org',
    'A.example.org',
    'example.org.',
    '{a.org',
    '$host.org',
    '',
  ])('refuses the hostile name %j', (name) => {
    const source = fixture('documented');
    expect(() => studioVhost(source, { domain: name, extraNames: [] })).toThrow(TypeError);
    expect(() => studioVhost(source, { ...NAMES, extraNames: [name] })).toThrow(TypeError);
    expect(() => bootstrapVhost({ ...NAMES, domain: name })).toThrow(TypeError);
  });

  test.each([
    'a.org; } server { listen 81',
    'a.org\nb.org',
    '{a.org',
    '$host.org',
    '../a.org',
    '-a',
    '',
    'a/b',
  ])('refuses the hostile name of a certificate %j', (certificateName) => {
    const source = fixture('documented');
    expect(() => studioVhost(source, { ...NAMES, certificateName })).toThrow(TypeError);
  });

  test.each(['relative', '/a b', '/a;b', '/a/../b', '/a\n', '/$host'])(
    'refuses the hostile path %j',
    (webroot) => {
      expect(() => studioVhost(fixture('documented'), { ...NAMES, webroot })).toThrow(TypeError);
      expect(() => bootstrapVhost({ ...NAMES, webroot })).toThrow(TypeError);
    },
  );
});

describe('foreignNames', () => {
  test("tells what is not the operator's, and on which line", () => {
    expect(foreignNames(fixture('documented'), ['studio.blender.org'])).toEqual([
      { name: 'blender.studio', line: 3 },
      { name: 'blender.studio', line: 8 },
      { name: '10.129.3.4', line: 38 },
      { name: 'cloudbalance.blender.org', line: 39 },
      { name: 'cloud.blender.org', line: 40 },
    ]);
  });

  test("the catch-all and comments are nobody's", () => {
    expect(foreignNames('# blender.org\nserver { server_name _ ""; }', [])).toEqual([]);
  });

  test("a second certificate for an own name is the operator's", () => {
    const line = (name: string): string => `ssl_certificate /etc/letsencrypt/live/${name}/fullchain.pem;`;
    expect(foreignNames(line('a.example.org-0001'), ['a.example.org'])).toEqual([]);
    expect(foreignNames(line('b.example.org-0001'), ['a.example.org'])).toEqual([
      { name: 'b.example.org-0001', line: 1 },
    ]);
  });
});

describe('namesOf', () => {
  test('reads a site made by hand, and the one before the first certificate', () => {
    expect(namesOfVhost(bootstrapVhost(NAMES))).toEqual(OWN);
    expect(domainOf(fixture('documented'))).toBe('studio.blender.org');
  });

  test('finds nothing in a file without names or out of joint', () => {
    expect(namesOfVhost('server { listen 80; server_name _; }')).toEqual([]);
    expect(domainOf('server {')).toBeUndefined();
  });
});
