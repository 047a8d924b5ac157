import { afterAll, beforeAll, expect, test } from 'vitest';
import { killAt, type Point, points } from '../install/interruptions.ts';
import { adminPage, loggedIn } from '../install/logins.ts';
import { setUp, shell } from '../install/operator.ts';
import { rotated, wholeSearch } from '../install/rotation.ts';
import { answersFile, writeAnswers } from '../rehearsal/answers.ts';
import { expectExit, Operator } from '../rehearsal/operator.ts';
import { installProduct } from '../rehearsal/product.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts';

const archive = '/root/studio.tar.age';
const key = '/root/studio-backup.txt';
const command = ['restore', archive, '--identity', key];

/** What restore itself does, within and behind each; between them the sections do as they do in an installation. */
const own: readonly Point[] = ['restore/open', 'restore/files', 'restore/database'].flatMap(
  (operation): readonly Point[] => [
    { operation, within: 300 },
    { operation, output: 'end', within: 0 },
  ],
);
/** The certificate is that of the archive: none is issued. */
const ofSections = points.filter(({ operation }) => !operation.startsWith('certificate/'));

let host: Rehearsal;
let before: Awaited<ReturnType<typeof rotated>>;

const users = async () =>
  (await shell(host, 'su postgres -c "psql -tA studio -c \'SELECT count(*) FROM auth_user\'"')).trim();
let usersBefore = '';

beforeAll(async () => {
  host = await startRehearsal({ report: () => {} });
  await host.checkpoint('bare');
  await writeAnswers(host, { integrations: 'skipped', secrets: 'generate' });
  await installProduct(host, () => {});
  const operator = new Operator(host);
  await operator.run();
  await shell(
    host,
    `apt-get install -y -q --no-install-recommends age > /dev/null; umask 077; age-keygen -o ${key} 2> /dev/null`,
  );
  const recipient = (await shell(host, `age-keygen -y ${key}`)).trim();
  expectExit(await operator.start('backup', 'create', '--to', '/srv/backups', '--recipient', recipient), 0);
  [before, usersBefore] = [await rotated(host), await users()];
  const files = await Promise.all(
    ['$(ls /srv/backups/*.tar.age)', key].map((file) => shell(host, `base64 --wrap=0 ${file}`)),
  );
  const [made = '', identity = ''] = files.map((each) => Buffer.from(each, 'base64'));
  await host.restore('bare');
  await installProduct(host, () => {});
  await host.write(archive, made);
  await host.write(key, identity, { mode: '600' });
  await host.write(answersFile, '{}\n');
});
afterAll(() => host?.stop());

test('killed with kill -9 all through a restore, it resumes each time, and the site is as it was', {
  timeout: 20 * 60_000,
}, async () => {
  const killed: string[] = [];
  let left = [...own, ...ofSections];
  for (;;) {
    const end = await killAt(host, left, command);
    if (end.point === undefined) {
      expect(end.code, end.said).toBe(0);
      break;
    }
    expect(end.code, end.said).toBe(null);
    killed.push(`${end.point.operation} ${end.point.output ?? 'change'}`);
    left = left.filter((point) => point !== end.point);
    // What is in the open stands in a folder of root's own.
    expect(await shell(host, "find /tmp /var/tmp -name '*.dump' -o -name 'manifest.json'")).toBe('');
  }
  console.log(`${killed.length} kills: ${killed.join(', ')}`);
  expect(killed.length).toBeGreaterThanOrEqual(12);
  expect(killed.filter((each) => /^(backup|restore)\//.test(each)).length).toBeGreaterThanOrEqual(4);

  // The two search keys follow from random numbers of a data folder too, which is a new one.
  const { public: _, private: __, ...kept } = before;
  expect(await rotated(host)).toMatchObject(kept);
  expect(await users()).toBe(usersBefore);
  expect(await adminPage(host, await loggedIn(host))).toBe('200');
  await wholeSearch(host, '0.25.2');
  expect(await shell(host, 'ls -d /var/backups/studio-setup/backup 2>/dev/null || true')).toBe('');
  const { stdout } = await setUp(host);
  expect(stdout).toMatch(/0 changes, 0 restarts/);
});
