import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loggedInBy } from '../install/logins.ts';
import { must, oneLine, Run, shell } from '../install/operator.ts';
import { commandsOf } from '../install/page.ts';
import { wholeSearch } from '../install/rotation.ts';
import { expectSameTables, tables } from '../install/tables.ts';
import { underTrickle } from '../install/trickle.ts';
import { answersFile, type Planted, writeAnswers } from '../rehearsal/answers.ts';
import { expectExit, Operator, records } from '../rehearsal/operator.ts';
import { installProduct } from '../rehearsal/product.ts';
import { Proof } from '../rehearsal/proof.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts';

const NAMES = ['studio.example.org', 'www.studio.example.org'];
const passwordFile = '/root/repository-password';
const media = '/var/www/blender-studio/public/media';
const settings = '/var/www/blender-studio/studio/settings.py';

/** What a site has that was in use for a while. */
const CONTENT = `
from datetime import timedelta
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from blog.models import Post
from films.models import Film
from subscriptions.models import Subscription
User = get_user_model()
for number in range(40):
    user = User.objects.create_user(f'member{number}', f'member{number}@example.org', 'a-password-of-a-member')
    Subscription.objects.create(user=user, next_payment=timezone.now() + timedelta(days=30 + number))
for number in range(25):
    Post.objects.create(title=f'Letter {number} à la carte', slug=f'letter-{number}', content='ünïcödé\\n' * 40)
film = Film.objects.create(title='The Snow Plough', slug='snow-plough', description='Two brothers and a mountain pass.')
LogEntry.objects.log_action(User.objects.filter(is_superuser=True).first().pk,
    ContentType.objects.get_for_model(Film).pk, film.pk, str(film), ADDITION)
`;

// Two hosts at the same time, each at an address of its own; the repository is on a third machine, by SFTP.
let old: Rehearsal;
let fresh: Rehearsal;
let administrator: Planted | undefined;

const pointTo = async ({ machine: { address, address6 } }: Rehearsal) => {
  for (const name of NAMES) await old.dns.set(name, { a: [address], aaaa: [address6] });
};

/** Root's own key, which the machine of the repository lets in. */
async function letIn(host: Rehearsal): Promise<void> {
  await shell(host, "install -d -m 700 /root/.ssh; ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/id_ed25519");
  await host.write('/root/.ssh/known_hosts', `${await host.internet.git.hostKey()}\n`);
  await host.internet.backups.admitKey(await host.read('/root/.ssh/id_ed25519.pub'));
  await host.write(passwordFile, 'the-same-on-both-servers\n', { mode: '600' });
}

/** Files, with their owners and modes, that a site has of its own. */
const ownFiles = (host: Rehearsal) =>
  shell(
    host,
    `cd ${media}; find . -type f -print0 | sort -z | xargs -0 sha256sum; find . -printf '%p %m %u:%g\\n' | sort
    grep -v '^MEILISEARCH_P' ${settings} | sha256sum; cat /etc/blender-studio/meilisearch.env | sha256sum
    cat /etc/letsencrypt/live/studio.example.org/privkey.pem | sha256sum`,
  );

beforeAll(async () => {
  old = await startRehearsal({ report: () => {} });
  fresh = await old.another();
  await pointTo(old);
  const planted = await writeAnswers(old, { integrations: 'skipped' });
  administrator = planted.find(({ id }) => id === 'admin.password');
  for (const host of [old, fresh]) await installProduct(host, () => {});
  await new Operator(old).run();
  await must(
    old,
    [
      'sh',
      '-c',
      'cd /var/www/blender-studio && /var/www/venv/bin/python manage.py shell -c "$1"',
      'sh',
      CONTENT,
    ],
    { user: 'www-data' },
  );
  await shell(
    old,
    `su www-data -s /bin/sh -c 'umask 027; mkdir -p ${media}/films/snow-plough
      head -c 20000000 /dev/urandom > ${media}/films/snow-plough/trailer.mp4
      echo still > "${media}/films/a still, ünïcödé.png"'`,
  );
  await fresh.write(answersFile, '{}\n');
  for (const host of [old, fresh]) await letIn(host);
});
afterAll(() => old?.stop());

test('the hosts of this rehearsal are two', async () => {
  const who = (host: Rehearsal) =>
    Promise.all(
      [
        'cat /etc/machine-id',
        'hostname',
        'cat /root/.ssh/id_ed25519.pub',
        'ip -oneline address show scope global | grep -o "inet6\\? [^ ]*"',
      ].map((question) => shell(host, question)),
    );
  const [one, other] = await Promise.all([old, fresh].map(who));
  expect(one).toHaveLength(4);
  one?.forEach((answer, index) => {
    expect(answer).not.toBe('');
    expect(answer).not.toBe(other?.[index]);
  });
  // Each has the other's way of a visitor.
  expect(await must(fresh, ['curl', '-sS', 'https://studio.example.org/'])).toContain('The Snow Plough');
});

/** What writes, or looks after the site, by itself. */
const WRITERS = [
  'studio.service',
  'studio-background.service',
  'studio-clock-tick.timer',
  'studio-background-restart.timer',
  'studio-setup-backup.timer',
];

const states = async (host: Rehearsal, what: 'is-active' | 'is-enabled', more: readonly string[]) =>
  (await host.exec(['systemctl', what, ...WRITERS, ...more])).stdout.trim().split('\n');

async function nothingRuns(host: Rehearsal, ...more: readonly string[]): Promise<void> {
  for (const state of await states(host, 'is-active', more)) expect(state).not.toBe('active');
  for (const state of await states(host, 'is-enabled', more)) expect(state).not.toBe('enabled');
}

async function everythingRuns(host: Rehearsal): Promise<void> {
  const more = ['meilisearch.service'];
  expect(new Set(await states(host, 'is-active', more))).toEqual(new Set(['active']));
  expect(new Set(await states(host, 'is-enabled', more))).toEqual(new Set(['enabled']));
}

/** What somebody gets whose DNS has this server, whatever DNS has now. */
async function visited({ machine, internet }: Rehearsal): Promise<string> {
  const to = ['--resolve', `studio.example.org:443:${machine.address}`, '--output', '/dev/null'];
  const format = ['--write-out', '%{http_code} %header{retry-after}'];
  return (await internet.curl(...to, ...format, 'https://studio.example.org/')).stdout.trim();
}

const start = (host: Rehearsal, ...words: readonly string[]) => new Operator(host).start(...words);

async function refused(host: Rehearsal, ...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await start(host, ...words);
  expect(code, stdout).toBe(1);
  return oneLine(stdout + stderr);
}

/** Of the page, on the server that it is for. */
const command = async (begins: string) =>
  (await commandsOf('moving.md'))
    .find((line) => line.startsWith(begins))
    ?.split(' ')
    .slice(1) ?? [];

describe('before anything is changed', () => {
  test('it is said what is missing', async () => {
    expect(await refused(old, 'move')).toContain('It is not known where the last backup goes');
    expect(await refused(old, 'move', 'rest')).toContain('The site of this server was not moved');
    expect(await refused(fresh, 'move', 'finish')).toContain('There is no site on this server');
    expectExit(await start(old, 'move', '--anyway'), 2);
    expect(await visited(old)).toBe('200');
  });

  test('with backups by themselves in a repository, the last one has only what is new', async () => {
    await old.write(
      '/root/backup.yaml',
      `backup:\n  destination: repository\n  repository: ${old.internet.backups.repository}\n  password: { file: ${passwordFile} }\n`,
    );
    const enabled = await old.exec([
      'studio-setup',
      'backup',
      'enable',
      '--answers',
      '/root/backup.yaml',
      '--yes',
    ]);
    expect(enabled.code, enabled.stdout + enabled.stderr).toBe(0);
    await everythingRuns(old);
  });
});

describe('a move, with visitors all the while', () => {
  test('they get the site or the maintenance page, and the new server has all', async () => {
    const { seen } = await underTrickle(old, wholeMove, { perSecond: 2 });
    expect(seen.asked).toBeGreaterThan(100);
    expect(seen.failed.length).toBeLessThan(seen.asked);
    expect(seen.failed.filter((each) => !each.endsWith(': HTTP 503'))).toEqual([]);
  });
});

async function wholeMove(): Promise<void> {
  const moved = await start(old, ...(await command('studio-setup move')));
  expectExit(moved, 0);
  await nothingRuns(old);
  expect(await visited(old)).toBe('503 3600');
  const before = { tables: await tables(old), files: await ownFiles(old) };

  // Again, it changes nothing, and says the same; what would start the site is refused.
  const again = await start(old, 'move', '--json');
  expectExit(again, 0);
  expect(records(again).filter(({ type }) => type === 'change' || type === 'run-started')).toEqual([]);
  for (const words of [
    ['run'],
    ['update'],
    ['restart', 'studio'],
    ['maintenance', 'off'],
    ['move', 'finish'],
  ])
    expect(await refused(old, ...words)).toMatch(/was moved to another one, with the backup of .*move back/);
  expect(await refused(old, 'move', 'rest')).toContain(
    `studio.example.org points to ${old.machine.address}, which is this server`,
  );

  const line = /^ *studio-setup (restore restic:\S+ --repository \S+ --password-file) FILE$/m.exec(
    moved.stdout,
  );
  expect(moved.stdout).toContain('studio-setup move finish');
  for (const name of NAMES) expect(moved.stdout).toContain(`${name}  AAAA  ${old.machine.address6} →`);
  const restored = await start(fresh, ...(line?.[1] ?? '').split(' '), passwordFile);
  // Its names lead to the old server still, and it says so.
  expectExit(restored, 3);
  for (const name of NAMES) {
    expect(restored.stdout).toContain(`${name}  A  ${old.machine.address} → ${fresh.machine.address}`);
    expect(restored.stdout).toContain(`${name}  AAAA  ${old.machine.address6} → ${fresh.machine.address6}`);
  }
  // The old one was not asked for anything meanwhile, its search for one.
  const asked = `grep -c '^${fresh.machine.address} .*/s/' /var/log/nginx/access.log || true`;
  expect(await shell(old, asked)).toBe('0\n');

  expect(await ownFiles(fresh)).toBe(before.files);
  expectSameTables(await tables(fresh), before.tables);

  const finish = new Run(fresh, await command('studio-setup move finish'));
  const waits = (what: string) => finish.next((event) => JSON.stringify(event).includes(what));
  await waits(`  A  ${old.machine.address} `);
  for (const name of NAMES) await old.dns.set(name, { a: [fresh.machine.address] });
  // One family is not enough: whoever has both may come by the other.
  await waits('AAAA');
  expect(finish.child.exitCode).toBeNull();
  await pointTo(fresh);
  expect((await finish.ended).code, (await finish.ended).said).toBe(0);
  expect(await shell(fresh, 'cat /etc/hosts')).not.toContain('studio.example.org');

  expect(await loggedInBy(fresh, 'admin', 'another-password')).toContain('csrfmiddlewaretoken');
  expect(await loggedInBy(fresh, 'admin', administrator?.value ?? '')).toContain('The Snow Plough');
  await wholeSearch(fresh, '0.25.2');
  const proof = new Proof(fresh);
  await proof.https(NAMES);
  await proof.databasePage();
  await proof.renewal();
}

describe('the old server afterwards', () => {
  test('it is put to rest, and a reboot changes nothing', async () => {
    expectExit(await start(old, ...(await command('studio-setup move rest'))), 0);
    await nothingRuns(old, 'meilisearch.service');
    // One that is due, as certbot sees it.
    const configuration = '/etc/letsencrypt/renewal/studio.example.org.conf';
    await shell(old, `sed -i '1i renew_before_expiry = 36500 days' ${configuration}`);
    const renewed = await old.exec(['certbot', 'renew', '--no-random-sleep-on-renew']);
    expect(oneLine(renewed.stdout + renewed.stderr)).toContain('No renewals were attempted');
    expect(renewed.code).toBe(0);
    await shell(old, `sed -i 1d ${configuration}`);
    await old.reboot();
    await nothingRuns(old, 'meilisearch.service');
    expect(await visited(old)).toBe('503 3600');
    const again = await start(old, 'move', 'rest', '--json');
    expectExit(again, 0);
    expect(records(again).filter(({ type }) => type === 'change' || type === 'run-started')).toEqual([]);
    expect(
      oneLine(
        (await old.exec(['systemctl', '--failed', '--no-legend', 'studio*', 'meili*', 'cert*'])).stdout,
      ),
    ).toBe('');
    expect((await tables(old))['public.films_film']).toEqual((await tables(fresh))['public.films_film']);
  });

  test('it is woken up again only where the names lead to it', async () => {
    expect(await refused(old, 'move', 'back')).toContain(
      `studio.example.org points to ${fresh.machine.address}, which is another server`,
    );
    await pointTo(old);
    expectExit(await start(old, 'move', 'back'), 0);
    await everythingRuns(old);
    expectExit(await start(old, 'doctor', '--json'), 0);
    await wholeSearch(old, '0.25.2');
    expect(await visited(old)).toBe('200');
    expectExit(await start(old, 'move', 'back'), 0);
    expectExit(await start(old, 'run', '--json'), 0);
  });
});

/**
 * Kills a command after an operation that changed something, another one at each start, until it comes to its end. Short ones may be
 * over together when the kill comes. @returns how often
 */
async function killedAfterEach(...words: readonly string[]): Promise<number> {
  const done = new Set<string>();
  for (;;) {
    const run = new Run(old, words);
    const event = await run.next(
      (each) => each.type === 'operation-finished' && each.outcome === 'changed' && !done.has(each.operation),
    );
    if (event?.type !== 'operation-finished') {
      const { code, said } = await run.ended;
      expect(code, said).toBe(0);
      return done.size;
    }
    done.add(event.operation);
    await old.signal(run.child, 'SIGKILL').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ESRCH') throw error;
    });
    await run.ended;
    expect(await visited(old), event.operation).toMatch(/^(200|503 3600)$/);
  }
}

describe('kill -9 after each operation, and the same command again', () => {
  test('it comes to the new state', async () => {
    const before = await tables(old);
    const kills = { move: await killedAfterEach('move'), rest: 0, back: 0 };
    await nothingRuns(old);
    expectSameTables(await tables(old), before);
    expect(oneLine((await start(old, 'move')).stdout)).toMatch(/studio-setup restore restic:/);
    kills.rest = await killedAfterEach('move', 'rest', '--anyway');
    await nothingRuns(old, 'meilisearch.service');
    kills.back = await killedAfterEach(...(await command('studio-setup move back')));
    await everythingRuns(old);
    expect(await visited(old)).toBe('200');
    expect(kills.move).toBeGreaterThan(12);
    expect(kills.rest).toBeGreaterThan(1);
    expect(kills.back).toBeGreaterThan(8);
    const left = await shell(old, 'ls /etc/blender-studio; ls -d /var/backups/studio-setup/backup || true');
    expect(left).not.toMatch(/pending|moved|\/backup/);
    expectExit(await start(old, 'run', '--json'), 0);
  });
});

describe('a step that fails', () => {
  test('brings the old state back', async () => {
    await old.internet.pause('git.example.test');
    expect(await refused(old, 'move')).toContain('could not be reached');
    expect(await visited(old)).toBe('200');
    await old.internet.resume('git.example.test');
    const run = new Run(old, ['move']);
    await run.next((event) => event.type === 'operation-finished' && event.operation === 'move/page-served');
    await old.internet.pause('git.example.test');
    const { code } = await run.ended;
    await old.internet.resume('git.example.test');
    expect(code).toBe(1);
    await everythingRuns(old);
    expect(await visited(old)).toBe('200');
    expect(await shell(old, 'ls /etc/blender-studio')).not.toMatch(/pending|moved/);
  });
});
