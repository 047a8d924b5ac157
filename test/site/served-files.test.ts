import { expect, it } from 'vitest';
import { servedHere } from '../../src/site/served-files.ts';
import { given } from '../host/given.ts';

const ROOT = '/var/www/blender-studio/public/static';
const plain = { warn: expect.unreachable, status: async () => undefined };
const NAMES = ['studio.example.org', 'www.example.org'];
const site = (location: string) =>
  `server { listen 80; location /static { return 444; } }\nserver { listen 443 ssl; ${location} location / { uwsgi_pass studio; } }\n`;

it.each([
  { what: 'a path', url: '/static/', here: '/static/' },
  { what: 'the site itself by its name', url: 'https://studio.example.org/static/', here: '/static/' },
  { what: 'by a further name', url: '//www.example.org/s/', here: '/s/' },
  { what: 'a CDN', url: 'https://cdn.example.org/static/', here: undefined },
  { what: 'a CDN without a scheme', url: '//cdn.example.org/static/', here: undefined },
  { what: 'the same name on another port', url: 'https://studio.example.org:8443/static/', here: undefined },
  {
    what: 'a name that looks like the own one',
    url: 'https://studio.example.org.cdn.test/s/',
    here: undefined,
  },
  { what: 'the whole site, by its name', url: 'https://studio.example.org', here: '/' },
])('$what: $here', async ({ url, here }) => {
  const found = await servedHere(plain, [{ url, root: ROOT }], NAMES, undefined);
  expect(found).toEqual(here === undefined ? [] : [{ url: here, root: ROOT }]);
});

it.each([
  { what: 'another address', file: site('location /media/ { alias /x/; }'), found: 1 },
  { what: 'the same address', file: site('location /static/ { alias /x/; }'), found: 0 },
  { what: 'the same before patterns', file: site('location ^~ /static { alias /x; }'), found: 0 },
  { what: 'a file that nginx refuses too', file: 'server {', found: 1 },
  { what: 'none yet', file: { later: 'needs the checkout' }, found: 1 },
])("the site's own file has a location: $what", async ({ file, found }) => {
  const served = await servedHere(plain, [{ url: '/static/', root: ROOT }], NAMES, file);
  expect(served).toHaveLength(found);
});

it.each([
  '/',
  '/var/www',
  '/var/www/blender-studio',
  '/var/www/blender-studio/',
  '/var/www/blender-studio/studio',
])('%s is not handed out: the settings are in it', async (root) => {
  const warnings: string[] = [];
  const host = { ...plain, warn: (message: string) => void warnings.push(message) };
  expect(await servedHere(host, [{ url: '/static/', root }], NAMES, undefined)).toEqual([]);
  expect(warnings.join()).toContain(`settings.py has ${root} for the files at /static/`);
});

it.each(['/var/www/blender-studio/studio/static', '/var/www/blender', '/srv'])('%s is', async (root) => {
  expect(await servedHere(plain, [{ url: '/static/', root }], NAMES, undefined)).toHaveLength(1);
});

it.each([
  ['/srv/disk/www/blender-studio/public/static', ROOT],
  ['/srv/disk/www-other/static', '/srv/disk/www-other/static'],
  ['/srv/static', '/srv/static'],
])('/var/www is a link of root to another disk, and Django says %s', async (said, root) => {
  const host = given({ files: { '/var/www': '→ /srv/disk/www', '/srv/disk/www/x': '' } });
  const served = await servedHere(host, [{ url: '/static/', root: said }], NAMES, undefined);
  expect(served).toEqual([{ url: '/static/', root }]);
});

it('nor is the folder that such a link leads to handed out', async () => {
  const host = given({ files: { '/var/www': '→ /srv/disk/www', '/srv/disk/www/x': '' } });
  expect(await servedHere(host, [{ url: '/static/', root: '/srv/disk/www' }], NAMES, undefined)).toEqual([]);
});
