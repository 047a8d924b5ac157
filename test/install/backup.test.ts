import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answersFile } from '../rehearsal/answers.ts';
import { BARE, installedHost } from '../rehearsal/installed.ts';
import { expectExit, type Operator, records } from '../rehearsal/operator.ts';
import { installProduct } from '../rehearsal/product.ts';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import { killAt } from './interruptions.ts';
import { adminPage, loggedIn } from './logins.ts';
import { oneLine, shell } from './operator.ts';
import { commandsOf } from './page.ts';
import { rotated, wholeSearch } from './rotation.ts';
import { givenAway, namesIn, watchProcesses } from './secrets.ts';

const folder = '/var/backups/blender-studio';
const inTheOpen = '/var/backups/studio-setup/backup';
const media = '/var/www/blender-studio/public/media';

// One host, and one installation on it: the tests are stations of its life, in this order.
let host: Rehearsal;
let operator: Operator;
let recipient = 'age1…';

beforeAll(async () => {
  ({ host, operator } = await installedHost('generated'));
  // The operator's own computer, where the key is made.
  await shell(host, 'apt-get update -q && apt-get install -y -q --no-install-recommends age');
});
afterAll(() => host?.powerOff());

const archives = async () => (await shell(host, `ls ${folder}`)).split('\n').filter(Boolean);
/** Without what a killed backup left of one. */
const wholeArchives = async () => (await archives()).filter((name) => name.endsWith('.tar.age'));
const databases = () =>
  shell(host, 'su postgres -c "psql -tAc \'SELECT datname FROM pg_database ORDER BY 1\'"');

/** Nothing stands in the open, no trial is left, and no archive is half there. */
async function nothingLeft(): Promise<void> {
  expect(await shell(host, `ls -d ${inTheOpen} 2>/dev/null || true`)).toBe('');
  expect(await databases()).not.toContain('studio_setup_trial');
  expect(await archives()).toEqual(await wholeArchives());
}

describe('docs/backup.md', () => {
  test('every command in it works, in its order', async () => {
    for (const command of await commandsOf('backup.md')) {
      const { code, stdout, stderr } = await host.exec([
        'sh',
        '-c',
        `cd /root\n${command.replace('age1…', recipient)}`,
      ]);
      expect(code, `${command}\n${stdout.slice(-3000)}\n${stderr}`).toBe(0);
      if (command.startsWith('age-keygen'))
        recipient = (await shell(host, 'age-keygen -y /root/studio-backup.txt')).trim();
    }
    expect(await shell(host, 'cat /etc/blender-studio/backup-recipients')).toContain(recipient);
    // Of one day the newest stays, once they are made by themselves.
    expect(await archives()).toHaveLength(1);
    expect((await shell(host, `stat -c '%a %U' ${folder} ${folder}/* /srv/backups`)).trim()).toBe(
      '700 root\n600 root\n700 root',
    );
    await shell(host, 'studio-setup backup disable --yes');
    await nothingLeft();
  });
});

describe('backup create', () => {
  test('has all of it, shows no secret, and a trial restores it; the site goes on', async () => {
    await shell(
      host,
      `install -d -o www-data -g www-data ${media} ${media}/deep
      su www-data -s /bin/sh -c "head -c 300000 /dev/urandom > '${media}/deep/a clip.mp4'; ln -s /etc/shadow ${media}/planted"`,
    );
    const now = await rotated(host);
    const secrets = givenAway(
      Object.entries(now)
        .filter(([id]) => id !== 'public')
        .map(([id, value]) => ({ id, value })),
    );
    const watch = await watchProcesses(host, secrets);
    const made = await operator.start('backup', 'create', '--to', folder, '--json');
    const { shown } = await watch.stop();
    expectExit(made, 0);
    expect(shown.filter(({ group }) => group !== 'meilisearch.service')).toEqual([]);
    expect(namesIn(`${made.stdout}\n${made.stderr}`, secrets)).toEqual([]);
    const archive = records(made).find(({ type }) => type === 'backup')?.archive;
    expect(namesIn(await shell(host, 'cat /var/log/studio-setup/*'), secrets)).toEqual([]);

    const listed = await shell(
      host,
      `rm -rf /root/open; mkdir /root/open; cd /root/open
      age --decrypt --identity /root/studio-backup.txt ${archive} | tar --extract --ignore-zeros --skip-old-files
      cmp files/var/www/blender-studio/studio/settings.py /var/www/blender-studio/studio/settings.py
      cmp files/etc/blender-studio/meilisearch.env /etc/blender-studio/meilisearch.env
      cmp "files${media}/deep/a clip.mp4" "${media}/deep/a clip.mp4"
      test -L files${media}/planted
      cmp files/etc/letsencrypt/archive/studio.example.org/privkey1.pem /etc/letsencrypt/archive/studio.example.org/privkey1.pem
      find files/etc/letsencrypt/accounts -name private_key.json | wc -l
      cat manifest.json; rm -rf /root/open`,
    );
    expect(listed).toMatch(/^[1-9]\d*\n/);
    const manifest = JSON.parse(listed.slice(listed.indexOf('{')));
    expect(manifest).toMatchObject({ format: 1, domain: 'studio.example.org' });
    expect(manifest.database.tables.length).toBeGreaterThan(5);
    expect(manifest.site.commit).toMatch(/^[\da-f]{40}$/);

    const proved = await operator.start(
      'backup',
      'verify',
      '--identity',
      '/root/studio-backup.txt',
      '--json',
    );
    expectExit(proved, 0);
    expect(records(proved).find(({ type }) => type === 'backup')).toMatchObject({
      archive,
      restored: expect.stringMatching(/^\d{4}-/),
    });
    await nothingLeft();
    // Nobody edited anything on this host.
    expect(manifest.edited).toEqual([]);
    await shell(host, `rm ${media}/planted`);
  });

  test('killed at any step, it leaves no archive by half, and the next one nothing of it', async () => {
    for (const operation of ['backup/database', 'backup/manifest', 'backup/archive']) {
      const before = await wholeArchives();
      const { point } = await killAt(host, [{ operation, within: 400 }], ['backup', 'create']);
      expect(point?.operation).toBe(operation);
      const after = await wholeArchives();
      expect(after.slice(0, before.length)).toEqual(before);
    }
    expectExit(await operator.start('backup', 'create'), 0);
    await nothingLeft();
  });

  test('a folder that others can write to, and a missing key, are said before anything is written', async () => {
    const before = await archives();
    const open = await operator.start('backup', 'create', '--to', '/tmp');
    expect(open.code).toBe(1);
    expect(oneLine(open.stdout + open.stderr)).toContain(
      "Archives can't go to /tmp: root would write there, and every account can write to /tmp",
    );
    const secret = await operator.start('backup', 'create', '--recipient', 'AGE-SECRET-KEY-1SAMPLE');
    expect(secret.code).toBe(2);
    expect(secret.stdout + secret.stderr).not.toContain('1SAMPLE');
    expect(await archives()).toEqual(before);
  });
});

describe('backup verify', () => {
  /** @returns what it says of an archive that was made into another one */
  async function verified(change: string, identity = '/root/studio-backup.txt'): Promise<string> {
    const newest = (await archives()).at(-1);
    await shell(host, `cp ${folder}/${newest} /root/other.tar.age; cd /root; ${change}`);
    const ran = await operator.start('backup', 'verify', '/root/other.tar.age', '--identity', identity);
    expect(ran.code).toBe(1);
    await nothingLeft();
    return oneLine(ran.stdout + ran.stderr);
  }

  test.each([
    ['cut', 'truncate -s -5000 other.tar.age', 'is cut or altered'],
    ['cut in its beginning', 'truncate -s 100 other.tar.age', 'is no archive that age can read'],
    [
      'altered',
      "printf 'XXXX' | dd of=other.tar.age bs=1 seek=100000 conv=notrunc status=none",
      'is cut or altered',
    ],
    ['something else', 'echo hello > other.tar.age', 'is no archive that age can read'],
  ])('an archive that is %s is named as that', async (_, change, said) => {
    expect(await verified(change)).toContain(said);
  });

  test('another key, a newer format and a table that differs are told apart', async () => {
    await shell(host, 'age-keygen -o /root/other-key.txt');
    expect(await verified('true', '/root/other-key.txt')).toContain('does not open');
    const again = (edit: string) =>
      `mkdir -p again; age -d -i studio-backup.txt other.tar.age | tar -x -C again --ignore-zeros --skip-old-files
      sed -i '${edit}' again/manifest.json; tar -c -C again . | age -r ${recipient} -o other.tar.age; rm -rf again`;
    expect(await verified(again('s/"format": 1/"format": 2/'))).toContain('has format 2');
    expect(await verified(again('0,/"rows": [0-9]*/s//"rows": 4711/'))).toMatch(
      /does not hold what was backed up.*table \S+ has \d+ rows, and had 4711/,
    );
  });

  test('killed while the trial stands, the next start removes what was in the open, and drops the trial', async () => {
    const command = ['backup', 'verify', '--identity', '/root/studio-backup.txt'];
    await killAt(host, [{ operation: 'backup/trial', within: 600 }], command);
    expectExit(await operator.start(...command), 0);
    await nothingLeft();
  });
});

describe('docs/restoring.md', () => {
  const serial = () =>
    shell(host, 'openssl x509 -noout -serial -in /etc/letsencrypt/live/studio.example.org/fullchain.pem');
  const clip = () => shell(host, `sha256sum "${media}/deep/a clip.mp4"`);
  const key = '/root/studio-backup.txt';
  let before: { keys: unknown; serial: string; clip: string };

  beforeAll(async () => {
    before = { keys: await rotated(host), serial: await serial(), clip: await clip() };
    const newest = (await archives()).at(-1);
    const files = await Promise.all(
      [`${folder}/${newest}`, key].map((file) => shell(host, `base64 --wrap=0 ${file}`)),
    );
    await host.restore(BARE);
    await installProduct(host, () => {});
    const [archive = '', identity = ''] = files.map((each) => Buffer.from(each, 'base64'));
    await host.write('/root/studio.tar.age', archive);
    await host.write(key, identity, { mode: '600' });
    await host.write(answersFile, '{}\n');
  });

  test('an archive that is cut is said before anything of a site is made', async () => {
    await shell(host, 'head -c 100000 /root/studio.tar.age > /root/cut.tar.age');
    const ran = await operator.start('restore', '/root/cut.tar.age', '--identity', key);
    expect(ran.code).toBe(1);
    expect(oneLine(ran.stdout + ran.stderr)).toContain('is cut or altered');
    expect(await shell(host, 'ls -d /var/www/blender-studio /etc/letsencrypt 2>/dev/null || true')).toBe('');
  });

  test('killed while the data goes in, its command brings the site back as it was', async () => {
    const command = ['restore', '/root/studio.tar.age', '--identity', key];
    const { point } = await killAt(host, [{ operation: 'restore/database', within: 300 }], command);
    expect(point).toBeDefined();
    for (const line of await commandsOf('restoring.md')) {
      const { code, stdout, stderr } = await host.exec(['sh', '-c', `cd /root\n${line}`]);
      expect(code, `${stdout.slice(-4000)}\n${stderr}`).toBe(0);
    }
    const now = await rotated(host);
    // The two search keys follow from random numbers of a data folder too, which is a new one.
    const { public: _, private: __, ...kept } = before.keys as Awaited<ReturnType<typeof rotated>>;
    expect(now).toMatchObject(kept);
    expect({ serial: await serial(), clip: await clip() }).toEqual({
      serial: before.serial,
      clip: before.clip,
    });
    expect(await adminPage(host, await loggedIn(host))).toBe('200');
    await wholeSearch(host, '0.25.2');
    expect(await shell(host, `ls -d ${inTheOpen} 2>/dev/null || true`)).toBe('');
  });

  test('a server with another site is left alone', async () => {
    await shell(
      host,
      'su www-data -s /bin/sh -c "echo \'# edited\' >> /var/www/blender-studio/studio/settings.py"',
    );
    const ran = await operator.start('restore', '/root/studio.tar.age', '--identity', key);
    expect(ran.code).toBe(1);
    expect(oneLine(ran.stdout + ran.stderr)).toContain('There is a site on this server already');
  });
});
