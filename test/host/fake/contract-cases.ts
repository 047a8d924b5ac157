import type { LiveHost, ProgramResult } from '../../../src/host/host.ts';
import type { Given } from './entries.ts';

/** What both doors are to do, and what it ends in: `undefined` is success, else what the error's message says. */
export interface Case {
  readonly title: string;
  /** Below the case's own folder: name → what stands there. */
  readonly before?: Readonly<Record<string, Given>>;
  readonly act: (live: LiveHost, at: (name: string) => string) => Promise<unknown>;
  readonly fails?: RegExp;
}

const SITE = { folder: true, owner: 'www-data' } as const;
const asSite = { as: 'www-data' } as const;
const DENIED = /Permission denied/;
const GOES_NOT_THROUGH = /root does not follow it/;

/** A folder of www-data in which it put a link to a folder of root. */
const PLANTED: Readonly<Record<string, Given>> = {
  site: SITE,
  victim: { folder: true },
  'victim/conf': "root's",
  'site/conf': { link: '../victim/conf' },
  'site/sub': { link: '../victim' },
};
/** The same by root itself: that is no trap. */
const LINKED: Readonly<Record<string, Given>> = {
  real: { folder: true },
  'real/conf': { text: 'old', mode: 0o600 },
  folder: { link: 'real' },
  conf: { link: 'real/conf' },
  loop: { link: 'loop' },
  dangling: { link: 'nowhere' },
  sock: { socket: true },
};

const reads: readonly Case[] = [
  { title: 'read a file', before: { a: 'text' }, act: (live, at) => live.read(at('a')) },
  { title: 'read nothing', act: (live, at) => live.read(at('a')) },
  { title: 'read below a file', before: { a: 'text' }, act: (live, at) => live.read(at('a/b')) },
  {
    title: 'read a folder',
    before: { a: { folder: true } },
    act: (live, at) => live.read(at('a')),
    fails: /EISDIR/,
  },
  { title: 'read through links', before: LINKED, act: (live, at) => live.read(at('folder/conf')) },
  { title: 'read a link', before: LINKED, act: (live, at) => live.read(at('conf')) },
  { title: 'read a link to nothing', before: LINKED, act: (live, at) => live.read(at('dangling')) },
  { title: 'read a loop', before: LINKED, act: (live, at) => live.read(at('loop')), fails: /ELOOP/ },
  { title: 'read a socket', before: LINKED, act: (live, at) => live.read(at('sock')), fails: /ENXIO/ },
  { title: 'bytes', before: { a: { text: Buffer.from([0xff, 0]) } }, act: (live, at) => live.bytes(at('a')) },
  {
    title: 'read as the account',
    before: { a: { text: 'x', mode: 0o600, owner: 'www-data' } },
    act: (live, at) => live.read(at('a'), asSite),
  },
  { title: 'read nothing as the account', act: (live, at) => live.read(at('a'), asSite) },
  {
    title: 'read below a file as the account',
    before: { a: 'text' },
    act: (live, at) => live.read(at('a/b'), asSite),
  },
  {
    title: 'read what is not for the account',
    before: { a: { text: 'x', mode: 0o600 } },
    act: (live, at) => live.read(at('a'), asSite),
    fails: DENIED,
  },
  {
    title: 'read in a folder that is not for the account',
    before: { f: { folder: true, mode: 0o700 }, 'f/a': 'x' },
    act: (live, at) => live.read(at('f/a'), asSite),
    fails: DENIED,
  },
  {
    title: 'read by the group',
    before: { a: { text: 'x', mode: 0o640, owner: 'root', group: 'www-data' } },
    act: (live, at) => live.read(at('a'), asSite),
  },
  {
    title: 'the owner is not asked for its group',
    before: { a: { text: 'x', mode: 0o044, owner: 'www-data' } },
    act: (live, at) => live.read(at('a'), asSite),
    fails: DENIED,
  },
  {
    title: 'read a folder as the account',
    before: { a: SITE },
    act: (live, at) => live.read(at('a'), asSite),
    fails: /Is a directory/,
  },
  {
    title: 'bytes as the account',
    before: { a: { text: Buffer.from([0xff, 0]), owner: 'www-data' } },
    act: (live, at) => live.bytes(at('a'), asSite),
  },
  {
    title: 'bytes that are not for the account',
    before: { a: { text: 'x', mode: 0o600 } },
    act: (live, at) => live.bytes(at('a'), asSite),
    fails: DENIED,
  },
  {
    title: 'read as nobody known',
    act: (live, at) => live.read(at('a'), { as: 'no-such' }),
    fails: /no account no-such/,
  },
  {
    title: 'status of each kind',
    before: LINKED,
    act: async (live, at) => {
      const all = await Promise.all(
        ['real', 'real/conf', 'conf', 'folder/conf', 'dangling', 'sock', 'real/conf/x'].map((name) =>
          live.status(at(name)),
        ),
      );
      return all.map(
        (each) =>
          each && [
            each.type,
            each.mode,
            each.owner,
            each.group,
            each.type === 'file' ? each.size : 0,
            each.target,
          ],
      );
    },
  },
  {
    title: 'list',
    before: { b: '', a: '', 'f/c': '' },
    act: async (live, at) => [
      await live.list(at('')),
      await live.list(at('none')),
      await live.list(at('a')),
      await live.list(at('f')),
    ],
  },
  { title: 'list through a link', before: LINKED, act: (live, at) => live.list(at('folder')) },
];

const writes: readonly Case[] = [
  { title: 'write a new file', act: (live, at) => live.write(at('a'), 'text') },
  { title: 'write with its folders', act: (live, at) => live.write(at('f/g/a'), 'text', { mode: 0o600 }) },
  {
    title: 'keep mode and owner',
    before: { a: { text: 'old', mode: 0o640, owner: 'www-data' } },
    act: (live, at) => live.write(at('a'), 'new'),
  },
  {
    title: 'with mode, owner and group',
    before: { a: 'old' },
    act: (live, at) => live.write(at('a'), 'new', { mode: 0o4750, owner: 'www-data', group: 'root' }),
  },
  {
    title: 'a group follows the owner',
    act: (live, at) => live.write(at('a'), 'new', { owner: 'www-data' }),
  },
  {
    title: 'an owner that is not there',
    act: (live, at) => live.write(at('f/a'), 'new', { owner: 'no-such' }),
    fails: /no account no-such/,
  },
  {
    title: 'a group that is not there',
    act: (live, at) => live.write(at('a'), 'new', { group: 'no-such' }),
    fails: /no group no-such/,
  },
  {
    title: 'a number for an account',
    act: (live, at) => live.write(at('a'), 'new', { owner: '4711', group: '4712' }),
  },
  { title: 'replace a link', before: LINKED, act: (live, at) => live.write(at('conf'), 'new') },
  {
    title: "through root's own link",
    before: LINKED,
    act: (live, at) => live.write(at('folder/conf'), 'new'),
  },
  {
    title: 'over a folder',
    before: { a: { folder: true } },
    act: (live, at) => live.write(at('a'), 'new'),
    fails: /EISDIR/,
  },
  {
    title: 'below a file',
    before: { a: 'x' },
    act: (live, at) => live.write(at('a/b'), 'new'),
    fails: GOES_NOT_THROUGH,
  },
  {
    title: "through another account's link",
    before: PLANTED,
    act: (live, at) => live.write(at('site/sub/conf'), 'new'),
    fails: GOES_NOT_THROUGH,
  },
  {
    title: "over another account's link",
    before: PLANTED,
    act: (live, at) => live.write(at('site/conf'), 'new'),
  },
  {
    title: 'twice',
    act: async (live, at) => {
      await live.write(at('a'), 'one');
      await live.write(at('a'), 'two');
      return live.written(at('a'));
    },
  },
  {
    title: 'over what another wrote since',
    act: async (live, at) => {
      await live.write(at('a'), 'one');
      await live.write(at('a'), 'hand', { foreign: true });
      await live.write(at('a'), 'two');
      return live.written(at('a'));
    },
  },
  {
    title: 'a secret',
    before: { a: 'old' },
    act: async (live, at) => {
      await live.write(at('a'), 'token', { secret: true, mode: 0o600 });
      return live.written(at('a'));
    },
  },
  {
    title: "the operator's own put back",
    act: async (live, at) => {
      await live.write(at('a'), 'one');
      await live.write(at('a'), 'mine', { foreign: true });
      return (await live.written(at('a'))) ?? 'forgotten';
    },
  },
  {
    title: 'as the account',
    before: { site: SITE },
    act: (live, at) => live.write(at('site/a'), 'text', { ...asSite, mode: 0o640 }),
  },
  {
    title: 'as the account, over its link',
    before: PLANTED,
    act: (live, at) => live.write(at('site/conf'), 'new', asSite),
  },
  {
    title: 'as the account, through its link',
    before: PLANTED,
    act: (live, at) => live.write(at('site/sub/new'), 'new', asSite),
    fails: DENIED,
  },
  {
    title: 'as the account, over what is its own',
    before: { site: SITE, 'site/a': { text: 'old', owner: 'www-data', mode: 0o600 } },
    act: (live, at) => live.write(at('site/a'), 'new', asSite),
  },
  {
    title: "as the account, over root's in its folder",
    before: { site: SITE, 'site/a': { text: 'old' } },
    act: (live, at) => live.write(at('site/a'), 'new', asSite),
  },
  {
    title: "as the account, over what it can't read",
    before: { site: SITE, 'site/a': { text: 'old', mode: 0o600 } },
    act: (live, at) => live.write(at('site/a'), 'new', asSite),
    fails: DENIED,
  },
  {
    title: "as the account, in root's folder",
    before: { roots: { folder: true } },
    act: (live, at) => live.write(at('roots/a'), 'new', asSite),
    fails: DENIED,
  },
  {
    title: 'as the account, in no folder',
    before: { site: SITE },
    act: (live, at) => live.write(at('site/f/a'), 'new', asSite),
    fails: /Directory nonexistent/,
  },
  {
    title: 'as the account, over a folder',
    before: { site: SITE, 'site/a': SITE },
    act: (live, at) => live.write(at('site/a'), 'new', asSite),
    fails: /cannot overwrite directory/,
  },
  {
    title: "as the account, in a folder with its group's bit",
    before: { site: { folder: true, owner: 'www-data', group: 'root', mode: 0o2775 } },
    act: (live, at) => live.write(at('site/a'), 'new', asSite),
  },
  {
    title: 'as nobody known',
    act: (live, at) => live.write(at('a'), 'new', { as: 'no-such' }),
    fails: /no account no-such/,
  },
];

const folders: readonly Case[] = [
  {
    title: 'a folder with its parents',
    act: (live, at) => live.makeFolder(at('f/g'), { mode: 0o2750, owner: 'www-data' }),
  },
  {
    title: 'a folder that is there',
    before: { f: { folder: true, mode: 0o700 } },
    act: (live, at) => live.makeFolder(at('f')),
  },
  {
    title: 'a folder where a link is',
    before: LINKED,
    act: (live, at) => live.makeFolder(at('folder')),
    fails: /ELOOP/,
  },
  {
    title: 'a folder below a file',
    before: { a: 'x' },
    act: (live, at) => live.makeFolder(at('a/f')),
    fails: GOES_NOT_THROUGH,
  },
  { title: 'a folder where a file is', before: { a: 'x' }, act: (live, at) => live.makeFolder(at('a')) },
  {
    title: "a folder through another account's link",
    before: PLANTED,
    act: (live, at) => live.makeFolder(at('site/sub/f')),
    fails: GOES_NOT_THROUGH,
  },
  {
    title: 'a folder of an account that is not there',
    act: (live, at) => live.makeFolder(at('f'), { owner: 'no-such' }),
    fails: /no account no-such/,
  },
  {
    title: 'a folder in one with the bit of its group',
    before: { s: { folder: true, group: 'www-data', mode: 0o2755 } },
    act: (live, at) => live.write(at('s/f/a'), 'x'),
  },
  {
    title: 'a folder as the account',
    before: { site: SITE },
    act: (live, at) => live.makeFolder(at('site/f/g'), { ...asSite, mode: 0o750 }),
  },
  {
    title: 'a folder as the account where it may not',
    before: { f: { folder: true } },
    act: (live, at) => live.makeFolder(at('f/g'), asSite),
    fails: DENIED,
  },
  {
    title: 'a folder as the account where a file is',
    before: { site: SITE, 'site/a': '' },
    act: (live, at) => live.makeFolder(at('site/a'), asSite),
    fails: /File exists/,
  },
  { title: 'a link', act: (live, at) => live.link('/target', at('f/a')) },
  { title: 'a link over a link', before: LINKED, act: (live, at) => live.link('/target', at('conf')) },
  { title: 'a link over a file', before: { a: 'old' }, act: (live, at) => live.link('/target', at('a')) },
  {
    title: 'a link over a folder',
    before: { a: { folder: true } },
    act: (live, at) => live.link('/target', at('a')),
    fails: /EISDIR/,
  },
  {
    title: "a link through another account's link",
    before: PLANTED,
    act: (live, at) => live.link('/target', at('site/sub/new')),
    fails: GOES_NOT_THROUGH,
  },
  {
    title: 'a link as the account',
    before: { site: SITE },
    act: (live, at) => live.link('/target', at('site/a'), asSite),
  },
  {
    title: 'a link as the account over a folder',
    before: { site: SITE, 'site/f': SITE },
    act: (live, at) => live.link('/target', at('site/f'), asSite),
    fails: /cannot overwrite directory/,
  },
  {
    title: 'a link as the account where it may not',
    before: { f: { folder: true } },
    act: (live, at) => live.link('/target', at('f/a'), asSite),
    fails: /f\/a can't be written as www-data: .*Permission denied.*ls -ld .*\/f\)/,
  },
];

const removals: readonly Case[] = [
  { title: 'remove a file', before: { a: 'old' }, act: (live, at) => live.remove(at('a')) },
  { title: 'remove nothing', act: (live, at) => live.remove(at('f/a')) },
  { title: 'remove a link, not what it names', before: LINKED, act: (live, at) => live.remove(at('conf')) },
  {
    title: 'remove a folder',
    before: { f: { folder: true } },
    act: (live, at) => live.remove(at('f')),
    fails: /is a directory/,
  },
  {
    title: "remove through another account's link",
    before: PLANTED,
    act: (live, at) => live.remove(at('site/sub/conf')),
    fails: GOES_NOT_THROUGH,
  },
  {
    title: 'remove as the account',
    before: { site: SITE, 'site/a': 'x' },
    act: (live, at) => live.remove(at('site/a'), asSite),
  },
  {
    title: 'remove nothing as the account',
    before: { site: SITE },
    act: (live, at) => live.remove(at('site/f/a'), asSite),
  },
  {
    title: 'remove as the account where it may not',
    before: { f: { folder: true }, 'f/a': 'x' },
    act: (live, at) => live.remove(at('f/a'), asSite),
    fails: DENIED,
  },
  {
    title: 'remove a folder as the account',
    before: { site: SITE, 'site/f': SITE },
    act: (live, at) => live.remove(at('site/f'), asSite),
    fails: /Is a directory/,
  },
  { title: 'removeFolder', before: { f: { folder: true } }, act: (live, at) => live.removeFolder(at('f')) },
  {
    title: 'removeFolder with something in it',
    before: { 'f/a': '' },
    act: (live, at) => live.removeFolder(at('f')),
    fails: /ENOTEMPTY/,
  },
  { title: 'removeFolder of nothing', act: (live, at) => live.removeFolder(at('f')), fails: /ENOENT/ },
  {
    title: 'removeFolder of a link',
    before: LINKED,
    act: (live, at) => live.removeFolder(at('folder')),
    fails: /ENOTDIR/,
  },
  {
    title: 'removeFolder as the account',
    before: { site: SITE, 'site/f/a': '' },
    act: (live, at) => live.removeFolder(at('site/f'), asSite),
    fails: /Directory not empty/,
  },
];

const rights: readonly Case[] = [
  { title: 'setMode', before: { a: 'x' }, act: (live, at) => live.setMode(at('a'), 0o600) },
  {
    title: 'setMode of a folder',
    before: { f: { folder: true } },
    act: (live, at) => live.setMode(at('f'), 0o2755),
  },
  {
    title: 'setMode of a link',
    before: LINKED,
    act: (live, at) => live.setMode(at('conf'), 0o644),
    fails: /ELOOP/,
  },
  {
    title: 'setMode of a socket',
    before: LINKED,
    act: (live, at) => live.setMode(at('sock'), 0o666),
    fails: /ENXIO/,
  },
  { title: 'setMode of nothing', act: (live, at) => live.setMode(at('a'), 0o644), fails: /ENOENT/ },
  {
    title: 'setMode as the account',
    before: { a: { text: 'x', owner: 'www-data' } },
    act: (live, at) => live.setMode(at('a'), 0o600, asSite),
  },
  {
    title: "setMode as the account of root's",
    before: { a: 'x' },
    act: (live, at) => live.setMode(at('a'), 0o600, asSite),
    fails: /Operation not permitted/,
  },
  {
    title: 'setMode as the account of nothing',
    act: (live, at) => live.setMode(at('a'), 0o600, asSite),
    fails: /No such file/,
  },
  {
    title: 'setMode as the account leaves set-id bits of a folder',
    before: { f: { folder: true, owner: 'www-data', mode: 0o2755 } },
    act: (live, at) => live.setMode(at('f'), 0o750, asSite),
  },
  {
    title: 'setOwner takes set-id bits away',
    before: { a: { text: 'x', mode: 0o6755 } },
    act: (live, at) => live.setOwner(at('a'), 'www-data', 'www-data'),
  },
  {
    title: 'setOwner keeps those of a folder',
    before: { f: { folder: true, mode: 0o2755 } },
    act: (live, at) => live.setOwner(at('f'), 'www-data', 'www-data'),
  },
  {
    title: 'setOwner of a link itself',
    before: LINKED,
    act: (live, at) => live.setOwner(at('conf'), 'www-data', 'www-data'),
  },
  {
    title: 'setOwner of nothing',
    act: (live, at) => live.setOwner(at('a'), 'www-data', 'www-data'),
    fails: /ENOENT/,
  },
  {
    title: 'setOwner to nobody known',
    before: { a: 'x' },
    act: (live, at) => live.setOwner(at('a'), 'no-such', 'root'),
    fails: /no account/,
  },
  {
    title: "setOwner through another account's link",
    before: PLANTED,
    act: (live, at) => live.setOwner(at('site/sub/conf'), 'www-data', 'www-data'),
    fails: GOES_NOT_THROUGH,
  },
  {
    title: 'setRights of a tree',
    before: { 't/a': 'x', 't/f/b': { text: 'x', mode: 0o6755 }, 't/l': { link: 'a' } },
    act: (live, at) =>
      live.setRights(at('t'), [
        [at('t'), 'www-data:www-data', 0o2755],
        [at('t/a'), 'www-data:root', 0o600],
        [at('t/f/b'), 'www-data:www-data', 0o755],
        [at('t/l'), 'www-data:www-data', 0o777],
        [at('t/gone'), 'root:root', 0o644],
      ]),
  },
  {
    title: 'setRights with another owner takes set-id bits away',
    before: { 't/a': { text: 'x', mode: 0o6755 } },
    act: (live, at) => live.setRights(at('t'), [[at('t/a'), 'www-data:www-data', 0o6755]]),
  },
  {
    title: 'setRights goes through no link',
    before: PLANTED,
    act: (live, at) => live.setRights(at('site'), [[at('site/sub/conf'), 'www-data:www-data', 0o666]]),
  },
  {
    title: 'setRights to nobody known',
    before: { 't/a': 'x' },
    act: (live, at) => live.setRights(at('t'), [[at('t/a'), 'no-such:root', 0o600]]),
    fails: /no account/,
  },
  { title: 'a note', act: (live) => live.note({ kind: 'enable', unit: 'studio.service', links: {} }) },
  {
    title: 'a hint',
    act: async (live) => {
      live.remember('key', 'value');
      return [live.hint('key'), live.hint('other') ?? 'none'];
    },
  },
];

/** What a table has to say of these scripts of sh(1): the real one is asked whether that is so. */
export const SCRIPTS: Readonly<Record<string, Partial<ProgramResult>>> = {
  'echo out; echo err >&2': { stdout: 'out\n', stderr: 'err\n' },
  'echo out; echo broken >&2; exit 3': { code: 3, stdout: 'out\n', stderr: 'broken\n' },
  'echo "write: No space left on device" >&2; exit 1': {
    code: 1,
    stderr: 'write: No space left on device\n',
  },
  'kill -9 $$': { code: 137 },
};
const [FINE = '', BROKEN = '', FULL = '', KILLED = ''] = Object.keys(SCRIPTS);
const sh = (script: string) => ['/bin/sh', '-c', script];

const programs: readonly Case[] = [
  { title: 'run', act: (live) => live.run(sh(FINE)) },
  { title: 'run what fails', act: (live) => live.run(sh(BROKEN)), fails: /"exitCode":3/ },
  {
    title: 'run what fails as the account',
    act: (live) => live.run(sh(BROKEN), asSite),
    fails: /sudo -Hu www-data/,
  },
  { title: 'run what may fail', act: (live) => live.run(sh(BROKEN), { accept: [0, 3] }) },
  {
    title: 'run what may fail otherwise',
    act: (live) => live.run(sh(BROKEN), { accept: [0, 1] }),
    fails: /broken/,
  },
  { title: 'run on a full disk', act: (live) => live.run(sh(FULL)), fails: /df -h/ },
  { title: 'run what is killed', act: (live) => live.run(sh(KILLED)), fails: /137/ },
  {
    title: 'run what has its own explanation',
    act: (live) =>
      live.run(sh(BROKEN), { explain: ({ code }) => ({ what: `It says ${code}.`, remedy: 'Look.' }) }),
    fails: /It says 3/,
  },
  {
    title: 'run what is not installed',
    act: (live) => live.run(['no-such-program']),
    fails: /not installed/,
  },
  {
    title: 'run as nobody known',
    act: (live) => live.run(sh(FINE), { as: 'no-such' }),
    fails: /no account no-such/,
  },
  { title: 'query', act: (live) => live.query(sh(FINE)) },
  { title: 'query what fails', act: (live) => live.query(sh(BROKEN)) },
  { title: 'query what is not installed', act: (live) => live.query(['no-such-program']) },
  {
    title: 'query as nobody known',
    act: (live) => live.query(sh(FINE), { as: 'no-such' }),
    fails: /no account no-such/,
  },
];

export const CASES: readonly Case[] = [...reads, ...writes, ...folders, ...removals, ...rights, ...programs];
