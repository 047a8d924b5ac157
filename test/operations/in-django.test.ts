import { expect } from 'vitest';
import { command } from '../../src/operations/command.ts';
import { askedOfDjango, inDjango } from '../../src/operations/in-django.ts';
import type { DjangoState } from '../../src/site/django.ts';
import { CHECKOUT, SETTINGS } from '../../src/site/layout.ts';
import { Django } from './django.ts';
import { type Machine, table } from './table.ts';

const HOSTILE = `o'hara "\\n' ); import os #\u2028`;
const FILES = {
  [SETTINGS]: { text: 'x', owner: 'www-data' },
  '/etc/systemd/system/studio.service':
    '[Service]\nEnvironment=DJANGO_SETTINGS_MODULE=studio.other "NAME=a b"\n',
} as const;
let django: Django;

/** An operation of the kind of steps/migrate.ts: a first admin, and static files that need no database. */
const admin = command({
  id: 'migrate/admin',
  title: 'the first admin',
  missing: (host) => askedOfDjango(host, ({ admins }) => (admins === 0 ? 'there is none' : undefined)),
  shell: [],
  apply: (live) => inDjango(live, 'create(values["name"])', { name: HOSTILE, password: 'pa55-wörd' }),
});
const files = command({
  id: 'migrate/static',
  title: 'static files',
  missing: (host) => askedOfDjango(host, (state) => (state.static?.missing ? 'some' : undefined), false),
  shell: [],
  apply: async () => {},
});

const arrange =
  (state: DjangoState, wrong?: string) =>
  ({ host }: Machine) => {
    django = new Django(host);
    django.state = state;
    django.does = (values) => {
      if (wrong !== undefined) return wrong;
      expect(values).toEqual({ name: HOSTILE, password: 'pa55-wörd' });
      django.state = { admins: 1 };
      return undefined;
    };
  };

table('in-django', [
  {
    title: 'values reach Python as they are, by standard input and nothing else',
    operation: admin,
    before: FILES,
    arrange: arrange({ admins: 0 }),
    change: { kind: 'run', summary: 'the first admin: there is none' },
    ran: ['sudo -Hu www-data /var/www/venv/bin/python -'],
    check: ({ host }) => {
      const call = django.calls.at(-1);
      expect(call?.options).toMatchObject({ cwd: CHECKOUT, as: 'www-data', quiet: true });
      expect(call?.options.env).toEqual({ DJANGO_SETTINGS_MODULE: 'studio.other', NAME: 'a b' });
      expect(JSON.stringify([host.ran, host.said, host.memory.journal])).not.toContain('pa55');
    },
    midway: [{ plant: { exec: 1, result: { code: 2, stderr: 'x' } }, fails: /command failed/, left: {} }],
  },
  { title: 'up to date', operation: admin, before: FILES, arrange: arrange({ admins: 2 }), upToDate: true },
  {
    title: 'what Python said last is told',
    operation: admin,
    before: FILES,
    arrange: arrange({ admins: 0 }, 'django.db.utils.IntegrityError: duplicate key'),
    change: { kind: 'run' },
    fails: { what: /did not take the change: django\.db\.utils\.IntegrityError: duplicate key$/ },
  },
  {
    title: 'later, without a database',
    operation: admin,
    before: FILES,
    arrange: arrange({ databaseError: 'refused' }),
    later: 'needs the database (refused)',
  },
  {
    title: 'what needs no database is told without one',
    operation: files,
    before: FILES,
    arrange: arrange({ databaseError: 'refused' }),
    upToDate: true,
  },
]);
