import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Host, LiveHost } from '../../src/host/host.ts';
import { nginxTested } from '../../src/operations/nginx-tested.ts';
import { ProblemError } from '../../src/output/problem.ts';
import { CONFIG, NGINX_SITE } from '../../src/site/layout.ts';
import { nginxInForce } from '../../src/site/nginx-in-force.ts';
import { foreignNginx, refuseForeignNginx } from '../../src/site/nginx-trust.ts';

const LINK = { type: 'link', mode: 0o777, owner: 'root', group: 'root', size: 0, modified: 0 } as const;

/** @param links in sites-enabled @param files as www-data reads them */
function host(links: Readonly<Record<string, string>>, files: Readonly<Record<string, string>>): Host {
  const folder = '/etc/nginx/sites-enabled';
  const known = {
    list: async (path: string) => (path === folder ? Object.keys(links) : []),
    status: async (path: string) => ({ ...LINK, target: links[path.slice(folder.length + 1)] }),
    read: async (path: string, { as }: { as?: string } = {}) => (as === 'www-data' ? files[path] : undefined),
  };
  return known as unknown as Host;
}

test.each([
  ['nothing is there yet', {}, {}, []],
  ['the site as it is wanted', {}, { [NGINX_SITE]: 'server { listen 80; }' }, []],
  ['the site', {}, { [NGINX_SITE]: 'access_log /etc/x;' }, [`${NGINX_SITE}: access_log /etc/x`]],
  [
    'what it includes',
    {},
    { [`${CONFIG}/uwsgi_params`]: 'error_log /etc/x;' },
    [`${CONFIG}/uwsgi_params: error_log /etc/x`],
  ],
  [
    "another file of the site's account that is linked",
    { 'other.conf': '/var/www/other.conf', default: '/etc/nginx/sites-available/default' },
    { '/var/www/other.conf': 'load_module x.so;', '/etc/nginx/sites-available/default': 'load_module y.so;' },
    ['/var/www/other.conf: load_module x.so'],
  ],
])('%s', async (_, links, files, found) => {
  expect(await foreignNginx(host(links, files))).toEqual(found);
});

test('nginx is not asked to read them', async () => {
  const failed = await refuseForeignNginx(host({}, { [NGINX_SITE]: 'access_log /etc/x;' })).catch(
    (error: unknown) => error,
  );
  expect(failed).toBeInstanceOf(ProblemError);
  expect((failed as ProblemError).problem.what).toContain('access_log /etc/x');
});

test.each([['-t'], ['-T']])(
  "every file that has root's nginx read its configuration with %s looks first",
  (flag) => {
    const source = path.join(import.meta.dirname, '../../src');
    const asking = readdirSync(source, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => ({ file, text: readFileSync(path.join(source, file), 'utf8') }))
      .filter(({ text }) => text.includes(`['nginx', '${flag}']`));
    expect(asking.length).toBeGreaterThan(0);
    expect(asking.filter(({ text }) => !/\b(foreignNginx|refuseForeignNginx)\(/.test(text))).toEqual([]);
  },
);

test('nginx is not asked what is in force, nor whether it takes a change, while they hold such a thing', async () => {
  const asked: string[] = [];
  const known = {
    ...host({}, { [NGINX_SITE]: 'access_log /etc/x;' }),
    once: (_: string, compute: () => Promise<unknown>) => compute(),
    status: async () => LINK,
    query: async (argv: readonly string[]) => {
      asked.push(argv.join(' '));
      return { code: 0, stdout: '', stderr: '' };
    },
  } as unknown as LiveHost;
  expect(await nginxInForce(known)).toBeUndefined();
  await nginxTested(
    known,
    NGINX_SITE,
    async () => {},
    () => Promise.reject(new Error('taken back')),
  );
  expect(asked).toEqual([]);
});
