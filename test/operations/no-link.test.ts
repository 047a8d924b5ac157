import { expect, it } from 'vitest';
import type { Operation } from '../../src/engine/operation.ts';
import type { Host } from '../../src/host/host.ts';
import { checkout } from '../../src/operations/checkout.ts';
import { file } from '../../src/operations/file.ts';
import { folder } from '../../src/operations/folder.ts';
import { settings } from '../../src/operations/settings.ts';
import { Secret } from '../../src/output/secret.ts';
import { masterKeyIn } from '../../src/procedures/master-key.ts';
import { CHECKOUT, CONFIG, MEILISEARCH_KEY_FILE, SETTINGS, WWW } from '../../src/site/layout.ts';

/** A host on which one path is a link, and everything can be read through it. */
function hostWith(link: string): Host {
  const host: Partial<Host> = {
    status: async (path) => ({
      type: path === link ? 'link' : 'directory',
      ...(path === link ? { target: '/srv/shared' } : {}),
      ...{ mode: 0o777, owner: 'www-data', group: 'www-data', size: 1, modified: 0 },
    }),
    list: async () => ['.git'],
    read: async () => "SECRET_KEY = 'x'\nMEILI_MASTER_KEY=x\n",
    query: async () => ({ code: 0, stdout: 'production\n', stderr: '' }),
    once: (_key, compute) => compute(),
  };
  return host as Host;
}

const owner = { owner: 'www-data', group: 'www-data', mode: 0o755 };

it.each<[string, string, Operation, RegExp]>([
  ['/var/www', WWW, folder({ id: 'x', path: WWW, ...owner }), /mount --bind \/srv\/shared \/var\/www/],
  ['a folder of configuration', CONFIG, folder({ id: 'x', path: CONFIG, ...owner }), /mount --bind/],
  [
    'the checkout',
    CHECKOUT,
    checkout({ id: 'x', path: CHECKOUT, url: 'u', branch: 'production' }),
    /mount --bind/,
  ],
  [
    'settings.py',
    SETTINGS,
    settings({ id: 'x', title: 'x', shell: [], edit: async (text) => text.set(['SECRET_KEY'], 'y') }),
    /cp -p --remove-destination/,
  ],
  [
    'a file',
    '/etc/x.conf',
    file({ id: 'x', path: '/etc/x.conf', shell: [], content: async () => 'new' }),
    /cp -p --remove-destination/,
  ],
  [
    'the file of the master key',
    MEILISEARCH_KEY_FILE,
    masterKeyIn({ id: 'x', place: MEILISEARCH_KEY_FILE, key: new Secret('sample-key-2') }),
    /cp -p/,
  ],
])(
  '%s that is a link is refused before anything changes, with where it leads',
  async (_case, path, operation, remedy) => {
    const error = await operation.observe(hostWith(path)).then(
      () => undefined,
      (refused) => refused,
    );
    expect(error?.problem?.what).toContain(`${path} is a link to /srv/shared.`);
    expect(error?.problem?.what).toContain('Nothing was changed.');
    expect(error?.problem?.remedy).toMatch(remedy);
  },
);
