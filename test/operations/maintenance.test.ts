import { describe, expect, it } from 'vitest';
import { maintenancePage, retryAfterIn } from '../../src/configs/nginx/maintenance.ts';
import { type Change, isLater } from '../../src/engine/operation.ts';
import { maintenanceOff, maintenanceOn } from '../../src/operations/maintenance.ts';
import { MAINTENANCE, NGINX_LINK, NGINX_SITE } from '../../src/site/layout.ts';
import { maintenanceSince } from '../../src/site/maintenance.ts';
import { type Given, given } from '../host/given.ts';

const NAME = 'studio.example.org';
const SITE = `server { listen 443 ssl; server_name ${NAME}; ssl_certificate /etc/ssl/a.pem;
  ssl_certificate_key /etc/ssl/a.key; location / { uwsgi_pass unix:///var/www/studio.sock; } }\n`;

/** What nginx -T prints: nginx.conf, then each file that it includes. */
function dump(includes: readonly string[], files: Readonly<Record<string, string>>): string {
  const main = `events { }\nhttp {\n${includes.map((each) => `include ${each};`).join('\n')}\n}\n`;
  return Object.entries({ '/etc/nginx/nginx.conf': main, ...files })
    .map(([file, text]) => `# configuration file ${file}:\n${text}\n`)
    .join('');
}

const DEBIAN = ['/etc/nginx/conf.d/*.conf', '/etc/nginx/sites-enabled/*'];

function host(
  nginx: string | { code: number },
  more: Readonly<Record<string, string>> = {},
  web?: Given['web'],
) {
  return given({
    files: { '/run/nginx.pid': '1\n', [NGINX_SITE]: SITE, [NGINX_LINK]: `→ ${NGINX_SITE}`, ...more },
    programs: {
      'nginx -T': nginx,
      'ip -oneline address show scope global': '2: eth0 inet 192.0.2.10/24 scope global eth0\n',
    },
    ...(web === undefined ? {} : { web }),
  });
}

async function page(machine: ReturnType<typeof host>, retryAfter?: number): Promise<Change | undefined> {
  const [file] = maintenanceOn('x', retryAfter);
  const found = await file?.observe(machine);
  if (isLater(found)) throw new TypeError('It can be told.');
  return found;
}

const own = { [NGINX_LINK]: SITE };

describe('the page', () => {
  it("is one file with the site's names", async () => {
    const change = await page(host(dump(DEBIAN, own)));
    expect(change).toMatchObject({ kind: 'create', summary: MAINTENANCE, touches: [MAINTENANCE] });
    expect(retryAfterIn(change?.diff?.replaceAll(/^\+/gm, '') ?? '')).toBe(300);
    expect(change?.diff).toContain(`server_name ${NAME};`);
  });

  it('keeps the seconds that it has, unless others are asked for', async () => {
    const { diff = '' } = (await page(host(dump(DEBIAN, own)), 120)) ?? {};
    const text = diff
      .split('\n')
      .filter((line) => line.startsWith('+') && !line.startsWith('+++'))
      .map((line) => `${line.slice(1)}\n`)
      .join('');
    const there = host(dump(DEBIAN, { ...own, [MAINTENANCE]: text }), { [MAINTENANCE]: text });
    // Rights come with a real host: the text is what is compared here.
    for (const seconds of [undefined, 120]) expect((await page(there, seconds))?.diff).toBeUndefined();
    expect((await page(there, 60))?.diff).toContain('Retry-After 60');
  });

  const other = 'server { listen 443 ssl default_server; server_name other.example.com; }\n';
  it.each([
    ['another site before it', dump(DEBIAN, { '/etc/nginx/conf.d/a.conf': other, ...own })],
    ['another site in between', dump(DEBIAN, { '/etc/nginx/sites-enabled/default': other, ...own })],
    ['a site that nginx reads from elsewhere, later', dump([...DEBIAN, NGINX_SITE], { [NGINX_SITE]: SITE })],
  ])('is possible with %s', async (_, nginx) => {
    expect(await page(host(nginx))).toMatchObject({ kind: 'create' });
  });

  it.each([
    ['nginx refuses its configuration', host({ code: 1 }), /could not be asked what it serves/],
    [
      'nginx does not read the folder',
      host(dump([NGINX_SITE], { [NGINX_SITE]: SITE })),
      /would not read .*maintenance\.conf/,
    ],
    [
      'nginx reads the site before',
      host(dump([NGINX_SITE, ...DEBIAN], { [NGINX_SITE]: SITE, '/etc/nginx/sites-enabled/default': other })),
      /nginx reads \/var\/www\/config\/nginx_studio\.conf before/,
    ],
    ["nginx does not read the site's file", host(dump(DEBIAN, {})), /does not read \/var\/www\/config/],
    [
      'the site has no HTTPS',
      host(dump(DEBIAN, { [NGINX_LINK]: `server { listen 80; server_name ${NAME}; }` })),
      /can't be made/,
    ],
    ['there is no site', host(dump(DEBIAN, own), { [NGINX_SITE]: '' }), /no site with HTTPS/],
  ])('is refused where %s, before anything changes', async (_, machine, words) => {
    await expect(page(machine)).rejects.toThrow(words);
    await expect(page(machine)).rejects.toThrow(/Nothing was changed/);
  });
});

it('is off where there is no file', async () => {
  expect(await maintenanceOff('x')[0]?.observe(host(''))).toBeUndefined();
  expect(await maintenanceOff('x')[0]?.observe(host('', { [MAINTENANCE]: 'server { }' }))).toMatchObject({
    touches: [MAINTENANCE],
  });
});

it.each([
  ['the file and the page', { [MAINTENANCE]: 'x' }, { status: 503, body: maintenancePage() }, 0],
  ['a file that nginx has not loaded', { [MAINTENANCE]: 'x' }, { status: 200, body: 'the site' }, undefined],
  ['another page with 503', { [MAINTENANCE]: 'x' }, { status: 503, body: 'busy' }, undefined],
  ['no file', {}, { status: 503, body: maintenancePage() }, undefined],
])("visitors get it by nginx's own word: %s", async (_, files, answer, since) => {
  expect(
    await maintenanceSince(
      host('', files, () => answer),
      NAME,
    ),
  ).toBe(since);
});
