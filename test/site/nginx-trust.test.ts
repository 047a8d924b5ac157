import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../src/output/problem.ts';
import { CONFIG, NGINX_COMMON, NGINX_LINK, NGINX_SITE, SITE_USER } from '../../src/site/layout.ts';
import { foreignNginx, refuseForeignNginx } from '../../src/site/nginx-trust.ts';
import type { Given } from '../host/fake/entries.ts';
import { FakeHost } from '../host/fake/fake-host.ts';

const EVIL = 'access_log /etc/cron.d/x;';
const DOUBT = 'access_log /etc/cron.d/x';
const site = (text: string) => ({ text, owner: SITE_USER });
const roots = (text: string) => ({ text });
const folder = { folder: true, owner: SITE_USER, mode: 0o2755 } as const;
const conf = (...includes: readonly string[]) =>
  roots(`http {\n${includes.map((each) => `  include ${each};`).join('\n')}\n}\n`);

function host(files: Readonly<Record<string, Given>>): FakeHost {
  const fake = new FakeHost({ accounts: { deploy: 'deploy' } });
  fake.arrange({ '/var/www': folder, [CONFIG]: folder, ...files });
  return fake;
}

describe("what root's nginx reads and www-data can write is looked at, wherever it stands", () => {
  it.each<[string, Readonly<Record<string, Given>>, string]>([
    ['the site, not linked yet', { [NGINX_SITE]: site(EVIL) }, NGINX_SITE],
    ['the site, linked', { [NGINX_SITE]: site(EVIL), [NGINX_LINK]: { link: NGINX_SITE } }, NGINX_SITE],
    ['what it includes', { [`${CONFIG}/uwsgi_params`]: site(EVIL) }, `${CONFIG}/uwsgi_params`],
    [
      'a link to another file of theirs',
      {
        '/etc/nginx/sites-enabled/other': { link: '/var/www/other.conf' },
        '/var/www/other.conf': site(EVIL),
      },
      '/etc/nginx/sites-enabled/other',
    ],
    [
      'a link to a link',
      {
        '/etc/nginx/sites-enabled/other': { link: '../sites-available/other' },
        '/etc/nginx/sites-available/other': { link: '/var/www/other.conf' },
        '/var/www/other.conf': site(EVIL),
      },
      '/etc/nginx/sites-enabled/other',
    ],
    [
      'an include of the whole folder, by nginx.conf itself',
      { '/etc/nginx/nginx.conf': conf(`${CONFIG}/*.conf`), [`${CONFIG}/third.conf`]: site(EVIL) },
      `${CONFIG}/third.conf`,
    ],
    [
      'an include in quotes, relative, in a file that is included',
      {
        '/etc/nginx/nginx.conf': conf('"more/*"'),
        '/etc/nginx/more/a': roots('server { include theirs; }'),
        '/etc/nginx/theirs': site(EVIL),
      },
      '/etc/nginx/theirs',
    ],
    [
      'a pattern in the middle of a path',
      { '/etc/nginx/nginx.conf': conf('/srv/*/nginx.conf'), '/srv/app/nginx.conf': site(EVIL) },
      '/srv/app/nginx.conf',
    ],
    [
      "a file of root's in a folder of theirs",
      { '/etc/nginx/nginx.conf': conf('/var/www/own.conf'), '/var/www/own.conf': roots(EVIL) },
      '/var/www/own.conf',
    ],
    [
      'a file that their group may write',
      {
        '/etc/nginx/nginx.conf': conf('/srv/app.conf'),
        '/srv/app.conf': { text: EVIL, owner: 'deploy', group: SITE_USER, mode: 0o664 },
      },
      '/srv/app.conf',
    ],
    [
      'a file that everybody may write',
      { '/etc/nginx/conf.d/x.conf': { text: EVIL, mode: 0o666 } },
      '/etc/nginx/conf.d/x.conf',
    ],
    [
      "beside a file of root's with the code of a module and signs of Latin-1",
      {
        '/etc/nginx/nginx.conf': {
          text: Buffer.from(
            `# caf\u00e9\ncontent_by_lua_block { s = "}" }\ninclude /var/www/a.conf;`,
            'latin1',
          ),
        },
        '/var/www/a.conf': site(EVIL),
      },
      '/var/www/a.conf',
    ],
  ])('%s', async (_, files, file) => {
    expect(await foreignNginx(host(files))).toContain(`${file}: ${DOUBT}`);
  });
});

it.each(['/proc/self/fd/3', '/dev/fd/3', '/sys/x'])(
  'a link of theirs to %s is never read: what stands there depends on who asks',
  async (target) => {
    const files = {
      [NGINX_SITE]: { link: '/var/www/on' },
      '/var/www/on': { link: target },
      [target]: roots(''),
    };
    const top = path.join('/', target.split('/')[1] ?? '');
    expect(await foreignNginx(host(files))).toContain(`${NGINX_SITE}: it leads into ${top}`);
  },
);

it('an access list shows in the bits of the group', async () => {
  const listed = { text: EVIL, mode: 0o664 };
  expect(await foreignNginx(host({ '/etc/nginx/conf.d/x.conf': listed }))).toContain(
    `/etc/nginx/conf.d/x.conf: ${DOUBT}`,
  );
});

describe('what is not theirs is not judged', () => {
  it.each<[string, Readonly<Record<string, Given>>]>([
    ['nothing is there yet', {}],
    ['the site as it is wanted', { [NGINX_SITE]: site('server { listen 80; }'), [NGINX_COMMON]: site('') }],
    ["root's own", { '/etc/nginx/sites-enabled/default': roots(`${EVIL} load_module x.so;`) }],
    [
      "another account's",
      {
        '/etc/nginx/nginx.conf': conf('/srv/app/*.conf'),
        '/srv/app': { folder: true, owner: 'deploy' },
        '/srv/app/a.conf': { text: EVIL, owner: 'deploy' },
      },
    ],
    [
      'an include that is a comment',
      {
        '/etc/nginx/nginx.conf': roots('  # include /var/www/old.conf;\n'),
        '/var/www/old.conf': site(EVIL),
      },
    ],
    [
      'two files that include each other',
      {
        '/etc/nginx/nginx.conf': conf('/etc/nginx/a'),
        '/etc/nginx/a': roots('include nginx.conf; include a;'),
      },
    ],
  ])('%s', async (_, files) => {
    expect(await foreignNginx(host(files))).toEqual([]);
  });
});

it('it is refused with the file and what it says', async () => {
  const failed = await refuseForeignNginx(host({ [NGINX_SITE]: site(EVIL) })).catch(
    (error: unknown) => error,
  );
  if (!(failed instanceof ProblemError)) throw failed;
  expect(failed.problem.what).toContain(`${NGINX_SITE}: ${DOUBT}`);
});
