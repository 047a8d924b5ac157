import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildDeb } from '../../scripts/deb.ts';
import { must } from '../rehearsal/process.ts';
import { debian } from '../rehearsal/root.ts';

// What dpkg does with the package's scripts, on a bare Debian that is not booted. With a site: test/long/package.test.ts.

const project = path.join(import.meta.dirname, '../..');
let folder: string;
let bare: string;
/** With a small program in the place of the executable. */
let deb: string;
beforeAll(async () => {
  bare = (await debian('bookworm', console.log)).root;
  folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-deb-'));
  deb = await buildDeb({
    executable: '/bin/true',
    architecture: 'amd64',
    version: '0.0.1-1',
    epoch: 1_700_000_000,
    copyright: 'Nobody\n',
    folder,
  });
}, 300_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a script of the shell on the bare Debian, as if it were alone there; what it writes is gone afterwards. */
function onBareDebian(script: string): Promise<string> {
  const entered = `mount -t tmpfs none /mnt; mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay -o lowerdir="$1",upperdir=/mnt/upper,workdir=/mnt/work overlay /mnt/root
mount -t proc none /mnt/root/proc; mount --rbind /dev /mnt/root/dev; cp "$2" /mnt/root/root/studio-setup.deb
exec chroot /mnt/root sh -ec "$3"`;
  const unshared = ['unshare', '--mount', '--pid', '--fork', '--kill-child', 'sh', '-ec', entered, 'sh'];
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LC_ALL: 'C.UTF-8', TERM: 'dumb' };
  return must([...unshared, bare, deb, script], { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' } });
}

const RECORDS = ['/var/lib/studio-setup', '/var/log/studio-setup', '/var/backups/studio-setup'];
const NEVER = ['/etc/blender-studio/meilisearch.env', '/opt/studio-setup/python', '/var/www/blender-studio'];

test('ShellCheck finds nothing in the scripts', async () => {
  const scripts = ['postinst', 'prerm', 'postrm'].map((name) => path.join(project, 'packaging/debian', name));
  // debconf's own file is not there to be followed.
  expect(await must(['shellcheck', '--exclude=SC1091', ...scripts])).toBe('');
});

/** A server on which studio-setup was at work. */
const installed = `exec 2>&1
mkdir -p ${RECORDS.join(' ')} /etc/blender-studio /opt/studio-setup/python /var/www/blender-studio /run/studio-setup
touch ${NEVER[0]} /run/studio-setup/lock ${RECORDS[0]}/answers.json
dpkg --install /root/studio-setup.deb`;
const left = `ls -d ${[...RECORDS, ...NEVER].join(' ')} 2>/dev/null || true`;
const ahead = 'echo studio-setup studio-setup/delete-records boolean true | debconf-set-selections';
const purge = 'dpkg --purge studio-setup';
const question = /Delete the records of studio-setup's runs\?/;

test.each([
  ['removed', 'dpkg --remove studio-setup', /Removing studio-setup/],
  ['purged with nobody there', purge, /: \/var\/lib\/studio-setup stays\./],
  ['purged, and the answer is no', `echo no | DEBIAN_FRONTEND=teletype ${purge}`, question],
  ['purged, and the answer is Enter', `echo | DEBIAN_FRONTEND=teletype ${purge}`, question],
  [
    'purged after a yes, while a change of the site is unfinished',
    `${ahead}; touch /etc/blender-studio/update.pending; ${purge}`,
    /stays: a change of the site is not finished \(\/etc\/blender-studio\/update\.pending\)\./,
  ],
  [
    'purged after a yes, while studio-setup is at work',
    `${ahead}; flock /run/studio-setup/lock ${purge}`,
    /stays: studio-setup is at work\./,
  ],
  [
    'purged without debconf',
    `${ahead}; rm /usr/share/debconf/confmodule; ${purge}`,
    /: \/var\/backups\/studio-setup stays\./,
  ],
])('%s: the records stay', async (_, script, words) => {
  const said = await onBareDebian(`${installed}; ${script}; ${left}`);
  expect(said).toMatch(words);
  for (const each of [...RECORDS, ...NEVER]) expect(said.split('\n')).toContain(each);
});

test.each([
  ['purged, and the answer is yes', `echo yes | DEBIAN_FRONTEND=teletype ${purge}`, question],
  [
    'removed, and purged later, and the answer is yes',
    `dpkg --remove studio-setup; echo yes | DEBIAN_FRONTEND=teletype ${purge}`,
    question,
  ],
  ['purged after a yes', `${ahead}; ${purge}`, /Purging configuration files/],
])('%s: the records go, and nothing else', async (_, script, words) => {
  const said = await onBareDebian(`${installed}; ${script}; ${left}`);
  expect(said).toMatch(words);
  const lines = said.split('\n');
  for (const each of RECORDS) expect(lines).not.toContain(each);
  for (const each of NEVER) expect(lines).toContain(each);
});

test('a removal names the timers that start the program, and stops none', async () => {
  const said = await onBareDebian(`${installed}
units=/etc/systemd/system
echo 'ExecStart=/usr/bin/studio-setup watch run --plain' > $units/studio-setup-watch.service
echo 'ExecStart=/usr/local/sbin/studio-setup backup create' > $units/studio-setup-backup.service
dpkg --remove studio-setup; ls $units`);
  expect(said.match(/^studio-setup: .*$/gm)).toEqual([
    'studio-setup: studio-setup-watch.timer starts /usr/bin/studio-setup, and fails without it.',
    'studio-setup: Install it again, or: systemctl disable --now studio-setup-watch.timer',
  ]);
  expect(said).toContain('studio-setup-watch.service\n');
});

test('what is in the package is owned by root, and only what runs can be run', async () => {
  const listed = await must(['dpkg-deb', '--contents', deb]);
  const files = listed.split('\n').filter((line) => line !== '' && !line.endsWith('/'));
  for (const line of listed.split('\n').filter(Boolean)) expect(line).toMatch(/^\S+ root\/root /);
  const run = files.filter((line) => line.startsWith('-rwxr-xr-x')).map((line) => line.split(' ').at(-1));
  expect(run).toEqual(['./usr/bin/studio-setup']);
  for (const line of files) expect(line).toMatch(/^-rw(-r--r--|xr-xr-x) /);
  expect(files.map((line) => line.split(' ').at(-1)).sort()).toEqual([
    './usr/bin/studio-setup',
    './usr/share/bash-completion/completions/studio-setup',
    './usr/share/doc/studio-setup/changelog.Debian.gz',
    './usr/share/doc/studio-setup/changelog.gz',
    './usr/share/doc/studio-setup/copyright',
    './usr/share/fish/vendor_completions.d/studio-setup.fish',
    './usr/share/lintian/overrides/studio-setup',
    './usr/share/man/man8/studio-setup.8.gz',
    './usr/share/zsh/vendor-completions/_studio-setup',
  ]);
});
