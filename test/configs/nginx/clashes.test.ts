import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { clashes } from '../../../src/configs/nginx/clashes.ts';
import { parseInForce } from '../../../src/configs/nginx/in-force.ts';

// What nginx 1.22.1 (Debian 12) printed for `nginx -T`; folders of the certificates were changed.
function dump(name: string) {
  const text = readFileSync(new URL(`../fixtures/nginx-in-force/${name}.txt`, import.meta.url), 'utf8');
  const inForce = parseInForce(text);
  if (inForce === undefined) throw new Error(`${name} is no dump`);
  return inForce;
}

const LINK = '/etc/nginx/sites-enabled/nginx_studio.conf';
const NAMES = ['studio.example.org', 'www.studio.example.org'];

function found(name: string, address: string, planned: boolean) {
  const options = { isOwn: (file: string) => file === LINK, names: NAMES, addresses: [address] };
  return clashes(dump(name), planned ? { ...options, planned: LINK } : options).map(
    ({ server, name: host, cause, port }) => `${server.file}:${server.line} ${host} ${cause} ${port}`,
  );
}

describe('who takes the visitors of the site', () => {
  test.each([
    { dump: 'debian-with-site', says: [] },
    { dump: 'debian-bare', planned: true, says: [] },
    { dump: 'nginx-org', planned: true, says: [] },
    // neighbours.md 9
    { dump: 'same-name-in-default', says: ['/etc/nginx/sites-enabled/default:2 studio.example.org name 80'] },
    {
      dump: 'same-name-in-default',
      planned: true,
      says: ['/etc/nginx/sites-enabled/default:2 studio.example.org name 80'],
    },
    // neighbours.md 10
    {
      dump: 'listen-on-address',
      says: [
        '/etc/nginx/conf.d/other.conf:1 studio.example.org address 443',
        '/etc/nginx/conf.d/other.conf:1 www.studio.example.org address 443',
      ],
    },
    {
      dump: 'listen-on-address',
      address: '192.0.2.11',
      says: [
        '/etc/nginx/conf.d/other.conf:7 studio.example.org address 80',
        '/etc/nginx/conf.d/other.conf:7 www.studio.example.org address 80',
      ],
    },
    // Two network cards: the other address is none of the site's.
    { dump: 'listen-on-address', address: '192.0.2.12', says: [] },
    {
      dump: 'listen-on-ipv6-address',
      address: '2001:db8::10',
      says: [
        '/etc/nginx/conf.d/other.conf:1 studio.example.org address 80',
        '/etc/nginx/conf.d/other.conf:1 www.studio.example.org address 80',
      ],
    },
    { dump: 'listen-on-ipv6-address', says: [] },
    // Exact names go before wildcards and patterns, wherever those stand.
    { dump: 'wildcards', says: [] },
    // An include in a server, a pattern of folders, quotes.
    { dump: 'own-tree', says: ['/etc/nginx/tree/a/old.vhost:1 studio.example.org name 80'] },
    {
      dump: 'stream-on-443',
      planned: true,
      says: [
        '/etc/nginx/nginx.conf:5 studio.example.org stream 443',
        '/etc/nginx/nginx.conf:5 www.studio.example.org stream 443',
      ],
    },
  ])(
    '$dump at $address, planned $planned',
    ({ dump: name, address = '192.0.2.10', planned = false, says }) => {
      expect(found(name, address, planned)).toEqual(says);
    },
  );
});

describe('what is no dump', () => {
  test.each(['', 'nginx: [emerg] unknown directive\n', 'server {\n}\n# configuration file /etc/nginx/a:\n'])(
    '%j',
    (text) => expect(parseInForce(text)).toBeUndefined(),
  );
});
