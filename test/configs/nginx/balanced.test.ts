import { afterEach, beforeEach, expect, test } from 'vitest';
import { balancedVhost, balancersFile } from '../../../src/configs/nginx/balanced.ts';
import { nginxDoubts } from '../../../src/configs/nginx/trust.ts';
import { NoSiteServerError, namesOfVhost } from '../../../src/configs/nginx/vhost.ts';
import { fixture } from './fixture.ts';
import { NginxHost } from './nginx-host.ts';

const options = {
  domain: 'films.example.org',
  extraNames: ['www.films.example.org'],
  balancers: ['10.0.0.4', '10.1.0.0/16', '2001:db8::/64'],
};
const versions = ['first', 'documented', 'later'];
let host: NginxHost;

beforeEach(async () => {
  host = await NginxHost.create();
});
afterEach(() => host.remove());

test.each(versions)(
  'nginx takes the vhost of the %s version without a certificate or a warning',
  (version) => {
    const { ok, output } = host.test(
      `${balancersFile(options.balancers)}${balancedVhost(fixture(version), options)}`,
    );
    expect(output).not.toMatch(/\[(warn|error|emerg)\]/);
    expect(ok).toBe(true);
  },
);

test.each(versions)(
  'of the %s version, only the site is left: on port 80, under its names, for balancers',
  (version) => {
    const vhost = balancedVhost(fixture(version), options);
    expect(vhost.match(/^server \{/gm)).toHaveLength(1);
    expect([...vhost.matchAll(/^\s*listen ([^;]*);/gm)].map(([, address]) => address)).toEqual([
      '80',
      '[::]:80',
    ]);
    const directives = vhost.replaceAll(/^\s*#.*$/gm, '').replaceAll('studio.blender.org.example', '');
    expect(directives).not.toMatch(/ssl|letsencrypt|blender\.org/);
    expect(namesOfVhost(vhost)).toEqual(['films.example.org', 'www.films.example.org']);
    // By the address of the connection: the one that X-Forwarded-For gives is anybody's to choose.
    expect(balancersFile(options.balancers)).toMatch(
      /^geo \$realip_remote_addr \$studio_balancer \{\n {4}default 0;/m,
    );
    expect(vhost.match(/set_real_ip_from [^;]*;/g)).toHaveLength(3);
  },
);

test.each(versions)('of the %s version, nothing of it has rights of root, or is asked about', (version) => {
  expect(nginxDoubts(balancedVhost(fixture('documented'), options))).toEqual({ all: [], byRoot: [] });
  expect(nginxDoubts(balancedVhost(fixture(version), options)).byRoot).toEqual([]);
});

test('without IPv6 it asks for no such socket', () => {
  expect(balancedVhost(fixture('documented'), { ...options, ipv6: false })).not.toMatch(/listen \[/);
});

test('a file without a site is no site', () => {
  expect(() => balancedVhost('server { listen 80; }', options)).toThrow(NoSiteServerError);
});
