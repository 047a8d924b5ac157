import { describe, expect, it } from 'vitest';
import { checkout, originOf } from '../../src/operations/checkout.ts';
import { FakeHost } from '../host/fake/fake-host.ts';
import { Git } from './git.ts';
import { type Machine, table } from './table.ts';

const PATH = '/var/www/blender-studio';
const PARTIAL = `${PATH}.studio-setup-partial`;
const URL = 'https://example.org/studio.git';
const operation = checkout({ id: 'site/checkout', path: PATH, url: URL, branch: 'production' });
/** As git's own form of an ssh address has it. */
const ORIGIN = 'git@git.example.org:site.git';
const FORK = 'git@git.example.org:fork.git';
const fromOrigin = checkout({ id: 'site/checkout', path: PATH, url: ORIGIN, branch: 'production' });
const LOCK = { [`${PATH}/.git/index.lock`]: { text: '', modified: Date.UTC(2026, 10, 28, 3, 12) } };
const WWW = { '/var/www': { folder: true, owner: 'www-data' } } as const;
const THERE = {
  [`${PATH}/.git/HEAD`]: { text: 'ref: refs/heads/production\n', owner: 'www-data' },
  [PARTIAL]: null,
} as const;

const arrange =
  (more: (git: Git, machine: Machine) => void = () => {}) =>
  (machine: Machine) => {
    const git = new Git(machine.host);
    git.remotes.set(URL, { branches: ['main', 'production'] });
    more(git, machine);
  };
const on = (branch: string) => arrange((git) => git.put(PATH, branch, URL));
const refusing = (refuses: string) => arrange((git) => git.remotes.set(URL, { branches: [], refuses }));

table('checkout', [
  {
    title: 'cloned beside its place, and moved there',
    operation,
    before: WWW,
    arrange: arrange(),
    change: {
      kind: 'create',
      summary: `${PATH} from ${URL}, branch production`,
      shell: [`sudo -Hu www-data git clone --branch production ${URL} ${PATH}`],
      irreversible: expect.stringContaining('stays'),
    },
    after: THERE,
    ran: [
      `sudo -Hu www-data rm -rf -- ${PARTIAL}`,
      `sudo -Hu www-data git clone --progress --branch production -- ${URL} ${PARTIAL}`,
      `sudo -Hu www-data mv -T -- ${PARTIAL} ${PATH}`,
    ],
    midway: [
      {
        plant: { exec: 2, result: { code: 128, stderr: 'fatal: early EOF\n' } },
        fails: /command failed: .*git clone/,
        left: { [PATH]: null },
      },
      {
        plant: { exec: 3, result: 'killed' },
        left: { [PATH]: null, [`${PARTIAL}/manage.py`]: { text: '', owner: 'www-data' } },
      },
    ],
  },
  {
    title: 'into an empty folder, past what a killed clone left',
    operation,
    before: {
      ...WWW,
      [PATH]: { folder: true, owner: 'www-data' },
      [`${PARTIAL}/.git/HEAD`]: { text: 'half', owner: 'www-data' },
      [PARTIAL]: { folder: true, owner: 'www-data' },
      [`${PARTIAL}/.git`]: { folder: true, owner: 'www-data' },
    },
    arrange: arrange(),
    change: { kind: 'create' },
    after: THERE,
  },
  { title: 'up to date', operation, before: WWW, arrange: on('production'), upToDate: true },
  {
    title: 'another branch',
    operation,
    before: WWW,
    arrange: on('main'),
    change: { kind: 'update', summary: `${PATH}: branch main → production` },
    after: THERE,
    check: ({ host }) =>
      expect(host.memory.journal).toContainEqual({
        operation: 'test/operation',
        kind: 'branch',
        path: PATH,
        from: 'main',
        to: 'production',
      }),
    midway: [
      {
        plant: { exec: 1, result: 'killed' },
        left: { [`${PATH}/.git/HEAD`]: { text: 'ref: refs/heads/main\n', owner: 'www-data' } },
      },
    ],
  },
  ...(
    [
      ['without .git', ORIGIN.replace(/\.git$/, ''), {}],
      ['with a slash', `${ORIGIN}/`, {}],
      ['by insteadOf', ORIGIN, { [ORIGIN]: 'https://mirror.example.org/site' }],
      ['with none that can be told', '', {}],
    ] as const
  ).map(([title, origin, insteadOf]) => ({
    title: `the same repository ${title}`,
    operation: fromOrigin,
    before: WWW,
    arrange: arrange((git) => {
      git.put(PATH, 'production', origin);
      for (const each of Object.entries(insteadOf)) git.insteadOf.set(...each);
    }),
    upToDate: true as const,
  })),
  {
    title: 'another repository: a conflict, until the operator decides',
    operation: fromOrigin,
    before: WWW,
    arrange: arrange((git) => git.put(PATH, 'production', FORK)),
    conflict: { path: `${PATH}/.git/config`, diff: new RegExp(`-url = ${FORK}\n\\+url = ${ORIGIN}`) },
  },
  {
    title: 'another repository, and the answer was confirmed',
    operation: fromOrigin,
    before: WWW,
    arrange: arrange((git, { host }) => {
      git.put(PATH, 'production', FORK);
      host.overwrite.add(`${PATH}/.git/config`);
    }),
    change: { kind: 'update', summary: `${PATH}: repository ${FORK} → ${ORIGIN}` },
    after: { [`${PATH}/.git/config`]: { text: ORIGIN, owner: 'www-data' } },
    ran: [`sudo -Hu www-data git -c safe.directory=${PATH} -C ${PATH} remote set-url origin ${ORIGIN}`],
  },
  ...(
    [
      [
        'left behind',
        [],
        /index\.lock has been there since Nov 2[789] [\d:]+ \(owner root\), and git is not running: one that was killed left the lock/,
        /rm .*index\.lock/,
      ],
      ['held', [4711, 4712], /and git is running \(process 4711, 4712\)/, /Wait until it is done/],
      // pgrep(1): 3 is a fatal error, and src/host/process.ts makes 127 of a program that is not installed.
      [
        'of whom nobody can tell',
        127,
        /whether git is running could not be determined/,
        /If you know of no git/,
      ],
      [
        'of whom pgrep could not tell',
        3,
        /whether git is running could not be determined/,
        /If you know of no git/,
      ],
    ] as const
  ).map(([title, running, what, remedy]) => ({
    title: `a lock of git's, ${title}`,
    operation,
    before: WWW,
    arrange: arrange((git, { host }) => {
      git.put(PATH, 'main', URL);
      git.running = running;
      host.arrange(LOCK);
    }),
    refused: { what, remedy },
  })),
  {
    title: "a lock of git's where nothing has to change",
    operation,
    before: WWW,
    arrange: arrange((git, { host }) => {
      git.put(PATH, 'production', URL);
      host.arrange(LOCK);
    }),
    upToDate: true,
  },
  {
    title: 'no branch, but a commit',
    operation,
    before: WWW,
    arrange: arrange((git, { host }) => {
      git.put(PATH, 'main', URL);
      host.arrange({
        [`${PATH}/.git/HEAD`]: { text: '4b825dc642cb6eb9a060e54bf8d69288fbee4904\n', owner: 'www-data' },
      });
    }),
    change: { summary: `${PATH}: branch HEAD → production` },
    after: THERE,
  },
  {
    title: 'a clone that was cut off, of which git can not tell the branch',
    operation,
    before: { ...WWW, [`${PATH}/.git/objects`]: { folder: true } },
    arrange: arrange(),
    refused: { what: /git can't tell which branch/, remedy: /mv .*\.old/ },
  },
  {
    title: 'another branch, where files were edited',
    operation,
    before: WWW,
    arrange: arrange((git) => {
      git.put(PATH, 'main', URL);
      git.edited.add('manage.py');
    }),
    change: { kind: 'update' },
    fails: { what: /command failed: .*checkout production/, remedy: /git status shows them/ },
    after: { [`${PATH}/.git/HEAD`]: { text: 'ref: refs/heads/main\n', owner: 'www-data' } },
  },
  {
    title: 'files that are no checkout',
    operation,
    before: { ...WWW, [`${PATH}/index.html`]: 'mine' },
    arrange: arrange(),
    refused: { what: /contains files, but is not a git checkout/, remedy: /mv .*\.old/ },
  },
  {
    title: 'a folder that is not for www-data',
    operation,
    before: { '/var/www': { folder: true } },
    arrange: arrange(),
    change: { kind: 'create' },
    fails: { what: /git can't write .*partial as www-data: Permission denied/, remedy: /namei -l/ },
    after: { [PATH]: null, [PARTIAL]: null },
  },
  {
    title: 'a branch that the repository has not',
    operation,
    before: WWW,
    arrange: arrange((git) => git.remotes.set(URL, { branches: ['main'] })),
    change: { kind: 'create' },
    fails: { what: /git clone/, remedy: /repository\.branch/ },
    after: { [PATH]: null },
  },
  {
    title: 'a repository that refuses access',
    operation,
    before: WWW,
    arrange: refusing('git@example.org: Permission denied (publickey).'),
    change: { kind: 'create' },
    fails: { what: /refuses access/, remedy: /deploy key/ },
    after: { [PATH]: null },
  },
  {
    title: 'a network that does not reach it',
    operation: checkout({ id: 'x/y', path: PATH, url: 'https://elsewhere.example/x.git', branch: 'main' }),
    before: WWW,
    arrange: arrange(),
    change: { kind: 'create' },
    fails: { what: /can't be reached/, remedy: /network/ },
    after: { [PATH]: null },
  },
]);

describe('where a checkout came from', () => {
  it.each([
    ['there is one', URL, URL],
    ['there is none', undefined, undefined],
    ['it has no origin', '', undefined],
  ])('%s', async (_, url, expected) => {
    const host = new FakeHost();
    const git = new Git(host);
    if (url !== undefined) git.put(PATH, 'main', url);
    expect(await originOf(host, PATH)).toBe(expected);
  });
});
