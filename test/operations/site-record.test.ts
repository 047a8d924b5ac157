import { expect } from 'vitest';
import { siteRecord } from '../../src/operations/site-record.ts';
import type { DjangoState } from '../../src/site/django.ts';
import { SETTINGS } from '../../src/site/layout.ts';
import { Django } from './django.ts';
import { type Machine, table } from './table.ts';

const DOMAIN = 'studio.example.org';
const operation = siteRecord({ id: 'database/site', domain: DOMAIN });
const THERE = { [SETTINGS]: { text: 'x', owner: 'www-data' } } as const;

const arrange =
  (state: DjangoState | string, more: (django: Django) => void = () => {}) =>
  ({ host }: Machine) => {
    const django = new Django(host);
    django.state = state;
    django.does = ({ domain = '' }) => {
      django.state = { ...(state as DjangoState), siteDomain: domain };
      host.arrange({ '/var/lib/postgresql/site': domain });
      return undefined;
    };
    more(django);
  };
const DATABASE = '/var/lib/postgresql/site';

table('site-record', [
  {
    title: "the domain of Django's own example",
    operation,
    before: THERE,
    arrange: arrange({ siteDomain: 'example.com' }),
    change: { kind: 'run', summary: `the site's own name: ${DOMAIN}: now example.com` },
    after: { [DATABASE]: DOMAIN },
    check: ({ host }) => {
      expect(host.memory.journal).toEqual([
        { operation: 'test/operation', kind: 'site-record', from: 'example.com', to: DOMAIN },
      ]);
      expect(host.ran).toEqual(['sudo -Hu www-data /var/www/venv/bin/python -']);
    },
    midway: [
      { plant: { exec: 1, result: { code: 137 } }, fails: /command failed/, left: { [DATABASE]: null } },
      { plant: { exec: 1, result: 'killed' }, left: { [DATABASE]: null } },
    ],
  },
  { title: 'up to date', operation, before: THERE, arrange: arrange({ siteDomain: DOMAIN }), upToDate: true },
  { title: 'a site without such a record', operation, before: THERE, arrange: arrange({}), upToDate: true },
  {
    title: 'later, without settings',
    operation,
    arrange: arrange({}),
    later: 'needs settings.py and the virtualenv',
  },
  {
    title: 'later, while the settings do not import',
    operation,
    before: THERE,
    arrange: arrange({ importError: 'NameError' }),
    later: 'needs a settings.py that imports',
  },
  {
    title: 'later, when Python says nothing',
    operation,
    before: THERE,
    arrange: arrange('ModuleNotFoundError: django'),
    later: 'needs a settings.py that imports',
  },
  {
    title: 'later, while the database does not answer',
    operation,
    before: THERE,
    arrange: arrange({ databaseError: 'OperationalError: refused\nIs the server running?' }),
    later: 'needs the database (OperationalError: refused)',
  },
  {
    title: 'later, while tables are missing',
    operation,
    before: THERE,
    arrange: arrange({ unapplied: ['sites.0001_initial'], siteDomain: 'x' }),
    later: 'needs the tables',
  },
  {
    title: 'a database that refuses it',
    operation,
    before: THERE,
    arrange: arrange({ siteDomain: 'example.com' }, (django) => {
      django.does = () => 'django.db.utils.DataError: value too long';
    }),
    change: { kind: 'run' },
    fails: { what: /did not take the change: django\.db\.utils\.DataError/, remedy: /Fix the cause/ },
    after: { [DATABASE]: null },
  },
]);
