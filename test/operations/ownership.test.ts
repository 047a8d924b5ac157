import { expect } from 'vitest';
import { ownedBy, ownership } from '../../src/operations/ownership.ts';
import { when } from '../host/fake/programs.ts';
import { type Machine, table } from './table.ts';

const TREE = '/var/www/blender-studio';
const owned = ownedBy('www-data', 'www-data', { id: 'ownership/checkout', path: TREE });
const setGroup = ownership({
  id: 'ownership/folders',
  title: 'folders keep their group',
  path: TREE,
  wrong: ['-type', 'd', '!', '-perm', '-2000'],
  fixed: ([file, owner, mode]) => [file, owner, mode | 0o2000],
  fix: ['chmod', 'g+s'],
  shell: [`find ${TREE} -type d -exec chmod g+s {} +`],
});
const SITE = { folder: true, owner: 'www-data' } as const;
const MIXED = {
  [TREE]: SITE,
  [`${TREE}/mine`]: { text: 'x', owner: 'www-data', mode: 0o640 },
  [`${TREE}/sub`]: { folder: true, mode: 0o750 },
  [`${TREE}/sub/tool`]: { text: 'x', mode: 0o6755 },
  [`${TREE}/sub/with space\nand line`]: { text: 'x', owner: 'www-data', group: 'root' },
  [`${TREE}/link`]: { link: '/etc/shadow' },
  '/etc/shadow': { text: 'root:*', mode: 0o600 },
} as const;

table('ownership', [
  {
    title: 'below a link of root to another disk',
    operation: ownedBy('www-data', 'www-data', { id: 'x', path: '/var/www' }),
    before: { '/var/www': { link: '/srv/www' }, '/srv/www': SITE, '/srv/www/mine': { text: 'x' } },
    change: { kind: 'update', summary: '/var/www belongs to www-data (/srv/www/mine)' },
    after: { '/var/www': { link: '/srv/www' }, '/srv/www/mine': { text: 'x', owner: 'www-data' } },
  },
  {
    title: 'only what is wrong is touched, and no link is followed',
    operation: owned,
    before: MIXED,
    change: {
      kind: 'update',
      summary: `${TREE} belongs to www-data (${TREE}/link)`,
      shell: [`chown www-data:www-data -R ${TREE}`],
    },
    after: {
      [`${TREE}/mine`]: MIXED[`${TREE}/mine`],
      [`${TREE}/sub`]: { ...SITE, mode: 0o750 },
      // With another owner a program loses its set-id bits.
      [`${TREE}/sub/tool`]: { text: 'x', owner: 'www-data', mode: 0o755 },
      [`${TREE}/sub/with space\nand line`]: { text: 'x', owner: 'www-data' },
      [`${TREE}/link`]: { link: '/etc/shadow', owner: 'www-data' },
      '/etc/shadow': MIXED['/etc/shadow'],
    },
    check: ({ host }) => {
      const [entry] = host.memory.journal;
      expect(entry).toMatchObject({ kind: 'rights', path: TREE });
      expect(entry?.was).toContainEqual([`${TREE}/sub/tool`, 'root:root', 0o6755]);
      expect(entry?.was).not.toContainEqual(expect.arrayContaining([`${TREE}/mine`]));
    },
    midway: [
      {
        plant: { write: 1, code: 'EIO' },
        fails: /EIO/,
        left: { [`${TREE}/sub/tool`]: MIXED[`${TREE}/sub/tool`] },
      },
    ],
  },
  {
    title: 'a bit of the folders',
    operation: setGroup,
    before: { [TREE]: SITE, [`${TREE}/sub`]: { ...SITE, mode: 0o2755 }, [`${TREE}/sub/file`]: 'x' },
    change: { kind: 'update', summary: `folders keep their group (${TREE})` },
    after: { [TREE]: { ...SITE, mode: 0o2755 }, [`${TREE}/sub/file`]: 'x' },
  },
  {
    title: 'up to date',
    operation: owned,
    before: { [TREE]: SITE, [`${TREE}/a`]: { text: '', owner: 'www-data' } },
    upToDate: true,
  },
  {
    title: 'up to date, as there is nothing yet',
    operation: owned,
    upToDate: true,
  },
  ...(
    [
      [
        'a disk that can not be read',
        1,
        "find: ‘/var/www/blender-studio/x': Input/output error\n",
        /could not be read: find: .*Input\/output error/,
      ],
      ['find that is killed', 137, '', /find ended with exit code 137/],
      ['no find', 127, 'spawn find ENOENT', /spawn find ENOENT/],
    ] as const
  ).map(([title, code, stderr, what]) => ({
    title: `${title}: that is not "nothing is wrong"`,
    operation: owned,
    before: { [TREE]: SITE },
    arrange: ({ host }: Machine) => host.programs.add(when(/^find /, () => ({ code, stderr }))),
    refused: { what },
  })),
  {
    title: 'what goes while find looks is not wrong',
    operation: owned,
    before: { [TREE]: SITE },
    arrange: ({ host }) =>
      host.programs.add(
        when(/^find /, () => ({ code: 1, stderr: `find: ‘${TREE}/x.pyc': No such file or directory\n` })),
      ),
    upToDate: true,
  },
  {
    title: 'the folder itself',
    operation: owned,
    before: { [TREE]: { folder: true } },
    change: { summary: `${TREE} belongs to www-data (${TREE})` },
    after: { [TREE]: SITE },
  },
  {
    title: 'an account that is not there',
    operation: ownedBy('nobody-known', 'www-data', { id: 'ownership/other', path: TREE }),
    before: { [TREE]: SITE },
    change: { kind: 'update' },
    fails: { what: /no account nobody-known/ },
    after: { [TREE]: SITE },
  },
]);
