import { describe, expect, it } from 'vitest';
import type { Observation, Operation } from '../../../src/engine/operation.ts';
import type { Host } from '../../../src/host/host.ts';
import type { Migrations } from '../../../src/procedures/update/database.ts';
import { aheadOf, backFrom, pageOff, pageOn } from '../../../src/procedures/update/page.ts';
import type { Release, Way } from '../../../src/procedures/update/state.ts';
import { MAINTENANCE, SETTINGS, STAGE, VENV, WWW } from '../../../src/site/layout.ts';
import { given } from '../../host/given.ts';

const NEW: Release = { commit: 'b'.repeat(40), branch: 'production', virtualenv: 'venv-0123456789ab' };
const OLD: Release = { ...NEW, commit: 'a'.repeat(40) };
const WAY: Way = { from: OLD, to: NEW, kept: 'x', applied: ['films.0001'], restore: false };
const NOTHING: Migrations = { planned: [], since: [], lasting: [], disruptive: [] };

interface Site {
  readonly staged?: boolean;
  /** What the staged code says; absent: it does not start. */
  readonly migrations?: Partial<Migrations>;
  readonly applied?: readonly string[];
  readonly page?: boolean;
}

function host({ staged = true, migrations, applied = ['films.0001'], page = false }: Site): Host {
  const answer = (value: unknown) => `\n@@${JSON.stringify(value)}\n`;
  return given({
    files: {
      [SETTINGS]: '',
      [`${VENV}/bin/python`]: '',
      [`${WWW}/${NEW.virtualenv}/bin/python`]: '',
      ...(staged ? { [`${STAGE}/manage.py`]: '' } : {}),
      ...(page ? { [MAINTENANCE]: 'server { }' } : {}),
    },
    programs: {
      [`${VENV}/bin/python`]: answer({ bytes: 1, applied, writes: {} }),
      [`${WWW}/${NEW.virtualenv}/bin/python`]:
        migrations === undefined ? { code: 1, stderr: 'SyntaxError' } : answer({ ...NOTHING, ...migrations }),
    },
  });
}

it.each([
  ['one that drops a column', { planned: ['films.0002'], disruptive: ['films.0002'] }, true],
  ['one that adds', { planned: ['films.0002'] }, false],
  ['none; one of before would', { disruptive: ['films.0001'] }, false],
])('ahead of the migrations: %s', async (_, migrations, due) => {
  expect(await aheadOf(NEW)(host({ migrations }))).toBe(due);
});

it('can not be told before the new code is there', async () => {
  expect(await aheadOf(NEW)(host({ staged: false }))).toMatchObject({
    later: expect.stringContaining('new code'),
  });
});

const more = ['films.0001', 'films.0002'];
it.each([
  ['the database is that of before', { migrations: {} }, false],
  ['one that adds is taken back', { applied: more, migrations: { since: ['films.0002'] } }, false],
  [
    'one that drops is taken back',
    { applied: more, migrations: { since: ['films.0002'], disruptive: ['films.0002'] } },
    true,
  ],
  [
    'one can not be, so the dump may come',
    { applied: more, migrations: { since: ['films.0002'], lasting: ['films.0002'] } },
    true,
  ],
  ['the code that knows them does not start', { applied: more }, true],
  ['that code is not there', { applied: more, staged: false }, true],
])('on the way back: %s', async (_, site, due) => {
  expect(await backFrom(WAY.applied, NEW)(host(site))).toBe(due);
});

it('a dump always takes the page', async () => {
  expect(await backFrom(WAY.applied)(host({ applied: more }))).toBe(true);
});

describe('what the operator decided', () => {
  const never = async () => {
    throw new TypeError('Nobody asks.');
  };

  it.each(['never', 'stays'] as const)('%s: it is not turned on', (page) => {
    expect(pageOn('update', { ...WAY, page }, never)).toEqual([]);
  });

  it('always: no migration is asked for', async () => {
    const [file] = pageOn('update', { ...WAY, page: 'always' }, never);
    // As far as it gets on a host without nginx.
    await expect(file?.observe(host({}))).rejects.toThrow(/no site with HTTPS/);
  });

  it('stays: it is not turned off', () => {
    expect(pageOff('update', { ...WAY, page: 'stays' }, 'studio.example.org')).toEqual([]);
  });
});

const seen = (operations: readonly Operation[], on: Host): Promise<readonly Observation[]> =>
  Promise.all(operations.map((each) => each.observe(on)));

it('nothing is turned off, and nginx not reloaded, where it never was on', async () => {
  expect(await seen(pageOff('update', WAY, 'studio.example.org'), host({}))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

it('it is not turned off before the site is proved behind it', async () => {
  const [behind, gone] = pageOff('update', WAY, 'studio.example.org');
  expect(behind?.id).toBe('update/behind');
  expect(await gone?.observe(host({ page: true }))).toMatchObject({ touches: [MAINTENANCE] });
});
