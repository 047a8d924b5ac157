import { describe, expect, it } from 'vitest';
import type { ListedRun } from '../../../src/app/listed-runs.ts';
import { sentLines } from '../../../src/site/test-email.ts';
import { channelsOf } from '../../../src/watch/questions.ts';
import type { Key } from '../../../src/wizard/kit/key.ts';
import type { Size } from '../../../src/wizard/kit/line.ts';
import { askedFor } from '../../../src/wizard/screens/asking.ts';
import { listedRuns } from '../../../src/wizard/screens/runs.ts';
import { press } from '../../../src/wizard/shell/press.ts';
import type { Intent } from '../../../src/wizard/state/intent.ts';
import type { WizardState } from '../../../src/wizard/state/state.ts';
import { answeredState, frameFile, rowsOf, SIZES, saidOf } from './frames.ts';

const [, usual] = SIZES as readonly [Size, Size, Size];

/** Each screen of day two as an operator comes upon it. */
const SCREENS: Readonly<Record<string, (state: WizardState) => WizardState>> = {
  menu: (state) => ({ ...state, site: true, screen: 'menu' }),
  'menu-bare': (state) => ({ ...state, site: false, screen: 'menu' }),
  services: (state) => ({
    ...state,
    screen: 'services',
    services: {
      purpose: 'restart',
      rows: [
        { name: 'studio', about: 'While it is down: No page of the site loads; nginx alone answers.' },
        { name: 'nginx', about: 'While it is down: Visitors reach nothing at all.' },
      ],
      selected: 1,
    },
  }),
  journal: (state) => ({
    ...state,
    screen: 'journal',
    journal: {
      services: ['studio'],
      lines: Array.from({ length: 60 }, (_, index) => `Nov 29 11:00:${index} studio uwsgi: request ${index}`),
      from: undefined,
    },
  }),
  administrator: (state) => ({
    ...state,
    screen: 'asking',
    asking: {
      ...askedFor('admin', 'Administrators now: ada.', {
        username: 'ada',
        how: 'typed',
        password: 'sample-password',
      }),
      focus: 'password',
    },
  }),
  'test-email': (state) => ({
    ...state,
    screen: 'asking',
    asking: askedFor('email', 'The site sends one message with its own settings.', {
      address: 'ada@example.org',
    }),
  }),
  'sent-email': (state) => ({
    ...state,
    screen: 'result',
    result: {
      title: 'Test e-mail sent',
      values: [],
      said: sentLines({
        backend: 'anymail.backends.mailgun.EmailBackend',
        sender: 'Studio <webmaster@studio.example.org>',
        recipient: 'ada@example.org',
        server: 'https://api.mailgun.net/v3/',
        code: 200,
        said: 'Queued. Thank you.',
        id: '<20261129.1@mg.example.org>',
      }),
      scroll: 0,
    },
  }),
  'backup-key': (state) => ({
    ...state,
    screen: 'asking',
    asking: askedFor('backup', 'A backup is encrypted for a key of yours, which is not on this server.'),
  }),
  'watch-form': (state) => ({
    ...state,
    screen: 'asking',
    asking: {
      ...askedFor(
        'watch',
        'The watch checks the site four times an hour. How should it notify you?',
        { 'watch.email.to': 'ada@example.org', 'watch.smtp.host': 'mail.example.org' },
        ['watch.webhook'],
      ),
      focus: 'watch.smtp.security',
    },
  }),
  address: (state) => ({
    ...state,
    screen: 'result',
    result: {
      title: "The site's address",
      values: [
        { label: 'For visitors', value: 'https://studio.example.org/' },
        { label: 'For administrators', value: 'https://studio.example.org/admin/' },
      ],
      said: [],
      scroll: 0,
    },
  }),
};

function shown(name: string, size: Size = usual): WizardState {
  const made = SCREENS[name];
  if (made === undefined) throw new Error(name);
  return made(answeredState(size));
}

describe.each(Object.keys(SCREENS))('%s', (name) => {
  it.each(SIZES)('in $columns by $rows', async (size) => {
    await expect(`${rowsOf(shown(name, size)).join('\n')}\n`).toMatchFileSnapshot(frameFile(name, size));
  });
});

/** @returns the state after some keys, and what they asked for */
function pressed(state: WizardState, ...keys: readonly (Key | string)[]) {
  const dispatched: Intent[] = [];
  let now = state;
  for (const key of keys) {
    const each: readonly Key[] =
      typeof key === 'string' ? [...key].map((text) => ({ name: 'char' as const, text })) : [key];
    for (const one of each) now = press(now, one, (intent) => dispatched.push(intent));
  }
  return { state: now, dispatched };
}

const named = (name: Extract<Key, { text: '' }>['name']): Key => ({ name, text: '' });
const ENTER = named('enter');
const SPACE: Key = { name: 'char', text: ' ' };

describe('the form of an administrator', () => {
  const empty = (): WizardState => ({
    ...answeredState(usual),
    screen: 'asking',
    asking: askedFor('admin', '', { username: 'ada' }),
  });

  it('asks for one whose password is made, without a password in it', () => {
    const { dispatched } = pressed(empty(), ENTER, ENTER, ENTER, ENTER);
    expect(dispatched).toEqual([
      { type: 'task', request: { kind: 'admin', username: 'ada', email: '', password: undefined } },
    ]);
  });

  it('takes a password that was typed twice, letters and all, and shows it to nobody', () => {
    const typed = pressed(empty(), ENTER, ENTER, SPACE, ENTER, 'jqk?/ of ada!', ENTER);
    expect(rowsOf(typed.state).join()).not.toContain('jqk');
    expect(saidOf(typed.state).join()).not.toMatch(/jqk|•/);
    const { dispatched } = pressed(typed.state, 'jqk?/ of ada!', ENTER, ENTER);
    const [intent] = dispatched;
    if (intent?.type !== 'task' || intent.request.kind !== 'admin') throw new Error('nothing was asked for');
    expect(intent.request.password?.reveal()).toBe('jqk?/ of ada!');
    expect(JSON.stringify(intent)).not.toContain('jqk');
  });

  it('shows what is typed to who asks for it', () => {
    const typed = pressed(empty(), ENTER, ENTER, SPACE, ENTER, 'jqk of ada');
    expect(rowsOf(pressed(typed.state, { name: 'ctrl', text: 'r' }).state).join('\n')).toContain(
      'jqk of ada',
    );
  });

  it.each<[string, string, string, RegExp]>([
    ['too short', 'short', 'short', /At least 12 characters/],
    ['two that differ', 'a long password', 'another password', /The two passwords differ/],
    ['a second one that is empty', 'a long password', '', /The two passwords differ/],
  ])('refuses %s, where it was typed', (_, first, second, why) => {
    const typed = pressed(empty(), ENTER, ENTER, SPACE, ENTER, first, named('down'));
    const { state, dispatched } = pressed(typed.state, second, named('down'), ENTER);
    expect(dispatched).toEqual([]);
    expect(rowsOf(state).join('\n')).toMatch(why);
    expect(state.asking?.focus).not.toBe('next');
  });

  it('refuses a name that Django would refuse', () => {
    const { state, dispatched } = pressed(empty(), "'", ENTER);
    expect(dispatched).toEqual([]);
    expect(rowsOf(state).join('\n')).toContain('✗ Only letters, digits and @ . + - _ are allowed.');
  });
});

describe('the form of the watch', () => {
  const open = (
    preset: Readonly<Record<string, string>> = {},
    kept: readonly string[] = [],
  ): WizardState => ({
    ...answeredState(usual),
    screen: 'asking',
    asking: askedFor('watch', '', preset, kept),
  });
  const answersOf = ({ dispatched: [intent] }: ReturnType<typeof pressed>) => {
    if (intent?.type !== 'task' || intent.request.kind !== 'watch') throw new Error('nothing was asked for');
    return intent.request.answers;
  };

  it('asks for the rest of an e-mail once there is an address, and for an account once there is a server', () => {
    const labels = (state: WizardState) => rowsOf(state).join('\n');
    expect(labels(open())).not.toMatch(/E-mail from|Encryption/);
    const typed = pressed(open(), 'ada@example.org', ENTER);
    expect(labels(typed.state)).toMatch(/› E-mail from/);
    expect(labels(typed.state)).toMatch(/Mail server/);
    expect(labels(typed.state)).not.toContain('Encryption');
    const server = pressed(typed.state, 'studio@example.org', ENTER, 'mail.example.org', ENTER);
    expect(labels(server.state)).toMatch(/› Encryption +STARTTLS.*\n.*Port +587/);
    const tls = pressed(server.state, SPACE);
    expect(labels(tls.state)).toMatch(/› Encryption +TLS from the beginning.*\n.*Port +465/);
  });

  it('names no placeholder for a domain in the form of an administrator', () => {
    const form = { ...open(), asking: askedFor('admin', '', {}, []) };
    expect(rowsOf(form).join('\n')).toContain('/admin/ of the site');
    expect(rowsOf(form).join('\n')).not.toContain('DOMAIN');
  });

  it('says on the button that Enter leads to the review', () => {
    const on = { ...open(), asking: { ...askedFor('watch', '', {}, []), focus: 'next' as const } };
    expect(rowsOf(on).at(-1)).toContain('Enter review');
  });

  it('says of the recipient that a sender is needed as well, before one is asked for', () => {
    const said = rowsOf({ ...open(), size: { columns: 120, rows: 40 } })
      .join(' ')
      .replaceAll(/\s+/g, ' ');
    expect(said).toContain('E-mail needs a sender as well.');
    expect(said).not.toContain('E-mail from');
  });

  it('nothing at all is an answer too', () => {
    const asked = pressed(open(), ENTER, ENTER, ENTER, ENTER, ENTER);
    expect(channelsOf(answersOf(asked))).toEqual({});
  });

  it('what is typed becomes the ways; a secret is shown to nobody', () => {
    const state = pressed(open(), 'ada@example.org', ENTER, 'studio@example.org', ENTER, ENTER).state;
    const typed = pressed(state, 'https://hooks.example.org/kq?secret', ENTER);
    expect(rowsOf(typed.state).join()).not.toContain('secret');
    expect(saidOf(typed.state).join()).not.toMatch(/kq\?secret|•/);
    const { webhook, ...rest } = channelsOf(answersOf(pressed(typed.state, ENTER, ENTER, ENTER)));
    expect(webhook?.reveal()).toBe('https://hooks.example.org/kq?secret');
    expect(rest).toEqual({ email: { from: 'studio@example.org', to: ['ada@example.org'] } });
  });

  it('refuses what is no address where it was typed, and a sender that is missing', () => {
    expect(rowsOf(pressed(open(), 'nobody', ENTER).state).join('\n')).toContain('not an e-mail address');
    const { state, dispatched } = pressed(open({ 'watch.email.to': 'ada@example.org' }), ENTER, ENTER);
    expect([state.asking?.focus, dispatched]).toEqual(['watch.email.from', []]);
    expect(rowsOf(state).join('\n')).toContain('An answer is required.');
  });

  it('says of a secret that is set up that it stays, and needs none again', () => {
    const kept = open({}, ['watch.webhook']);
    expect(rowsOf(kept).join('\n')).toMatch(/Webhook +as it is on this server/);
    expect(answersOf(pressed(kept, ENTER, ENTER, ENTER, ENTER, ENTER)).has('watch.webhook')).toBe(false);
  });
});

it('the services are chosen for what the menu asked', () => {
  expect(pressed(shown('services'), ENTER).dispatched).toEqual([
    { type: 'task', request: { kind: 'restart', services: ['nginx'] } },
  ]);
  const logs = shown('services');
  const asked = { ...logs, services: { ...logs.services, purpose: 'logs' as const } };
  expect(pressed(asked, ENTER).dispatched).toEqual([{ type: 'service-logs', services: ['nginx'] }]);
});

describe('the runs that can be undone', () => {
  const listed = (...states: readonly ('done' | 'undone' | 'cut off')[]): WizardState => ({
    ...answeredState(usual),
    screen: 'runs',
    runs: {
      rows: states.map((state, index) => ({
        record: {
          number: String(states.length - index),
          command: 'run',
          at: '2026-01-02T03:04:05.678Z',
          procedure: false,
          complete: state !== 'cut off',
          entries: [{ kind: 'start', unit: 'x.service', operation: 'a/b', run: '0001', sequence: 1 }],
        },
        state,
        changes: 40,
      })),
      selected: 0,
    },
  });
  const SEVERAL = 'An install that was interrupted is several runs. To undo all of it, undo the newest';

  it('open on the newest one that can be undone', () => {
    const { rows } = listed('undone', 'done', 'done').runs;
    const [first, second, third] = rows as readonly [ListedRun, ListedRun, ListedRun];
    const rotation = { ...second, record: { ...second.record, procedure: true } };
    expect(listedRuns([first, rotation, third]).selected).toBe(2);
    const password = { ...second, record: { ...second.record, entries: [] } };
    expect(listedRuns([first, password, third]).selected).toBe(2);
    expect(listedRuns([first, rotation]).selected).toBe(0);
    expect(listedRuns([]).selected).toBe(0);
  });

  it('say below the list in which order an install that was interrupted is undone', () => {
    const rows = rowsOf(listed('done', 'cut off'));
    const last = rows.findIndex((row) => row.includes('40 changes, not finished'));
    expect(rows[last + 2]).toContain(SEVERAL.slice(0, 60));
    expect(saidOf(listed('done', 'cut off')).join()).toContain(SEVERAL);
    expect(saidOf(listed('done', 'undone')).join()).not.toContain(SEVERAL);
  });
});

describe('the log of a service', () => {
  it('opens at its end, and goes back line by line', () => {
    const last = rowsOf(shown('journal')).join('\n');
    expect(last).toContain('request 59');
    expect(last).toContain('Full log: studio-setup logs studio');
    const { state } = pressed(shown('journal'), named('up'), named('up'), named('home'));
    expect(rowsOf(state).join('\n')).toContain('request 0');
  });

  it('says so where there is none', () => {
    const state = shown('journal');
    const empty = { ...state, journal: { ...state.journal, lines: [] } };
    expect(rowsOf(pressed(empty, named('up')).state).join('\n')).toContain('No output yet.');
  });

  it('is read again by r', () => {
    expect(pressed(shown('journal'), 'r').dispatched).toEqual([
      { type: 'service-logs', services: ['studio'] },
    ]);
  });
});
