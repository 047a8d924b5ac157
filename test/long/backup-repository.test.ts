import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { killAt } from '../install/interruptions.ts';
import { adminPage, loggedIn } from '../install/logins.ts';
import { oneLine, shell } from '../install/operator.ts';
import { commandsOf } from '../install/page.ts';
import { wholeSearch } from '../install/rotation.ts';
import { givenAway, namesIn, watchProcesses } from '../install/secrets.ts';
import { expectSameTables, tables } from '../install/tables.ts';
import { answersFile, writeAnswers } from '../rehearsal/answers.ts';
import { expectExit, Operator, records } from '../rehearsal/operator.ts';
import { installProduct } from '../rehearsal/product.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts';

const passwordFile = '/root/repository-password';
const inTheOpen = '/var/backups/studio-setup/backup';
const settings = '/var/www/blender-studio/studio/settings.py';

// One host with an installation on it, then another one in its place: a bare disk. The repository is on a third machine, by SFTP.
let host: Rehearsal;
let operator: Operator;
let repository: string;
let password = '';

/** Of the page, with the names of the rehearsal. */
const commands = async (wanted: (line: string) => boolean) =>
  (await commandsOf('backup-repository.md'))
    .filter(wanted)
    .map((line) => line.replace('sftp:studio@backup.example.org:studio', repository));

const restores = (line: string) => line.startsWith('studio-setup restore');

async function typed(command: string): Promise<void> {
  const { code, stdout, stderr } = await host.exec(['sh', '-c', `cd /root\n${command}`]);
  expect(code, `${command}\n${stdout.slice(-4000)}\n${stderr}`).toBe(0);
}

/** Without the site's answers file: `backup enable` has one of its own. @returns what it said, on one line */
async function scheduled(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await host.exec(['studio-setup', 'backup', ...words, '--yes']);
  expect(code, `${stdout.slice(-4000)}\n${stderr}`).toBe(0);
  return oneLine(stdout);
}

/** restic as its own manual has it, on the host. */
const restic = (words: string) =>
  shell(
    host,
    `export RESTIC_REPOSITORY=${repository} RESTIC_PASSWORD_FILE=${passwordFile}; restic --no-lock ${words}`,
  );

const snapshots = async () =>
  (JSON.parse(await restic('snapshots --json --tag studio-setup')) as { id: string }[]).map(({ id }) => id);

async function nothingLeft(): Promise<void> {
  expect(await shell(host, `ls -d ${inTheOpen} 2>/dev/null || true`)).toBe('');
  expect(await shell(host, "pgrep -a '^restic' || true")).toBe('');
  const databases = await shell(host, 'su postgres -c "psql -tAc \'SELECT datname FROM pg_database\'"');
  expect(databases).not.toContain('studio_setup_trial');
}

/** Root's way to the other machine. */
async function trusted(): Promise<void> {
  await shell(host, 'install -d -m 700 /root/.ssh');
  await host.write('/root/.ssh/known_hosts', `${await host.internet.git.hostKey()}\n`);
}

beforeAll(async () => {
  host = await startRehearsal({ report: () => {} });
  repository = host.internet.backups.repository;
  await host.checkpoint('bare');
  await writeAnswers(host, { integrations: 'skipped', secrets: 'generate' });
  await installProduct(host, () => {});
  operator = new Operator(host);
  await operator.run();
  await trusted();
});
afterAll(() => host?.stop());

describe('docs/backup-repository.md', () => {
  test('every command in it works, in its order', async () => {
    for (const command of await commands((line) => !restores(line))) {
      await typed(command);
      if (command.startsWith('ssh-keygen'))
        await host.internet.backups.admitKey(await shell(host, 'cat /root/.ssh/id_ed25519.pub'));
    }
    password = (await shell(host, `cat ${passwordFile}`)).trim();
    // Of one day the newest stays, once they are made by themselves.
    expect(await snapshots()).toHaveLength(1);
    expect((await shell(host, 'stat -c "%a %U" /etc/blender-studio/backup.json')).trim()).toBe('600 root');
    await nothingLeft();
  });
});

describe('backup enable', () => {
  const timers = () =>
    shell(host, "systemctl list-timers --all --plain --no-legend 'studio-setup-backup*' | wc -l");

  test('a second time it changes nothing, and the weekly trial works under the rights of its service', async () => {
    expect((await timers()).trim()).toBe('2');
    expect(await scheduled('enable')).toContain(
      'Backups are made by themselves already; nothing was changed.',
    );
    await shell(host, 'systemctl start studio-setup-backup-verify.service');
    const listed = records(await operator.start('backup', 'list', '--json'));
    expect(listed[0]?.restored).toMatch(/^\d{4}-/);
    const checks = records(await operator.start('backup', 'status', '--json'))[0]?.checks;
    expect(checks).toMatchObject([
      { id: 'backup', ok: true },
      { id: 'backup-verified', ok: true },
    ]);
    await nothingLeft();
  });

  test('a trial that fails is said, with what shows why', async () => {
    await host.internet.pause('git.example.test');
    await host.exec(['systemctl', 'start', 'studio-setup-backup-verify.service']);
    await host.internet.resume('git.example.test');
    const status = await operator.start('backup', 'status');
    expect(status.code).toBe(3);
    expect(oneLine(status.stdout)).toContain('The last trial of a backup failed');
    const journal = await shell(host, 'journalctl -u studio-setup-backup-verify.service --no-pager -n 40');
    expect(oneLine(journal)).toContain('could not be reached');
    expect(journal).not.toContain(password);
    await shell(host, 'systemctl start studio-setup-backup-verify.service');
    expectExit(await operator.start('backup', 'status'), 0);
  });

  test('to a folder, with the key elsewhere, a backup is restored before it is encrypted', async () => {
    const made = await shell(
      host,
      'apt-get install -y -q age > /dev/null; age-keygen 2> /dev/null | age-keygen -y',
    );
    const folder = '/srv/by-itself';
    await host.write(
      '/root/backup.yaml',
      `backup.destination: folder\nbackup.folder: ${folder}\nbackup.recipient: ${made.trim()}\n`,
    );
    // What is set up stays while it is there: the answers of a file are stronger.
    await scheduled('enable', '--answers', '/root/backup.yaml');
    const archives = async () => (await shell(host, `ls ${folder}`)).trim().split('\n');
    const [first] = await archives();
    expect(first).toMatch(/\.tar\.age$/);
    await shell(host, 'systemctl start studio-setup-backup-verify.service');
    const [second, ...others] = await archives();
    expect(others).toEqual([]);
    expect(second).not.toBe(first);
    const listed = records(await operator.start('backup', 'list', '--json'));
    expect(listed).toMatchObject([{ archive: `${folder}/${second}`, restored: expect.any(String) }]);
    await nothingLeft();
  });

  test('disable takes it away; the backups stay', async () => {
    await scheduled('disable');
    expect((await timers()).trim()).toBe('0');
    expect(await shell(host, 'ls /etc/systemd/system | grep studio-setup-backup || true')).toBe('');
    expect(await shell(host, 'ls /etc/blender-studio')).not.toContain('backup.json');
    expect((await shell(host, 'ls /srv/by-itself')).trim()).toMatch(/\.tar\.age$/);
    expect(await scheduled('disable')).toContain('No backup is made by itself; nothing was changed.');
    const named = ['--repository', repository, '--password-file', passwordFile];
    expectExit(await operator.start('backup', 'create', ...named), 0);
    expect(await snapshots()).toHaveLength(2);
  });
});

describe('a repository', () => {
  test('the password is shown nowhere, and what is listed is what was restored', async () => {
    const secrets = givenAway([{ id: 'repository', value: password }]);
    const watch = await watchProcesses(host, secrets);
    const made = await operator.start('backup', 'create', '--json');
    expectExit(made, 0);
    const proved = await operator.start('backup', 'verify', '--json');
    expectExit(proved, 0);
    expect((await watch.stop()).shown).toEqual([]);
    const said = [made, proved].map(({ stdout, stderr }) => `${stdout}\n${stderr}`).join('\n');
    const logs = await shell(host, 'cat /var/log/studio-setup/* /var/lib/studio-setup/ledger.json');
    expect(namesIn(`${said}\n${logs}`, secrets)).toEqual([]);
    const listed = records(await operator.start('backup', 'list', '--json'));
    expect(listed.map(({ type }) => type)).toEqual(['backup', 'backup', 'backup', 'backup']);
    expect(listed[0]).toMatchObject({ id: records(made).find(({ type }) => type === 'backup')?.id });
    expect(listed[0]?.restored).toMatch(/^\d{4}-/);
  });

  test('killed while it is filled, there is no backup by half, and the next one is whole', async () => {
    const before = await snapshots();
    await shell(
      host,
      'install -d -o www-data /var/www/blender-studio/public/media; su www-data -s /bin/sh -c "head -c 60000000 /dev/urandom > /var/www/blender-studio/public/media/clip.mp4"',
    );
    for (const within of [100, 400]) {
      const { point } = await killAt(host, [{ operation: 'backup/snapshot', within }], ['backup', 'create']);
      expect(point?.operation).toBe('backup/snapshot');
      await expect.poll(() => shell(host, "pgrep -a '^restic' || true"), { timeout: 5000 }).toBe('');
      const after = await snapshots();
      // One that was whole by the time of the kill counts; one by half does not come to be.
      for (const id of after.filter((each) => !before.includes(each)))
        expectExit(await operator.start('backup', 'verify', `restic:${id}`), 0);
    }
    expectExit(await operator.start('backup', 'create'), 0);
    expectExit(await operator.start('backup', 'verify'), 0);
    await nothingLeft();
  });

  /** @returns what a command says that fails, while it leaves nothing behind */
  async function refused(...words: readonly string[]): Promise<string> {
    const before = await snapshots();
    const ran = await operator.start(...words);
    expect(ran.code).toBe(1);
    expect(await snapshots()).toEqual(before);
    await nothingLeft();
    return oneLine(ran.stdout + ran.stderr);
  }

  test('a wrong password, one that does not answer, and one that is locked are told apart', async () => {
    await shell(host, 'umask 077; echo other > /root/other-password');
    const named = ['--repository', repository, '--password-file', '/root/other-password'];
    expect(await refused('backup', 'create', ...named)).toContain(
      'The password does not open the repository',
    );
    expect(await refused('backup', 'verify', 'restic:latest', ...named)).toContain(
      'The password does not open the repository',
    );
    // Nothing of it was remembered.
    expectExit(await operator.start('backup', 'list'), 0);

    const nowhere = ['--repository', 'sftp:backups@127.0.0.1:studio', '--password-file', passwordFile];
    expect(await refused('backup', 'create', ...nowhere)).toContain('could not be reached');

    // A machine of another name, whose program was killed while it had the repository for itself.
    await shell(
      host,
      `export RESTIC_REPOSITORY=${repository} RESTIC_PASSWORD_FILE=${passwordFile}
      unshare --uts sh -c 'hostname elsewhere; timeout -s KILL 5 restic check --read-data --limit-download 20 || true'`,
    );
    expect(await refused('backup', 'create')).toContain('is locked: another program works on it');
    await shell(
      host,
      `export RESTIC_REPOSITORY=${repository} RESTIC_PASSWORD_FILE=${passwordFile}; restic unlock --remove-all`,
    );
  });

  test('a backup that is cut is named as that', async () => {
    await shell(
      host,
      `export RESTIC_REPOSITORY=${repository} RESTIC_PASSWORD_FILE=${passwordFile}
      restic --no-lock dump latest /blender-studio.tar | head -c 200000 |
        restic backup --quiet --stdin --stdin-filename blender-studio.tar --tag studio-setup --host studio.example.org`,
    );
    expect(await refused('backup', 'verify')).toContain('is cut or altered');
    await shell(
      host,
      `export RESTIC_REPOSITORY=${repository} RESTIC_PASSWORD_FILE=${passwordFile}
      restic forget latest`,
    );
    expect(await refused('backup', 'verify', 'restic:0123456789')).toContain('has no backup 0123456789');
  });
});

describe('restore on another server', () => {
  test('database, settings, administrator, search and the way to the code are as they were', async () => {
    // The way to the code of a site whose repository is private.
    await shell(host, 'install -d -o www-data -g www-data -m 700 /var/www/.ssh');
    await shell(
      host,
      'su www-data -s /bin/sh -c "ssh-keygen -q -t ed25519 -N \'\' -f /var/www/.ssh/id_ed25519"',
    );
    // Nothing writes into the database any more.
    await shell(host, 'systemctl stop studio studio-background "studio-*.timer"');
    // The two search keys follow from random numbers of a data folder too, which is a new one.
    const sums = () =>
      shell(host, `grep -v '^MEILISEARCH_P' ${settings} | sha256sum; sha256sum /var/www/.ssh/id_ed25519`);
    const before = { tables: await tables(host), sums: await sums() };
    expectExit(await operator.start('backup', 'create'), 0);
    const key = await shell(host, 'base64 --wrap=0 /root/.ssh/id_ed25519');

    await host.restore('bare');
    await installProduct(host, () => {});
    await trusted();
    await host.write('/root/.ssh/id_ed25519', Buffer.from(key, 'base64'), { mode: '600' });
    await host.write(passwordFile, `${password}\n`, { mode: '600' });
    await host.write(answersFile, '{}\n');
    for (const command of await commands(restores)) await typed(command);

    expect(await sums()).toBe(before.sums);
    expectSameTables(await tables(host), before.tables);
    expect(await adminPage(host, await loggedIn(host))).toBe('200');
    await wholeSearch(host, '0.25.2');
    expect(await shell(host, `ls -d ${inTheOpen} 2>/dev/null || true`)).toBe('');
    expect(
      namesIn(
        await shell(host, 'cat /var/log/studio-setup/*'),
        givenAway([{ id: 'repository', value: password }]),
      ),
    ).toEqual([]);
  });
});
