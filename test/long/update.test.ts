import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Interrupted, killAt, type Point } from '../install/interruptions.ts';
import { oneLine, shell } from '../install/operator.ts';
import { underTrickle } from '../install/trickle.ts';
import {
  bootSite,
  comesBack,
  common,
  host,
  kept,
  length,
  lock,
  migration,
  operator,
  release,
  tables,
  views,
  whole,
  withLength,
} from '../install/updatable-site.ts';
import { answersFile } from '../rehearsal/answers.ts';
import { Terminal } from '../wizard/terminal.ts';

const alteredAlone =
  "migrations.AlterField('Film', 'length', models.IntegerField(null=True, help_text='Minutes'))";

/** The commit that serves. */
let now: string;
beforeAll(async () => {
  now = await bootSite();
});
afterAll(() => host?.powerOff());

test('a first update', async () => {
  now = await host.internet.git.commit('Say which release this is', release('2'));
  const ran = await operator.start('update');
  expect(ran.code, ran.stdout + ran.stderr).toBe(0);
  await whole(now, '2');
});

describe('when it fails, the old release serves again by itself', () => {
  const rows: readonly (readonly [string, () => Record<string, string>, RegExp])[] = [
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
      'pages that all answer, and logins over plain HTTP: only the scorecard sees it',
      () => ({
        'studio/settings_common.py': `${common}\nimport os\nos.environ['OAUTHLIB_INSECURE_TRANSPORT'] = '1'\n`,
      }),
      /settings: .*OAUTHLIB_INSECURE_TRANSPORT is set/,
    ],
    [
      'settings that do not import',
      () => ({ 'studio/settings_common.py': 'import nothing_of_that_name\n' }),
      /nothing_of_that_name/,
    ],
  ];

  // Each begins at what serves.
  beforeEach(() => host.internet.git.run('blender-studio.git', ['update-ref', 'refs/heads/bad', now]));

  test.each(rows)('%s', (title, files, words) => comesBack(title, files(), words, now));

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
      // What is said of a field alone changes no table: that needs no maintenance page either.
      ...migration('0002', 'length', '0001_initial', `${length}, ${alteredAlone}`),
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
    const kills: Interrupted[] = [];
    let end: Interrupted;
    // By either command, as either finishes what was begun; one of the places may be behind it when it is started again.
    for (let left = points; ; left = left.filter((point) => point !== end.point)) {
      end = await killAt(host, left, kills.length % 2 === 0 ? ['update'] : ['run']);
      if (end.point === undefined) break;
      expect(end.code, end.said).toBe(null);
      kills.push(end);
    }
    expect(end.code, end.said).toBe(0);
    console.log(`killed at ${kills.map(({ point }) => point?.operation).join(', ')}`);
    expect(kills.length).toBeGreaterThanOrEqual(5);
    const ran = await operator.start('update');
    expect(ran.code, ran.stdout + ran.stderr).toBe(0);
    await whole(fourth, '4');
    now = fourth;
    // The last three, whatever was tried.
    expect((await shell(host, `ls ${kept} | wc -l`)).trim()).toBe('3');
  });
});

describe('a migration that drops what the old code uses', () => {
  const files = (name: string) => ({
    ...release(name),
    'films/models.py': withLength().replace(
      'length = models.IntegerField(null=True)',
      'width = models.IntegerField(null=True)',
    ),
    ...migration('0004', 'drop', '0003_width', "migrations.RemoveField('Film', 'length')"),
  });
  let before: string;
  let fifth: string;

  test('visitors get the site or the maintenance page, and nothing else', async () => {
    before = now;
    fifth = await host.internet.git.commit('Drop', files('5'));
    const { result, seen, words } = await underTrickle(host, () => operator.start('update'), {
      maintenance: true,
    });
    console.log(`update with a migration that drops a column: ${result.seconds.toFixed(1)} s; ${words}`);
    expect(result.code, result.stdout + result.stderr).toBe(0);
    expect(oneLine(result.stdout)).toMatch(
      /films\.0004_drop \(RemoveField\)\..*visitors get the maintenance page/,
    );
    expect(seen.failed).toEqual([]);
    expect(seen.maintenance).toBeGreaterThan(0);
    expect(await tables()).not.toMatch(/^length$/m);
    await whole(fifth, '5');
  });

  test('back again likewise', async () => {
    const { result, seen, words } = await underTrickle(host, () => operator.start('update', '--rollback'), {
      maintenance: true,
    });
    console.log(`back: ${words}`);
    expect(result.code, result.stdout + result.stderr).toBe(0);
    expect(seen.failed).toEqual([]);
    expect(seen.maintenance).toBeGreaterThan(0);
    expect(await tables()).toMatch(/^length$/m);
    await whole(before, '4');
  });

  test('one that fails after it likewise', async () => {
    await host.internet.git.run('blender-studio.git', ['update-ref', 'refs/heads/bad', before]);
    await host.internet.git.commit(
      'Bad',
      { ...files('bad'), 'common/views.py': views.replace('release.NAME', 'release.NAMED') },
      'bad',
    );
    const { result, seen, words } = await underTrickle(host, () => operator.start('update', 'bad'), {
      maintenance: true,
    });
    console.log(`failing: ${words}`);
    expect(result.code, result.stdout).toBe(1);
    expect(seen.failed).toEqual([]);
    await whole(before, '4');
  });

  test('killed with kill -9 around the page: the next start goes on', async () => {
    let left: readonly Point[] = [
      { operation: 'update/page', within: 30 },
      { operation: 'update/page-served', within: 100 },
      { operation: 'update/migrate', within: 300 },
      { operation: 'update/page-gone', within: 20 },
      { operation: 'update/site-served', within: 100 },
    ];
    let kills = 0;
    for (;;) {
      const end = await killAt(host, left, ['update']);
      if (end.point === undefined) {
        expect(end.code, end.said).toBe(0);
        break;
      }
      kills += 1;
      left = left.filter((point) => point !== end.point);
    }
    console.log(`killed ${kills} times`);
    expect(kills).toBeGreaterThanOrEqual(3);
    await whole(fifth, '5');
    now = fifth;
  });

  test('a page that the operator turned on stays on through it', async () => {
    await operator.start('maintenance', 'on');
    const back = await operator.start('update', '--rollback');
    expect(back.code, back.stdout + back.stderr).toBe(0);
    expect(oneLine(back.stdout)).toContain('The maintenance page is on, and stays on.');
    const page = await host.internet.curl('https://studio.example.org/');
    expect(page.stdout).toContain('Down for maintenance');
    const off = await operator.start('maintenance', 'off');
    expect(off.code, off.stdout).toBe(0);
    await whole(before, '4');
    now = before;
  });
});

describe('a migration without a way back that served for a while', () => {
  let before: string;
  let terminal: Terminal | undefined;
  afterAll(() => terminal?.close());

  async function open(what = '--rollback'): Promise<Terminal> {
    await terminal?.close();
    const enter = host.enterArgv({ env: { TERM: 'screen-256color' } });
    const argv = [...enter, 'studio-setup', '--answers', answersFile, 'update', what];
    terminal = await Terminal.open({ argv, env: { PATH: process.env.PATH ?? '' }, columns: 120, rows: 40 });
    terminal.patience = 300_000;
    return terminal;
  }

  test('unattended, the rollback is refused, and says how many rows would be lost', async () => {
    before = now;
    await host.internet.git.run('blender-studio.git', ['update-ref', 'refs/heads/lasting', before]);
    await host.internet.git.commit(
      'Lasts',
      { ...release('6'), ...migration('0004', 'lasts', '0003_width', 'migrations.RunPython(fill)') },
      'lasting',
    );
    const ran = await operator.start('update', 'lasting', '--restore-database');
    expect(ran.code, ran.stdout + ran.stderr).toBe(0);
    await shell(host, `sudo -u postgres psql studio --command 'UPDATE films_film SET title = title'`);
    const back = await operator.start('update', '--rollback');
    expect(back.code, back.stdout).not.toBe(0);
    expect(oneLine(back.stdout + back.stderr)).toMatch(
      /can't go back by its migrations: films\.0004_lasts.*PostgreSQL counted \d+ rows? written in \d+ tables?: .*films_film \d+.*--restore-database/,
    );
  });

  test('in a terminal it asks: a no changes nothing, a yes goes on to the review', async () => {
    const question = /Put the database back from the dump of \w+ \d+ \d\d:\d\d\?/;
    await (await open()).at(question, 'Enter');
    const refused = await terminal?.ended();
    expect(refused?.code).not.toBe(0);
    expect(oneLine(refused?.screen ?? '')).toMatch(
      /PostgreSQL counted \d+ rows? written .*Nothing was changed\./,
    );
    expect(await tables()).toContain('films.0004_lasts');
    await (await open()).at(question, 'y', 'Enter');
    await terminal?.at('Do it now?', 'Enter');
    expect(await terminal?.ended()).toMatchObject({ code: 0 });
    expect(await tables()).not.toContain('films.0004_lasts');
    await whole(before, '4');
  });

  test('an update that can neither be finished nor taken back asks for the dump', async () => {
    await host.internet.git.run('blender-studio.git', ['update-ref', 'refs/heads/stuck', before]);
    await host.internet.git.commit(
      'Stuck',
      {
        ...release('7'),
        ...migration('0004', 'stuck', '0003_width', 'migrations.RunPython(fill, fail)'),
        'studio/settings_common.py': `${common}\nimport os\nos.environ['OAUTHLIB_INSECURE_TRANSPORT'] = '1'\n`,
      },
      'stuck',
    );
    await (await open('stuck')).at('Do it now?', 'Enter');
    await terminal?.at(/Put the database back from the dump of/, 'y', 'Enter');
    expect(await terminal?.ended()).toMatchObject({ code: 1 });
    expect(await tables()).not.toContain('films.0004_stuck');
    await whole(before, '4');
  });
});
