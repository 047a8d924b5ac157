import { link } from '../../src/operations/link.ts';
import { table } from './table.ts';

const PATH = '/etc/nginx/sites-enabled/studio.conf';
const TARGET = '/var/www/config/studio.conf';
const operation = link({ id: 'nginx/link', path: PATH, target: TARGET });

table('link', [
  {
    title: 'made with its folder',
    operation,
    change: {
      kind: 'create',
      summary: `${PATH} → ${TARGET}`,
      shell: [`ln -sfnT ${TARGET} ${PATH}`],
      touches: [PATH],
    },
    after: { [PATH]: { link: TARGET } },
    midway: [
      { plant: { write: 1, code: 'ENOSPC' }, fails: /ENOSPC/, left: { [PATH]: null } },
      { plant: { write: 1, code: 'killed' }, left: { [PATH]: null } },
    ],
  },
  {
    title: 'up to date, whether its target is there or not',
    operation,
    before: { [PATH]: { link: TARGET } },
    upToDate: true,
  },
  {
    title: 'another target',
    operation,
    before: { [PATH]: { link: '/elsewhere' } },
    change: { kind: 'update' },
    after: { [PATH]: { link: TARGET } },
    midway: [{ plant: { write: 1, code: 'EIO' }, fails: /EIO/, left: { [PATH]: { link: '/elsewhere' } } }],
  },
  {
    title: 'the same target in other words is another link',
    operation,
    before: { [PATH]: { link: '../../../var/www/config/studio.conf' } },
    change: { kind: 'update' },
    after: { [PATH]: { link: TARGET } },
  },
  {
    title: "the operator's file in its place",
    operation,
    before: { [PATH]: 'server {}' },
    refused: { what: /is a file, but should be a link to/, remedy: /mv .* \/root\// },
  },
  {
    title: 'a folder in its place',
    operation,
    before: { [PATH]: { folder: true } },
    refused: { what: /is a directory, but should/ },
  },
  {
    title: 'in a folder of another account, through its link',
    operation,
    before: {
      '/etc/nginx': { folder: true, owner: 'www-data' },
      '/etc/nginx/sites-enabled': { link: '/etc/cron.d' },
      '/etc/cron.d': { folder: true },
    },
    change: { kind: 'create' },
    fails: { what: /root does not follow it/ },
    after: { '/etc/cron.d/studio.conf': null },
  },
]);
