import { expect } from 'vitest';
import { type ManagedSettings, settings } from '../../src/operations/settings.ts';
import { SETTINGS, SETTINGS_EXAMPLE } from '../../src/site/layout.ts';
import { table } from './table.ts';

const EXAMPLE = "# ours\nDEBUG = True\nSECRET_KEY = 'CHANGE_ME'\nALLOWED_HOSTS: List[str] = []\n";
const WANTED = EXAMPLE.replace('True', 'False');
const SITE = { folder: true, owner: 'www-data' } as const;
const CHECKOUT = { '/var/www/blender-studio': SITE, '/var/www/blender-studio/studio': SITE } as const;
const own = (text: string, mode = 0o640) => ({ text, mode, owner: 'www-data' });
const EXAMPLE_THERE = { ...CHECKOUT, [SETTINGS_EXAMPLE]: own(EXAMPLE, 0o644) } as const;

const wanted = (more: Partial<ManagedSettings> = {}) =>
  settings({
    id: 'django/debug',
    title: 'DEBUG off',
    edit: async (file) => file.set(['DEBUG'], false),
    shell: [`editor ${SETTINGS}`],
    ...more,
  });

table('settings', [
  {
    title: 'begun as a copy of the example, which stays',
    operation: wanted(),
    before: EXAMPLE_THERE,
    change: {
      kind: 'create',
      summary: `${SETTINGS}: DEBUG off`,
      diff: expect.stringContaining('-DEBUG = True\n+DEBUG = False'),
      shell: [`cp ${SETTINGS_EXAMPLE} ${SETTINGS}`, `editor ${SETTINGS}`],
      touches: [SETTINGS],
    },
    after: { [SETTINGS]: own(WANTED), [SETTINGS_EXAMPLE]: own(EXAMPLE, 0o644) },
    check: ({ host }) => expect(host.memory.written(SETTINGS)?.content).toBeUndefined(),
    midway: [
      { plant: { write: 1, code: 'ENOSPC' }, fails: /No space left on device/, left: { [SETTINGS]: null } },
      { plant: { write: 1, code: 'killed' }, left: { [SETTINGS]: null } },
    ],
  },
  { title: 'later, while there is no checkout', operation: wanted(), later: 'needs the checkout' },
  {
    title: 'later, while the value can not be told',
    operation: wanted({ edit: async () => ({ later: 'needs the master key' }) }),
    before: EXAMPLE_THERE,
    later: 'needs the master key',
  },
  {
    title: 'up to date',
    operation: wanted(),
    before: { ...CHECKOUT, [SETTINGS]: own(WANTED) },
    upToDate: true,
  },
  {
    title: 'up to date in other words, with rights that are tighter',
    operation: wanted(),
    before: { ...CHECKOUT, [SETTINGS]: own('DEBUG=False  # mine\n', 0o600) },
    upToDate: true,
  },
  {
    title: 'everything of the operator stays',
    operation: wanted(),
    before: { ...CHECKOUT, [SETTINGS]: own('# mine\r\nDEBUG = True # why\r\nMINE = 1\r\n', 0o600) },
    change: { kind: 'update' },
    after: { [SETTINGS]: own('# mine\r\nDEBUG = False # why\r\nMINE = 1\r\n') },
    midway: [
      {
        plant: { write: 1, code: 'EIO' },
        fails: /Input\/output error/,
        left: { [SETTINGS]: own('# mine\r\nDEBUG = True # why\r\nMINE = 1\r\n', 0o600) },
      },
    ],
  },
  {
    title: 'readable by everybody',
    operation: wanted(),
    before: { ...CHECKOUT, [SETTINGS]: own(WANTED, 0o644) },
    change: { kind: 'update', summary: `${SETTINGS} (mode 644 → 640)` },
    after: { [SETTINGS]: own(WANTED) },
  },
  {
    title: 'readable by everybody, and of root',
    operation: wanted(),
    before: { ...CHECKOUT, [SETTINGS]: { text: WANTED } },
    change: { kind: 'update' },
    fails: { what: /can't be written as www-data: .*Operation not permitted/, remedy: /ls -ld/ },
  },
  {
    title: 'not for www-data to read',
    operation: wanted(),
    before: { ...CHECKOUT, [SETTINGS]: { text: WANTED, mode: 0o600 } },
    refused: { what: /can't be read as www-data/ },
  },
  {
    title: 'no Python',
    operation: wanted(),
    before: { ...CHECKOUT, [SETTINGS]: own('DEBUG = (\nX = 1\n') },
    refused: { what: /is not valid Python: line \d+, column \d+/, remedy: /Nothing was written/ },
  },
  {
    title: 'the example is no Python',
    operation: wanted(),
    before: { ...CHECKOUT, [SETTINGS_EXAMPLE]: own('DEBUG = (\n') },
    refused: { what: /settings\.example\.py is not valid Python/ },
  },
  {
    title: 'an assignment that can not be told',
    operation: wanted(),
    before: { ...CHECKOUT, [SETTINGS]: own('if X:\n    DEBUG = True\n') },
    refused: { what: /settings\.py: /, remedy: /one plain assignment/ },
  },
]);
