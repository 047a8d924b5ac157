import { describe, expect, it } from 'vitest';
import { siteFacts } from '../../../src/app/site-facts.ts';
import { irreversibleWords } from '../../../src/reporters/effects.ts';
import type { PlanEntry } from '../../../src/reporters/plan-view.ts';
import type { Key } from '../../../src/wizard/kit/key.ts';
import type { Size } from '../../../src/wizard/kit/line.ts';
import type { ReviewState } from '../../../src/wizard/screens/review/state.ts';
import { press } from '../../../src/wizard/shell/press.ts';
import type { Intent } from '../../../src/wizard/state/intent.ts';
import type { WizardState } from '../../../src/wizard/state/state.ts';
import {
  ANSWERS,
  answeredState,
  answersOf,
  change,
  frameFile,
  rowsOf,
  SIZES,
  SKIPPED,
  saidOf,
} from './frames.ts';

const packages = 'packages stay installed; what else uses them by now is not known';

/** Of a bare server. */
const review: ReviewState = {
  names: [],
  entries: [
    change('requirements/tools', { irreversible: packages, starts: ['certbot.timer'] }),
    change('requirements/services', { irreversible: packages, starts: ['nginx.service'] }),
    change('working-directory/clone', {
      kind: 'create',
      irreversible: 'the checkout stays: files may have been added to it since',
      departures: ['checkout'],
    }),
    change('settings/file', { kind: 'later', after: 'needs the checkout' }),
    change('uwsgi/service', { kind: 'later', after: 'needs the site', starts: ['studio.service'] }),
  ],
  departures: new Map(),
  problems: [],
  conflicts: [],
  excluded: new Set(),
  estimate: { ms: 36_200, measured: { ms: 36_200, processors: 2 } },
  site: siteFacts(answersOf(ANSWERS), SKIPPED),
  downloads: "212 MB of Debian packages, the site's repository, Meilisearch 0.25.2 (some 130 MB)",
  folded: new Set(),
  opened: new Set(),
  selected: 0,
};

const [, usual] = SIZES as readonly [Size, Size, Size];

function shown(size: Size, more: Partial<ReviewState> = {}): WizardState {
  return { ...answeredState(size), screen: 'review', review: { ...review, ...more } };
}

const enter: Key = { name: 'enter', text: '' };

describe('the review of a bare server', () => {
  it.each(SIZES)('in $columns by $rows: what the server will be, then the changes', async (size) => {
    await expect(`${rowsOf(shown(size)).join('\n')}\n`).toMatchFileSnapshot(frameFile('review', size));
  });

  it('is said in the same order', () => {
    const lines = saidOf(shown(usual));
    const at = (text: string) => lines.findIndex((line) => line.startsWith(text));
    const order = [
      'Apply all',
      'Address: https://studio',
      'Administrator: ada',
      'Not set up: Braintree, GeoIP',
    ];
    const places = [
      ...order,
      'Takes: about 36 s',
      'Downloads: 212 MB',
      "Can't be undone: ",
      'Requirements',
    ].map(at);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(places).not.toContain(-1);
  });

  it("tells once what can't be undone, and not in a color that warns", () => {
    const rows = rowsOf(shown({ columns: 120, rows: 40 }));
    expect(rows.filter((row) => row.includes("an't be undone"))).toHaveLength(1);
    const opened = rowsOf(shown({ columns: 120, rows: 40 }, { opened: new Set(['requirements/tools']) }));
    expect(opened.join('\n')).toContain(`Can't be undone: ${packages}`);
  });

  it('of an undo: each thing that stays on a line of its own, with why', () => {
    const stays = ['role studio', 'manage.py migrate'].map((what) => ({ what, why: 'not taken back' }));
    const task = {
      request: { kind: 'undo', run: '1' },
      title: 'Undo run 1',
      notices: [],
      irreversible: stays,
      mayKeep: true,
      nothing: '',
      sections: [],
      mayDoNothing: true,
    } as const;
    const rows = rowsOf(shown({ columns: 120, rows: 60 }, { task })).filter((row) => row.includes('Stays'));
    expect(rows.map((row) => row.trim().replaceAll(/ {2,}/g, ' '))).toEqual([
      'Stays role studio (not taken back)',
      'Stays manage.py migrate (not taken back)',
    ]);
  });

  it('promises no rest to undo where a change can not be undone at all', () => {
    const word = 'the old password is not kept';
    const only = change('administrator/account', { irreversible: word });
    expect(irreversibleWords([only])).toBe(`${word}.`);
    expect(irreversibleWords([only, change('nginx/site')])).toContain('also the database');
    expect(irreversibleWords([change('nginx/site')])).toBeUndefined();
  });

  it('names what failed its test and is gone on with, also one that fails only now', () => {
    const state = shown(usual);
    const message = 'git.example.org refused this server: Permission denied (publickey).\nMore.';
    const trials = new Map([['repository.url', { ok: false, message }]]);
    const warned = { ...state, answered: { ...state.answered, trials } };
    expect(rowsOf(state).join('\n')).not.toContain('failed its test');
    expect(rowsOf(warned).join('\n').replaceAll(/\s+/g, ' ')).toContain(
      '! Git repository failed its test: git.example.org refused this server: Permission denied (publickey).',
    );
    expect(saidOf(warned).join()).toContain('Git repository failed its test');
    const settings = { ...warned, review: { ...review, names: ['settings'] } };
    expect(rowsOf(settings).join('\n')).not.toContain('failed its test');
  });

  it.each<[string, Partial<PlanEntry>, boolean]>([
    ['starts a unit', { starts: ['studio.service'] }, true],
    ['restarts one', { restarts: ['studio.service'] }, true],
    ['stops one', { stops: ['studio.service'] }, false],
    ['deletes a file', { removes: ['/etc/systemd/system/studio.service'] }, false],
  ])('what %s: Enter alone agrees to no loss', (_, effect, yes) => {
    const entries = [change('nginx/site', effect)];
    const asked = press(shown(usual, { entries }), enter, () => {});
    expect([asked.screen, asked.confirm.yes]).toEqual(['confirm', yes]);
    const dispatched: Intent[] = [];
    press(asked, enter, (intent) => dispatched.push(intent));
    expect(dispatched).toEqual(yes ? [{ type: 'apply' }] : []);
    press(asked, { name: 'char', text: 'y' }, (intent) => dispatched.push(intent));
    expect(dispatched.at(-1)).toEqual({ type: 'apply' });
  });
});

describe('Enter in the review', () => {
  const rows = rowsOf(shown({ columns: 120, rows: 40 })).filter((row) => row !== '').length - 4;

  it.each(Array.from({ length: rows }, (_, index) => index))(
    'on line %i never starts the run',
    (selected) => {
      const dispatched: Intent[] = [];
      const after = press(shown(usual, { selected }), enter, (intent) => dispatched.push(intent));
      expect(dispatched).toEqual([]);
      // The first line leads to the one question before a run; no other does.
      expect(after.screen).toBe(selected === 0 ? 'confirm' : 'review');
    },
  );

  it('on what is only said says how to go on', () => {
    expect(press(shown(usual, { selected: 1 }), enter, () => {}).notice).toContain(
      'Press a to apply all changes',
    );
    expect(rowsOf(shown(usual, { selected: 1 })).at(-1)).not.toContain('Enter');
  });
});

describe('the question before a run', () => {
  it.each(SIZES)('in $columns by $rows', async (size) => {
    const state: WizardState = { ...shown(size), screen: 'confirm' };
    await expect(`${rowsOf(state).join('\n')}\n`).toMatchFileSnapshot(frameFile('confirm', size));
  });

  it.each(SIZES)('in $columns by $rows, where files and units go: No is selected', async (size) => {
    const entries = [
      change('stop/studio', { stops: ['studio.service'] }),
      change('files/unit', { removes: ['/etc/systemd/system/studio.service'] }),
    ];
    const state = press(shown(size, { entries }), enter, () => {});
    await expect(`${rowsOf(state).join('\n')}\n`).toMatchFileSnapshot(frameFile('confirm-loss', size));
  });
});

describe('a review of few changes', () => {
  const restart = change('settings/file', { kind: 'update', restarts: ['studio.service'] });

  it('says what it restarts, and nothing of time, downloads or undoing where there is nothing to say', () => {
    const rows = rowsOf(shown(usual, { entries: [restart], estimate: undefined, downloads: undefined }));
    expect(rows.join('\n')).toMatch(/Restarts +studio\.service/);
    expect(rows.join('\n')).not.toMatch(/Takes|Downloads|undone|Starts/);
  });

  it('leaves out what a kept file would have brought', () => {
    const excluded = new Set(['settings/file']);
    const rows = rowsOf(shown(usual, { entries: [restart], excluded, estimate: undefined }));
    expect(rows.join('\n')).not.toContain('Restarts');
  });

  it('a section that is closed says how to open it again; one that is opened does not', () => {
    const selected = rowsOf(shown(usual)).findIndex((row) => /^ .*Requirements/.test(row)) - 2;
    const closed = press(shown(usual, { selected }), enter, () => {});
    expect(closed.review?.folded).toContain('requirements');
    expect(closed.notice).toBe('Closed. Enter opens it again.');
    expect(press(closed, enter, () => {}).notice).toBe('');
  });

  it('why something that a change waits for is not there stands in the opened change alone', () => {
    const later = change('migrate/tables', {
      kind: 'later',
      after: 'needs the database (OperationalError: connection to server failed)',
    });
    const closed = rowsOf(shown(usual, { entries: [later] })).join('\n');
    expect(closed).toContain('(needs the database)');
    expect(closed).not.toContain('OperationalError');
    const opened = rowsOf(shown(usual, { entries: [later], opened: new Set(['migrate/tables']) })).join('\n');
    expect(opened).toContain('needs the database: OperationalError: connection to server failed');
  });

  it('a folded section says so in words', () => {
    const rows = rowsOf(shown(usual, { folded: new Set(['requirements']) }));
    expect(rows.join('\n')).toContain('Requirements  2 changes, closed');
  });
});
