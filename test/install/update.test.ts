import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { writeAnswers } from '../rehearsal/answers.ts';
import { expectExit, Operator, records } from '../rehearsal/operator.ts';
import { installProduct } from '../rehearsal/product.ts';
import { Proof } from '../rehearsal/proof.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts';
import { killAt, type Point } from './interruptions.ts';
import { must, oneLine, shell } from './operator.ts';
import { underTrickle } from './trickle.ts';

const site = '/var/www/blender-studio';
const kept = '/var/backups/blender-studio-releases';

// One host, and one installation on it: the tests are stations of its life, in this order.
let host: Rehearsal;
let operator: Operator;
let proof: Proof;
let views: string;
let models: string;
let lock: string;
/** The commit that serves. */
let now: string;

beforeAll(async () => {
  host = await startRehearsal({ report: () => {} });
  await writeAnswers(host, { integrations: 'skipped', secrets: 'generate' });
  await installProduct(host, () => {});
  operator = new Operator(host);
  proof = new Proof(host);
  await operator.run();
  const source = (file: string) => readFile(join(import.meta.dirname, '../rehearsal/site', file), 'utf8');
  views = await source('common/views.py');
  models = await source('films/models.py');
  lock = await source('poetry.lock');
  now = await head();
});
afterAll(() => host?.stop());

const head = async () =>
  (await must(host, ['sudo', '-u', 'www-data', 'git', '-C', site, 'rev-parse', 'HEAD'])).trim();
const branch = async () =>
  (
    await must(host, ['sudo', '-u', 'www-data', 'git', '-C', site, 'rev-parse', '--abbrev-ref', 'HEAD'])
  ).trim();
const page = async () => (await host.internet.curl('https://studio.example.org/')).stdout;
const tables = () =>
  shell(
    host,
    `sudo -u postgres psql --no-align --tuples-only studio --command "SELECT app || '.' || name FROM django_migrations WHERE app = 'films' ORDER BY id; SELECT column_name FROM information_schema.columns WHERE table_name = 'films_film' ORDER BY 1"`,
  );
const release = (name: string) => ({ 'studio/release.py': `NAME = 'production ${name}'\n` });

/** The site is at this commit in all its parts, with nothing left over, and a run has nothing to do. */
async function whole(commit: string, name?: string): Promise<void> {
  expect(await head()).toBe(commit);
  expect(await branch()).toBe('production');
  expect(await page()).toContain(name === undefined ? 'Release: production' : `Release: production ${name}`);
  expect(await must(host, ['sudo', '-u', 'www-data', 'git', '-C', site, 'status', '--porcelain'])).toBe('');
  expect(
    await shell(
      host,
      'ls -d /var/www/blender-studio.update /etc/blender-studio/update.pending 2>/dev/null || true',
    ),
  ).toBe('');
  await proof.https();
  await proof.databasePage();
  await proof.staticFile();
  await proof.search();
  console.log(await operator.runAgain(proof));
}

const migration = (number: string, name: string, before: string, operations: string) => ({
  [`films/migrations/${number}_${name}.py`]: `from django.db import migrations, models


def fill(apps, schema_editor):
    pass


def fail(apps, schema_editor):
    raise RuntimeError('this migration fails')


class Migration(migrations.Migration):
    dependencies = [('films', '${before}')]
    operations = [${operations}]
`,
});
const length = "migrations.AddField('Film', 'length', models.IntegerField(null=True))";
const withLength = () =>
  models.replace('    class Meta:', '    length = models.IntegerField(null=True)\n\n    class Meta:');

test('nothing to fetch: already up to date', async () => {
  const ran = await operator.start('update');
  expect(ran.code, ran.stderr).toBe(0);
  expect(ran.stdout).toContain('Already up to date.');
  await whole(now);
});

describe('new code, without migrations', () => {
  let second: string;

  test('--check shows what comes, and changes nothing', async () => {
    second = await host.internet.git.commit('Say which release this is', {
      ...release('2'),
      'common/static/common/new.css': 'body { color: black }\n',
    });
    const ran = await operator.start('update', '--check');
    expect(ran.code, ran.stderr).toBe(3);
    const said = oneLine(ran.stdout);
    expect(said).toContain('1 new commit');
    expect(said).toContain('Say which release this is');
    expect(said).toContain('No migrations come with it.');
    await whole(now);
  });

  test('a changed file is named, and stays', async () => {
    await shell(host, `echo '# mine' >> ${site}/manage.py`);
    const ran = await operator.start('update');
    expect(ran.code).toBe(1);
    expect(oneLine(ran.stderr)).toMatch(/changes that are in no commit: manage\.py\. Nothing was changed\./);
    expect(await shell(host, `tail -n 1 ${site}/manage.py`)).toBe('# mine\n');
    await must(host, ['sudo', '-u', 'www-data', 'git', '-C', site, 'checkout', 'manage.py']);
  });

  test('none of 300 requests fails', async () => {
    const { result, seen, words } = await underTrickle(host, async () => {
      const started = performance.now();
      const ran = await operator.start('update', '--json');
      await sleep(Math.max(3000, 32_000 - (performance.now() - started)));
      return ran;
    });
    console.log(`update: ${result.seconds.toFixed(1)} s; ${words}`);
    expectExit(result, 0);
    now = second;
    expect(records(result)).toContainEqual(
      expect.objectContaining({ type: 'procedure-finished', procedure: 'update', state: 'new' }),
    );
    expect(seen.asked).toBeGreaterThanOrEqual(300);
    expect(seen.failed).toEqual([]);
    const restarts = records(result).find(({ type }) => type === 'run-finished')?.restarts;
    expect(restarts).toEqual(['studio.service', 'studio-background.service']);
    await whole(second, '2');
    expect(await host.internet.curl('https://studio.example.org/static/common/new.css')).toMatchObject({
      stdout: 'body { color: black }\n',
    });
    expect(await shell(host, `stat --format '%a %U' ${kept} ${kept}/*/database.dump`)).toMatch(
      /^700 root\n600 root\n$/,
    );
  });
});

describe('when it fails, the old release serves again by itself', () => {
  const rows: readonly (readonly [string, () => Record<string, string>, RegExp])[] = [
    [
      'a page that returns 500',
      () => ({
        'common/views.py': views.replace(
          'def home(request):',
          'def home(request):\n    raise RuntimeError()\n\n\ndef other(request):',
        ),
      }),
      /HTTP 500/,
    ],
    [
      'a migration that fails, behind one that does not',
      () => ({
        'films/models.py': withLength(),
        ...migration('0002', 'length', '0001_initial', length),
        ...migration('0003', 'fails', '0002_length', 'migrations.RunPython(fail, fill)'),
      }),
      /this migration fails/,
    ],
    [
      'an additive migration, and a page that returns 500',
      () => ({
        'films/models.py': withLength(),
        ...migration('0002', 'length', '0001_initial', length),
        'common/views.py': views.replace(
          'def home(request):',
          'def home(request):\n    raise RuntimeError()\n\n\ndef other(request):',
        ),
      }),
      /HTTP 500/,
    ],
    [
      'a migration without a way back, and a refusal',
      () => migration('0002', 'lasts', '0001_initial', 'migrations.RunPython(fill)'),
      /no way back: films\.0002_lasts\..*--restore-database/,
    ],
    [
      'a dependency that does not install',
      () => ({
        'poetry.lock': lock.replace('name = "pytz"\nversion = "2026.6"', 'name = "pytz"\nversion = "2099.1"'),
      }),
      /./,
    ],
    [
      'settings that do not import',
      () => ({ 'studio/settings_common.py': 'import nothing_of_that_name\n' }),
      /nothing_of_that_name/,
    ],
  ];

  // Each begins at what serves.
  beforeEach(() => host.internet.git.run('blender-studio.git', ['update-ref', 'refs/heads/bad', now]));

  test.each(rows)('%s', async (title, files, words) => {
    const before = await tables();
    await host.internet.git.commit(title, { ...release('bad'), ...files() }, 'bad');
    const ran = await operator.start('update', 'bad');
    expect(ran.code, ran.stdout).toBe(1);
    expect(oneLine(`${ran.stdout}${ran.stderr}`)).toMatch(words);
    expect(oneLine(ran.stdout)).toContain('as before.');
    expect(await tables()).toBe(before);
    await whole(now, '2');
  });

  test('a migration without a way back, with --restore-database: the dump comes back', async () => {
    const before = await tables();
    const drop = "migrations.RemoveField('Film', 'description'), migrations.RunPython(fill)";
    const rows = `sudo -u postgres psql --no-align --tuples-only studio --command 'SELECT * FROM films_film ORDER BY id'`;
    const films = await shell(host, rows);
    await host.internet.git.commit(
      'Drop',
      { ...migration('0002', 'drops', '0001_initial', drop), ...release('bad') },
      'bad',
    );
    const ran = await operator.start('update', 'bad', '--restore-database');
    expect(ran.code, ran.stdout).toBe(1);
    expect(oneLine(ran.stdout)).toMatch(/The database is put back from its dump/);
    expect(await tables()).toBe(before);
    expect(await shell(host, rows)).toBe(films);
    await whole(now, '2');
  });
});

describe('a new virtualenv and an additive migration', () => {
  let third: string;

  test('update, run, doctor', async () => {
    third = await host.internet.git.commit('Length', {
      ...release('3'),
      'films/models.py': withLength(),
      ...migration('0002', 'length', '0001_initial', length),
      'poetry.lock': `${lock}\n# another one\n`,
    });
    const { result, seen, words } = await underTrickle(host, () => operator.start('update'));
    console.log(`update with a virtualenv and a migration: ${result.seconds.toFixed(1)} s; ${words}`);
    expect(result.code, result.stdout + result.stderr).toBe(0);
    expect(seen.failed).toEqual([]);
    expect(await shell(host, 'readlink /var/www/venv')).toMatch(/^venv-[0-9a-f]{12}\n$/);
    expect(await tables()).toContain('films.0002_length');
    await whole(third, '3');
    console.log(await operator.doctor());
  });

  test('--rollback: commit, virtualenv and database of before; the newest again afterwards', async () => {
    const back = await operator.start('update', '--rollback');
    expect(back.code, back.stdout + back.stderr).toBe(0);
    expect(oneLine(back.stdout)).toMatch(/The database goes back too, to before films\.0002_length/);
    expect(await tables()).not.toContain('length');
    await whole(now, '2');
    const again = await operator.start('update');
    expect(again.code, again.stdout + again.stderr).toBe(0);
    await whole(third, '3');
    now = third;
  });
});

describe('killed with kill -9', () => {
  const points: readonly Point[] = [
    { operation: 'update/code', within: 400 },
    { operation: 'update/database', within: 400 },
    { operation: 'update/migrate', within: 300 },
    { operation: 'update/checkout', within: 20 },
    { operation: 'update/studio', within: 300 },
    { operation: 'update/static', within: 500 },
    { operation: 'update/proof', output: 'end', within: 0 },
  ];

  test('each start goes on; it ends at the new release, in full', async () => {
    const fourth = await host.internet.git.commit('Fourth', {
      ...release('4'),
      'films/models.py': withLength().replace(
        'length =',
        'width = models.IntegerField(null=True)\n    length =',
      ),
      ...migration('0003', 'width', '0002_length', length.replace('length', 'width')),
    });
    for (const [index, point] of points.entries()) {
      const killed = await killAt(host, [point], index % 2 === 0 ? ['update'] : ['run']);
      expect(killed.point, killed.said).toBe(point);
    }
    const ran = await operator.start('update');
    expect(ran.code, ran.stdout + ran.stderr).toBe(0);
    await whole(fourth, '4');
    // The last three, whatever was tried.
    expect((await shell(host, `ls ${kept} | wc -l`)).trim()).toBe('3');
  });
});
