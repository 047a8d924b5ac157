import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loggedInBy } from '../install/logins.ts';
import { must, oneLine, shell } from '../install/operator.ts';
import { wholeSearch } from '../install/rotation.ts';
import { expectSameTables, tables } from '../install/tables.ts';
import { answersFile, type Planted, writeAnswers } from '../rehearsal/answers.ts';
import { expectExit, Operator } from '../rehearsal/operator.ts';
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
let operator: Operator;
let repository: string[];
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
  operator = new Operator(old);
  await operator.run();
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
  for (const host of [old, fresh]) await letIn(host);
  repository = ['--repository', old.internet.backups.repository, '--password-file', passwordFile];
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

describe('restore on another server, from a repository by SFTP', () => {
  test('database, files, settings, administrator and search are as they were', async () => {
    await shell(old, 'systemctl stop studio studio-background "studio-*.timer"');
    const before = { tables: await tables(old), files: await ownFiles(old) };
    expectExit(await operator.start('backup', 'create', ...repository), 0);

    await fresh.write(answersFile, '{}\n');
    const restored = await new Operator(fresh).start('restore', 'restic:latest', ...repository);
    // Its names lead to the old server still, and it says so.
    expectExit(restored, 3);
    for (const [record, from, to] of [
      ['A', old.machine.address, fresh.machine.address],
      ['AAAA', old.machine.address6, fresh.machine.address6],
    ])
      for (const name of NAMES)
        expect(oneLine(restored.stdout)).toContain(`${name} ${record} ${from} → ${to}`);
    // The old one was not asked for anything meanwhile, its search for one.
    expect(
      await shell(old, `grep -c '^${fresh.machine.address} .*/s/' /var/log/nginx/access.log || true`),
    ).toBe('0\n');

    expect(await ownFiles(fresh)).toBe(before.files);
    expectSameTables(await tables(fresh), before.tables);

    await pointTo(fresh);
    expect(await loggedInBy(fresh, 'admin', 'another-password')).toContain('csrfmiddlewaretoken');
    expect(await loggedInBy(fresh, 'admin', administrator?.value ?? '')).toContain('The Snow Plough');
    await wholeSearch(fresh, '0.25.2');
    const proof = new Proof(fresh);
    await proof.https(NAMES);
    await proof.databasePage();
  });
});
