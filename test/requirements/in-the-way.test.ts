import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inTheWay } from '../../src/requirements/in-the-way.ts';
import { NGINX_LINK, NGINX_SITE } from '../../src/site/layout.ts';
import { given } from '../host/given.ts';

// See clashes.test.ts for where these come from.
const dump = (name: string) =>
  readFileSync(new URL(`../configs/fixtures/nginx-in-force/${name}.txt`, import.meta.url), 'utf8');
const addresses = 'inet 192.0.2.10/24 brd 192.0.2.255 scope global eth0\n';

function host(nginx: string | { code: number }, files: Readonly<Record<string, string>>) {
  return given({
    files: { '/run/nginx.pid': '1\n', ...files },
    programs: { 'nginx -T': nginx, 'ip -oneline address show scope global': `2: eth0 ${addresses}` },
  });
}

const linked = { [NGINX_LINK]: `→ ${NGINX_SITE}` };

test.each([
  { what: 'nothing, before the site is there', dump: 'debian-bare', files: {}, planned: true },
  { what: 'nothing, with the site in force', dump: 'debian-with-site', files: linked, planned: false },
  {
    what: 'nothing, where the site is not linked: another check says that',
    dump: 'debian-bare',
    files: {},
    planned: false,
  },
  {
    what: 'the link is not read',
    dump: 'nginx-org',
    files: linked,
    planned: false,
    says: [/^nginx does not read \S+nginx_studio\.conf: no "include" in \/etc\/nginx\/nginx\.conf names/],
  },
  {
    what: 'the link would not be read',
    dump: 'nginx-org',
    files: {},
    planned: true,
    says: [/^nginx would not read/],
  },
  {
    what: 'the older site of the name, with its file and line',
    dump: 'same-name-in-default',
    files: linked,
    planned: false,
    says: [/sites-enabled\/default:2 answers for studio\.example\.org on port 80/],
  },
  {
    what: 'a listen on the address itself',
    dump: 'listen-on-address',
    files: linked,
    planned: false,
    says: [/conf\.d\/other\.conf:1 listens on the address 192\.0\.2\.10:443/],
  },
  {
    what: 'a stream server',
    dump: 'stream-on-443',
    files: {},
    planned: true,
    says: [/stream server at \/etc\/nginx\/nginx\.conf:5 takes every connection to 192\.0\.2\.10:443/],
  },
])('in the way: $what', async ({ dump: name, files, planned, says = [] }) => {
  const found = await inTheWay(host(dump(name), files), ['studio.example.org'], planned);
  expect(found).toHaveLength(says.length);
  says.forEach((each, index) => {
    expect(found[index]?.what).toMatch(each);
  });
});

test.each([
  ['it refuses its configuration', host({ code: 1 }, linked)],
  ['it does not run', given({ files: linked, programs: { 'nginx -T': dump('same-name-in-default') } })],
  ['it is not installed', given({})],
])('nothing is said where nginx can not be asked: %s', async (_, bare) => {
  expect(await inTheWay(bare, ['studio.example.org'], false)).toEqual([]);
});
