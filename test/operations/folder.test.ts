import { type Folder, folder } from '../../src/operations/folder.ts';
import { table } from './table.ts';

const PATH = '/var/www/.config/pypoetry';
const wanted = (more: Partial<Folder> = {}) =>
  folder({ id: 'site/folder', path: PATH, mode: 0o755, owner: 'www-data', group: 'www-data', ...more });
const IS = { folder: true, owner: 'www-data' } as const;

table('folder', [
  {
    title: 'made with its parents, which are of root',
    operation: wanted(),
    change: {
      kind: 'create',
      summary: `${PATH}/ (www-data:www-data)`,
      shell: [`mkdir -p ${PATH}`, `chown www-data:www-data ${PATH}`, `chmod 755 ${PATH}`],
    },
    after: { [PATH]: IS, '/var/www/.config': { folder: true } },
    midway: [
      { plant: { write: 1, code: 'ENOSPC' }, fails: /ENOSPC/, left: { [PATH]: null } },
      { plant: { write: 1, code: 'killed' }, left: { [PATH]: null } },
    ],
  },
  { title: 'up to date', operation: wanted(), before: { [PATH]: IS }, upToDate: true },
  {
    title: 'up to date with more bits than are asked for',
    operation: wanted({ mode: 0o750 }),
    before: { [PATH]: { ...IS, mode: 0o2775 } },
    upToDate: true,
  },
  {
    title: 'another owner, and its own bits stay',
    operation: wanted(),
    before: { [PATH]: { folder: true, mode: 0o2770 } },
    change: { kind: 'update' },
    after: { [PATH]: { ...IS, mode: 0o2775 } },
    midway: [{ plant: { write: 2, code: 'EIO' }, fails: /EIO/, left: { [PATH]: { ...IS, mode: 0o2770 } } }],
  },
  {
    title: 'another group',
    operation: wanted(),
    before: { [PATH]: { ...IS, group: 'root' } },
    change: { kind: 'update' },
    after: { [PATH]: IS },
  },
  {
    title: 'missing bits alone',
    operation: wanted(),
    before: { [PATH]: { ...IS, mode: 0o700 } },
    change: { kind: 'update' },
    after: { [PATH]: IS },
  },
  {
    title: 'on another disk, by a link of root',
    operation: folder({ id: 'x', path: '/var/www', mode: 0o2755, owner: 'www-data', group: 'www-data' }),
    before: {
      '/var/www': { link: '../srv/disk' },
      '/srv/disk': { link: '/mnt/www' },
      '/mnt/www': { folder: true },
    },
    change: { kind: 'update' },
    after: {
      '/var/www': { link: '../srv/disk' },
      '/srv/disk': { link: '/mnt/www' },
      '/mnt/www': { ...IS, mode: 0o2755 },
    },
  },
  ...(
    [
      ['of another account', { '/srv': IS, '/srv/www': { link: '/etc', owner: 'www-data' } }, '/srv/www'],
      [
        'of root, to a folder of another account',
        { '/var/x': { link: '/srv/own/www' }, '/srv/own': IS, '/srv/own/www': { folder: true } },
        '/var/x',
      ],
      [
        'of root, to a folder of the system',
        { '/var/x': { link: '/etc/nginx' }, '/etc/nginx': { folder: true } },
        '/var/x',
      ],
      ['of root, to a whole disk', { '/var/x': { link: '/data' }, '/data': { folder: true } }, '/var/x'],
      ['that leads to itself', { '/var/x': { link: 'x' } }, '/var/x'],
      ['of root, to a disk that is not mounted', { '/var/www': { link: '/mnt/www' } }, '/var/www'],
    ] as const
  ).map(([title, before, path]) => ({
    title: `a link ${title}`,
    operation: folder({ id: 'x', path, mode: 0o755, owner: 'www-data', group: 'www-data' }),
    before,
    refused: { what: /does not follow links/ },
  })),
  {
    title: 'what is in it stays',
    operation: wanted(),
    before: { [PATH]: { folder: true }, [`${PATH}/config.toml`]: { text: 'mine', mode: 0o600 } },
    change: { kind: 'update' },
    after: { [PATH]: IS, [`${PATH}/config.toml`]: { text: 'mine', mode: 0o600 } },
  },
  {
    title: 'a file in its place',
    operation: wanted(),
    before: { [PATH]: 'x' },
    refused: { what: /is a file, not a folder/, remedy: /mv, not rm/ },
  },
  {
    title: 'a link in its place',
    operation: wanted(),
    before: { [PATH]: { link: '/etc' } },
    refused: { what: /is a link to \/etc\. .*Nothing was changed/, remedy: /mount --bind/ },
  },
  {
    title: 'a file on the way',
    operation: wanted(),
    before: { '/var/www/.config': 'x' },
    change: { kind: 'create' },
    fails: { what: /link, or not a folder/ },
  },
  {
    title: 'a link on the way, of another account',
    operation: wanted(),
    before: { '/var/www': IS, '/var/www/.config': { link: '/etc' }, '/etc': { folder: true } },
    change: { kind: 'create' },
    fails: { what: /root does not follow it/ },
    after: { '/etc/pypoetry': null },
  },
  {
    title: 'a link on the way, of root',
    operation: wanted(),
    before: { '/srv/www': { folder: true }, '/var/www': { link: '/srv/www' } },
    change: { kind: 'create' },
    after: { '/srv/www/.config/pypoetry': IS },
  },
  {
    title: 'an account that is not there',
    operation: wanted({ owner: 'meilisearch', group: 'meilisearch' }),
    change: { kind: 'create' },
    fails: { what: /no account meilisearch/ },
  },
]);
