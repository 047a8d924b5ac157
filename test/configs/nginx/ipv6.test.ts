import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withIpv6 } from '../../../src/configs/nginx/ipv6.ts';
import { bootstrapVhost, studioVhost } from '../../../src/configs/nginx/vhost.ts';

const names = { domain: 'studio.example.org', extraNames: [] };
const listening = (text: string) => [...text.matchAll(/^\s*listen ([^;]*)/gm)].map(([, words]) => words);
const repositorys = (name: string) =>
  readFileSync(new URL(`../fixtures/nginx/${name}.conf`, import.meta.url), 'utf8');
const redirects = [{ names: ['old.example.org'], certificate: 'old.example.org' }];

// neighbours.md 15; and a site that only listened on IPv4, with an AAAA record or on an IPv6-only server.
test.each([
  { name: 'documented', ipv6: true, listens: ['[::]:443 ssl', '443 ssl', '80', '[::]:80'] },
  { name: 'documented', ipv6: false, listens: ['443 ssl', '80'] },
  { name: 'later', ipv6: true, listens: ['[::]:443 ssl ipv6only=on', '443 ssl', '80', '[::]:80'] },
  { name: 'later', ipv6: false, listens: ['443 ssl', '80'] },
])('$name, IPv6 $ipv6', ({ name, ipv6, listens }) => {
  const vhost = studioVhost(repositorys(name), { ...names, ipv6 });
  expect(listening(vhost)).toEqual(listens);
  expect(studioVhost(vhost, { ...names, ipv6 })).toBe(vhost);
});

test.each([true, false])('former names, IPv6 %s', (ipv6) => {
  const vhost = studioVhost(repositorys('documented'), { ...names, ipv6, redirects });
  const own = listening(vhost.slice(vhost.indexOf('# Former names')));
  expect(own).toEqual(ipv6 ? ['[::]:443 ssl', '443 ssl', '80', '[::]:80'] : ['443 ssl', '80']);
});

test.each([
  { ipv6: true, listens: ['80', '[::]:80'] },
  { ipv6: false, listens: ['80'] },
])('before the certificate, IPv6 $ipv6', ({ ipv6, listens }) => {
  expect(listening(bootstrapVhost({ ...names, ipv6 }))).toEqual(listens);
});

test.each([
  { addresses: ['443 ssl http2'], after: ['[::]:443 ssl http2', '443 ssl http2'] },
  { addresses: ['*:443 ssl reuseport'], after: ['[::]:443 ssl', '*:443 ssl reuseport'] },
  { addresses: ['192.0.2.10:443 ssl'], after: ['192.0.2.10:443 ssl'] },
  { addresses: ['443 ssl', '[::1]:443 ssl'], after: ['443 ssl', '[::1]:443 ssl'] },
])('$addresses', ({ addresses, after }) => {
  expect(withIpv6(addresses, true)).toEqual(after);
});
