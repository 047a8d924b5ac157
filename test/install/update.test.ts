import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { expectExit, records } from '../rehearsal/operator.ts';
import { must, oneLine, shell } from './operator.ts';
import { underTrickle } from './trickle.ts';
import {
  bootSite,
  comesBack,
  host,
  kept,
  length,
  migration,
  operator,
  release,
  site,
  views,
  whole,
  withLength,
} from './updatable-site.ts';

/** The commit that serves. */
let now: string;
beforeAll(async () => {
  now = await bootSite();
});
afterAll(() => host?.powerOff());

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
  ];

  // Each begins at what serves.
  beforeEach(() => host.internet.git.run('blender-studio.git', ['update-ref', 'refs/heads/bad', now]));

  test.each(rows)('%s', (title, files, words) => comesBack(title, files(), words, now));
});
