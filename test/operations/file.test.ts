import { expect } from 'vitest';
import { file, type ManagedFile } from '../../src/operations/file.ts';
import { type Machine, table } from './table.ts';

const PATH = '/etc/nginx/site.conf';
const wanted = (more: Partial<ManagedFile> = {}) =>
  file({
    id: 'site/conf',
    path: PATH,
    content: async () => 'wanted\n',
    shell: [`cp deploy/site.conf ${PATH}`],
    ...more,
  });
const asSite = { path: '/var/www/config/uwsgi.ini', as: 'www-data', mode: 0o640 } as const;
const SITE = { '/var/www/config': { folder: true, owner: 'www-data' } } as const;
/** The product wrote it in an earlier run. */
const wrote =
  (text: string, secret = false) =>
  ({ host }: Machine) =>
    host.memory.noteWritten(PATH, text, !secret);

table('file', [
  {
    title: 'made with its folders',
    operation: wanted(),
    change: { kind: 'create', summary: PATH, touches: [PATH], shell: [`cp deploy/site.conf ${PATH}`] },
    after: { [PATH]: 'wanted\n', '/etc/nginx': { folder: true } },
    midway: [
      {
        plant: { write: 1, code: 'ENOSPC' },
        fails: /ENOSPC/,
        left: { [PATH]: null, '/etc/nginx': { folder: true } },
      },
      { plant: { write: 1, code: 'EIO' }, fails: /EIO/, left: { [PATH]: null } },
      { plant: { write: 1, code: 'killed' }, left: { [PATH]: null } },
    ],
  },
  {
    title: 'up to date',
    operation: wanted(),
    before: { [PATH]: 'wanted\n' },
    upToDate: true,
  },
  {
    title: 'later, while its content can not be told',
    operation: wanted({ content: async () => ({ later: 'needs the checkout' }) }),
    later: 'needs the checkout',
  },
  {
    title: 'replaced as the product wrote it',
    operation: wanted(),
    before: { [PATH]: 'first\n' },
    arrange: wrote('first\n'),
    change: { kind: 'update', diff: expect.stringContaining('-first\n+wanted') },
    after: { [PATH]: 'wanted\n' },
    midway: [
      { plant: { write: 1, code: 'ENOSPC' }, fails: /ENOSPC/, left: { [PATH]: 'first\n' } },
      { plant: { write: 1, code: 'EACCES' }, fails: /EACCES/, left: { [PATH]: 'first\n' } },
    ],
  },
  {
    title: 'replaced as the checkout has it',
    operation: wanted({ pristine: async () => ['theirs\n'] }),
    before: { [PATH]: 'theirs\n' },
    change: { kind: 'update' },
    after: { [PATH]: 'wanted\n' },
  },
  {
    title: 'replaced by the word of the operator',
    operation: wanted(),
    before: { [PATH]: 'by hand\n' },
    arrange: ({ host }) => void host.overwrite.add(PATH),
    change: { kind: 'update' },
    after: { [PATH]: 'wanted\n' },
    check: ({ host }) => expect([...host.memory.copies.values()].map(String)).toEqual(['by hand\n']),
  },
  {
    title: 'edited, and never written by the product',
    operation: wanted(),
    before: { [PATH]: 'by hand\n' },
    conflict: { path: PATH, diff: /-by hand\n\+wanted/ },
  },
  {
    title: 'edited since the product wrote it',
    operation: wanted(),
    before: { [PATH]: 'first\nby hand\n' },
    arrange: wrote('first\n'),
    conflict: { path: PATH, diff: /-by hand/, edited: /\+by hand/ },
  },
  {
    title: 'edited, with a secret of which no copy is kept',
    operation: wanted({ secret: true }),
    before: { [PATH]: 'by hand\n' },
    arrange: wrote('first\n', true),
    conflict: { path: PATH, diff: /-by hand/ },
  },
  {
    title: 'an empty file of the operator',
    operation: wanted(),
    before: { [PATH]: '' },
    conflict: { path: PATH, diff: /\+wanted/ },
  },
  {
    title: 'wrong mode and owner',
    operation: wanted({ mode: 0o600 }),
    before: { [PATH]: { text: 'wanted\n', mode: 0o644, owner: 'www-data' } },
    change: {
      kind: 'update',
      summary: `${PATH} (owner www-data:www-data → root:root, mode 644 → 600)`,
      shell: [`chown root:root ${PATH}`, `chmod 600 ${PATH}`],
      touches: [],
    },
    after: { [PATH]: { text: 'wanted\n', mode: 0o600 } },
    midway: [
      { plant: { write: 2, code: 'EIO' }, fails: /EIO/, left: { [PATH]: { text: 'wanted\n', mode: 0o644 } } },
    ],
  },
  {
    title: 'wrong mode alone',
    operation: wanted(),
    before: { [PATH]: { text: 'wanted\n', mode: 0o666 } },
    change: { summary: `${PATH} (mode 666 → 644)` },
    after: { [PATH]: 'wanted\n' },
    check: ({ host }) => expect(host.memory.journal.map(({ kind }) => kind)).toEqual(['mode']),
  },
  {
    title: 'wrong group alone',
    operation: wanted({ group: 'www-data', mode: 0o640 }),
    before: { [PATH]: { text: 'wanted\n', mode: 0o640 } },
    change: { summary: `${PATH} (owner root:root → root:www-data)` },
    after: { [PATH]: { text: 'wanted\n', mode: 0o640, group: 'www-data' } },
  },
  {
    title: 'of www-data',
    operation: wanted(asSite),
    before: SITE,
    change: { kind: 'create', summary: asSite.path },
    after: { [asSite.path]: { text: 'wanted\n', mode: 0o640, owner: 'www-data' } },
    midway: [
      {
        plant: { write: 1, code: 'ENOSPC' },
        fails: /No space left on device/,
        left: { [asSite.path]: null },
      },
    ],
  },
  {
    title: "of www-data, where root's stands",
    operation: wanted(asSite),
    before: { ...SITE, [asSite.path]: { text: 'wanted\n', mode: 0o644 } },
    change: { summary: `${asSite.path} (owner root:root → www-data:www-data, mode 644 → 640)` },
    check: ({ host }) =>
      expect(host.memory.journal).toContainEqual(expect.objectContaining({ kind: 'mode', as: 'www-data' })),
    after: { [asSite.path]: { text: 'wanted\n', mode: 0o640, owner: 'www-data' } },
  },
  {
    title: 'of www-data, which can not read it',
    operation: wanted(asSite),
    before: { ...SITE, [asSite.path]: { text: 'wanted\n', mode: 0o600 } },
    refused: { what: /can't be read as www-data: .*Permission denied/, remedy: /chown www-data/ },
  },
  {
    title: 'of www-data, in a folder that is not its own',
    operation: wanted(asSite),
    before: { '/var/www/config': { folder: true } },
    change: { kind: 'create' },
    fails: { what: /can't be written as www-data: .*Permission denied/, remedy: /ls -ld \/var\/www\/config/ },
    after: { [asSite.path]: null },
  },
  {
    title: 'a link in its place',
    operation: wanted(),
    before: { [PATH]: { link: '/etc/shadow' }, '/etc/shadow': { text: 'root:*', mode: 0o600 } },
    refused: {
      what: /is a link to \/etc\/shadow\. .*Nothing was changed/,
      remedy: /cp -p --remove-destination/,
    },
  },
  {
    title: 'a folder in its place',
    operation: wanted(),
    before: { [PATH]: { folder: true } },
    refused: { what: /is a directory, not a file\./ },
  },
  {
    title: 'a link on the way, of another account',
    operation: wanted({ path: '/var/www/config/nginx/site.conf' }),
    before: { ...SITE, '/var/www/config/nginx': { link: '/etc/nginx' }, '/etc/nginx': { folder: true } },
    change: { kind: 'create' },
    fails: { what: /root does not follow it/, remedy: /namei -l/ },
    after: { '/etc/nginx/site.conf': null },
  },
  {
    title: 'an account that is not there',
    operation: wanted({ owner: 'meilisearch' }),
    change: { kind: 'create' },
    fails: { what: /no account meilisearch/ },
    after: { [PATH]: null },
  },
]);
