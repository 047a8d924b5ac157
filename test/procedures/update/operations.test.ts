import { expect } from 'vitest';
import { switchedCode } from '../../../src/procedures/update/code.ts';
import { checkedCode, databaseBack, migrated } from '../../../src/procedures/update/database.ts';
import { dumpOf, keptRelease, tidied } from '../../../src/procedures/update/releases.ts';
import { staged } from '../../../src/procedures/update/stage.ts';
import type { Release, Way } from '../../../src/procedures/update/state.ts';
import { builtVirtualenv, switchedVirtualenv } from '../../../src/procedures/update/virtualenv.ts';
import { CHECKOUT, RELEASES, SETTINGS, STAGE, VENV, WWW } from '../../../src/site/layout.ts';
import { when } from '../../host/fake/programs.ts';
import { type Machine, table } from '../../operations/table.ts';
import { NEW, OLD, SITE, StandIns } from './stand-ins.ts';

const own = { owner: 'www-data', group: 'www-data' } as const;
const from: Release = { commit: OLD, branch: 'production', virtualenv: 'venv-aaaaaaaaaaaa' };
const to: Release = { commit: NEW, branch: 'production', virtualenv: 'venv-bbbbbbbbbbbb' };
const kept = '20261129150000-aaaaaaaaaaaa';
const before = ['films.0001_initial'];
const way: Way = { from, to, kept, applied: before, restore: false };
const folder = `${RELEASES}/${kept}`;
const begun = `${folder}/switching`;

const STAGED = {
  [STAGE]: { folder: true, ...own },
  [`${STAGE}/.git`]: { folder: true, ...own },
  [`${STAGE}/.git/HEAD`]: { text: `HEAD ${NEW}`, ...own },
  [`${STAGE}/studio`]: { folder: true, ...own },
  [`${STAGE}/studio/settings.py`]: { text: 'x', ...own },
} as const;
const FOLDER = {
  [RELEASES]: { folder: true, mode: 0o700 },
  [folder]: { folder: true, mode: 0o700 },
} as const;
const folderOf = (name: string) => ({ [`${WWW}/${name}`]: { folder: true, ...own } }) as const;

let stands: StandIns;
const arrange =
  (more: (stands: StandIns, machine: Machine) => void = () => {}) =>
  (machine: Machine) => {
    stands = new StandIns(machine.host);
    more(stands, machine);
  };

table('update: the new code beside the site', [
  {
    title: 'a worktree, and the settings last',
    operation: staged('update/code', to),
    before: SITE,
    arrange: arrange(),
    change: { kind: 'run', touches: [STAGE] },
    after: { [STAGE]: { folder: true, mode: 0o2700, ...own } },
    check: ({ host }) => {
      expect(host.tree.read(`${STAGE}/studio/settings.py`)).toEqual(host.tree.read(SETTINGS));
      expect(host.ran.every((line) => line.startsWith('sudo -Hu www-data '))).toBe(true);
    },
  },
  {
    title: 'up to date',
    operation: staged('update/code', to),
    before: { ...SITE, ...STAGED },
    arrange: arrange(),
    upToDate: true,
  },
  {
    title: 'that of another commit is made again',
    operation: staged('update/code', to),
    before: { ...SITE, ...STAGED, [`${STAGE}/.git/HEAD`]: { text: `HEAD ${OLD}`, ...own } },
    arrange: arrange(),
    change: { kind: 'run' },
    after: { [`${STAGE}/.git/HEAD`]: { text: `HEAD ${NEW}`, ...own } },
  },
]);

const check = (restore = false) => checkedCode('update/check', to, before, restore);
table('update: the new code is tried', [
  {
    title: 'before it is there',
    operation: check(),
    before: SITE,
    arrange: arrange(),
    later: 'needs the new code',
  },
  {
    title: 'it starts',
    operation: check(),
    before: { ...SITE, ...STAGED },
    arrange: arrange(),
    upToDate: true,
  },
  {
    title: "it does not start with this site's settings",
    operation: check(),
    before: { ...SITE, ...STAGED },
    arrange: arrange((site) => {
      site.refuses = "AttributeError: module 'settings' has no attribute 'NEW_KEY'";
    }),
    refused: {
      what: /does not start with this site's settings: AttributeError.*NEW_KEY/,
      remedy: /The site runs as before/,
    },
  },
  {
    title: 'manage.py check fails',
    operation: check(),
    before: { ...SITE, ...STAGED },
    arrange: arrange((_, { host }) =>
      host.programs.add(when(/manage\.py check$/, () => ({ code: 1, stderr: '?: (films.E001) x\n' }))),
    ),
    refused: { what: /manage\.py check fails.*bbbbbbbbbbbb.*exit code 1/ },
  },
  {
    title: 'a migration without a way back: refused, and the flag is named',
    operation: check(),
    before: { ...SITE, ...STAGED },
    arrange: arrange((site) => {
      site.brings = ['films.0002_a', 'films.0003_b'];
      site.lasting = ['films.0003_b'];
    }),
    refused: {
      what: /no way back: films\.0003_b\. .*The site runs as before/,
      remedy: /--restore-database$/,
    },
  },
  {
    title: 'the same, and the operator said that the dump may be taken',
    operation: check(true),
    before: { ...SITE, ...STAGED },
    arrange: arrange((site) => {
      site.brings = ['films.0003_b'];
      site.lasting = ['films.0003_b'];
    }),
    upToDate: true,
  },
]);

table('update: migrations', [
  {
    title: 'before the code is there',
    operation: migrated('update/migrate', to),
    before: SITE,
    arrange: arrange(),
    later: 'needs the new code',
  },
  {
    title: 'none',
    operation: migrated('update/migrate', to),
    before: { ...SITE, ...STAGED },
    arrange: arrange(),
    upToDate: true,
  },
  {
    title: 'by the staged code and its virtualenv',
    operation: migrated('update/migrate', to),
    before: { ...SITE, ...STAGED, ...folderOf(to.virtualenv) },
    arrange: arrange((site) => {
      site.brings = ['films.0002_a'];
    }),
    change: { summary: 'manage.py migrate: films.0002_a' },
    ran: [`sudo -Hu www-data ${WWW}/${to.virtualenv}/bin/python manage.py migrate --no-input`],
  },
]);

table('update: what is kept of the old release', [
  {
    title: 'a dump that only root can read, and no password in an argument',
    operation: keptRelease('update/database', way),
    before: SITE,
    arrange: arrange(),
    change: { kind: 'run', touches: [folder] },
    after: {
      [RELEASES]: { folder: true, mode: 0o700 },
      [folder]: { folder: true, mode: 0o700 },
      [dumpOf(kept)]: { text: 'PGDMP films.0001_initial', mode: 0o600 },
    },
    check: ({ host }) => {
      expect(JSON.parse(host.tree.read(`${folder}/release.json`).toString())).toMatchObject({
        ...from,
        applied: before,
      });
      expect(host.ran.join('\n')).toMatch(
        /pg_dump --format=custom [\s\S]*--no-password --host localhost --port 5432 --username studio --dbname studio/,
      );
      expect(host.ran.join('\n')).not.toContain('a:b');
    },
  },
  {
    title: 'a dump that can not be read again is none',
    operation: keptRelease('update/database', way),
    before: SITE,
    arrange: arrange((site) => {
      site.dumps = 'PGD';
    }),
    change: { kind: 'run' },
    fails: { what: /command failed: .*pg_restore --list/ },
    after: { [`${folder}/release.json`]: null },
  },
]);

const virtualenv = builtVirtualenv('update/dependencies', from, to);
table('update: virtualenvs', [
  {
    title: 'made at the path that it keeps; what a kill left is made again',
    operation: virtualenv,
    before: {
      ...SITE,
      ...STAGED,
      '/usr/bin/python3': '',
      [`${WWW}/${to.virtualenv}`]: { folder: true, ...own },
    },
    arrange: arrange((_, { host }) =>
      host.programs.add(
        when(/^\/usr\/bin\/python3 /, () => '3.11\n'),
        when(/^virtualenv -p \/usr\/bin\/python3 /, ({ argv }) => {
          host.arrange({ [argv.at(-1) ?? '']: { folder: true, ...own } });
          return '';
        }),
        when(/\/bin\/(pip|poetry) /, () => ''),
      ),
    ),
    change: { kind: 'run', summary: `${WWW}/${to.virtualenv}: not made yet` },
    after: { [`${WWW}/${to.virtualenv}/.studio-setup-complete`]: { text: '', ...own } },
    check: ({ host }) =>
      expect(host.ran.join('\n')).toContain('/bin/poetry install --no-interaction --no-root'),
  },
  {
    title: 'the same dependencies: it stays',
    operation: builtVirtualenv('update/dependencies', from, { ...to, virtualenv: from.virtualenv }),
    before: SITE,
    arrange: arrange(),
    upToDate: true,
  },
  {
    title: 'the folder of a first installation gets a name, and a link its place',
    operation: switchedVirtualenv('update/virtualenv', to, from, way),
    before: { ...SITE, [VENV]: { folder: true, ...own }, ...folderOf(to.virtualenv) },
    arrange: arrange(),
    change: { kind: 'run' },
    after: {
      [VENV]: { link: to.virtualenv, ...own },
      [`${WWW}/${from.virtualenv}`]: { folder: true, ...own },
    },
  },
  {
    title: 'back, when the folder was never moved',
    operation: switchedVirtualenv('update-back/virtualenv', from, to, way),
    before: { ...SITE, [VENV]: { folder: true, ...own } },
    arrange: arrange(),
    upToDate: true,
  },
  {
    title: 'back by the link, after a kill that left none',
    operation: switchedVirtualenv('update-back/virtualenv', from, to, way),
    before: { ...SITE, ...folderOf(from.virtualenv), ...folderOf(to.virtualenv) },
    arrange: arrange(),
    change: { kind: 'run' },
    after: { [VENV]: { link: from.virtualenv, ...own } },
  },
]);

table('update: the checkout', [
  {
    title: 'without force: git refuses where a change would be lost',
    operation: switchedCode('update/checkout', to, way),
    before: { ...SITE, ...FOLDER },
    arrange: arrange(),
    change: { kind: 'run', touches: [CHECKOUT] },
    after: { [`${CHECKOUT}/.git/HEAD`]: { text: `production ${NEW}`, ...own } },
    check: ({ host }) =>
      expect(host.ran.at(-1)).toMatch(new RegExp(`checkout --quiet -B production ${NEW}$`)),
  },
  {
    title: 'a change since the review is not lost',
    operation: switchedCode('update/checkout', to, way),
    before: { ...SITE, ...FOLDER },
    arrange: arrange((site) => {
      site.dirty = true;
    }),
    change: { kind: 'run' },
    fails: { what: /git .*checkout/ },
    after: { [`${CHECKOUT}/.git/HEAD`]: { text: `production ${OLD}`, ...own } },
  },
  {
    title: 'one that was cut off is brought to its end, past the lock that was left',
    operation: switchedCode('update/checkout', to, way),
    before: {
      ...SITE,
      ...FOLDER,
      [begun]: { text: '', mode: 0o600 },
      [`${CHECKOUT}/.git/index.lock`]: { text: '', ...own },
    },
    arrange: arrange((site) => {
      site.dirty = true;
    }),
    change: { kind: 'run' },
    after: {
      [`${CHECKOUT}/.git/HEAD`]: { text: `production ${NEW}`, ...own },
      [`${CHECKOUT}/.git/index.lock`]: null,
    },
  },
  {
    title: 'back, when it was cut off before the commit was another one',
    operation: switchedCode('update-back/checkout', from, way),
    before: { ...SITE, ...FOLDER, [begun]: { text: '', mode: 0o600 } },
    arrange: arrange((site) => {
      site.dirty = true;
    }),
    change: { summary: expect.stringContaining('it was cut off') },
    check: () => expect(stands.dirty).toBe(false),
  },
  {
    title: 'back, when nothing was begun',
    operation: switchedCode('update-back/checkout', from, way),
    before: { ...SITE, ...FOLDER },
    arrange: arrange(),
    upToDate: true,
  },
]);

const back = (restore: boolean, by: Release | undefined = to) =>
  databaseBack({
    id: 'update-back/database',
    applied: before,
    dump: kept,
    restore,
    ...(by === undefined ? {} : { by }),
  });
const migratedSite = (lasting: readonly string[], more: (site: StandIns) => void = () => {}) =>
  arrange((site) => {
    site.applied = ['films.0001_initial', 'films.0002_a'];
    site.lasting = lasting;
    more(site);
  });
const DUMP = {
  ...SITE,
  ...STAGED,
  ...FOLDER,
  [dumpOf(kept)]: { text: 'PGDMP films.0001_initial', mode: 0o600 },
} as const;
const psql = /DROP OWNED BY CURRENT_USER[\s\S]*psql --no-psqlrc --quiet --set ON_ERROR_STOP=1/;
const isBack = () => expect(stands.applied).toEqual(before);

table('update: the database of before', [
  { title: 'it has nothing new', operation: back(false), before: DUMP, arrange: arrange(), upToDate: true },
  {
    title: 'by the migrations',
    operation: back(false),
    before: DUMP,
    arrange: migratedSite([]),
    change: { summary: 'the database of before: films.0002_a' },
    check: ({ host }) => {
      isBack();
      expect(host.ran.join('\n')).not.toMatch(psql);
    },
  },
  {
    title: 'without a way back, and without a word of the operator: it stays, and the flag is named',
    operation: back(false),
    before: DUMP,
    arrange: migratedSite(['films.0002_a']),
    change: { kind: 'run' },
    fails: {
      what: /no way back: films\.0002_a/,
      remedy: /what was written since is lost.*--restore-database/,
    },
  },
  {
    title: 'without a way back: by the dump',
    operation: back(true),
    before: DUMP,
    arrange: migratedSite(['films.0002_a']),
    change: { kind: 'run' },
    check: ({ host }) => {
      isBack();
      expect(host.ran.join('\n')).toMatch(psql);
      expect(host.warnings.join('\n')).toContain('what was written since is lost');
    },
  },
  {
    title: 'with code that does not start any more: by the dump',
    operation: back(true),
    before: DUMP,
    arrange: migratedSite([], (site) => {
      site.refuses = 'ModuleNotFoundError: x';
    }),
    change: { kind: 'run' },
    check: isBack,
  },
  {
    title: 'of a rollback that failed: by the dump of its beginning',
    operation: databaseBack({ id: 'update-back/database', applied: before, dump: kept, restore: true }),
    before: DUMP,
    arrange: arrange((site) => {
      site.applied = [];
    }),
    change: { kind: 'run' },
    check: isBack,
  },
  {
    title: 'a dump that can not be read changes nothing, and does not pass for success',
    operation: databaseBack({ id: 'update-back/database', applied: before, dump: kept, restore: true }),
    before: { ...DUMP, [dumpOf(kept)]: { text: 'PGD', mode: 0o600 } },
    arrange: migratedSite([]),
    change: { kind: 'run' },
    stillMissing: true,
  },
  {
    title: 'the dump is gone',
    operation: databaseBack({ id: 'update-back/database', applied: before, dump: kept, restore: true }),
    before: { ...SITE, ...FOLDER },
    arrange: migratedSite([]),
    change: { kind: 'run' },
    fails: { what: /database\.dump is gone/ },
  },
]);

const release = (day: number, virtualenv: string) => {
  const name = `2026110${day}000000-aaaaaaaaaaaa`;
  const text = JSON.stringify({ ...from, virtualenv, applied: [] });
  return {
    [`${RELEASES}/${name}`]: { folder: true, mode: 0o700 },
    [`${RELEASES}/${name}/release.json`]: { text, mode: 0o600 },
    [dumpOf(name)]: { text: 'PGDMP', mode: 0o600 },
    ...folderOf(virtualenv),
  } as const;
};
const tidy = tidied('update/tidy', undefined, '/etc/blender-studio/update.pending');
table('update: what stays', [
  {
    title: 'three releases and their virtualenvs; older ones go, and what nothing names',
    operation: tidy,
    before: {
      ...SITE,
      ...STAGED,
      [RELEASES]: { folder: true, mode: 0o700 },
      ...release(1, 'venv-111111111111'),
      ...release(2, 'venv-222222222222'),
      ...release(3, 'venv-333333333333'),
      ...release(4, 'venv-444444444444'),
      ...folderOf('venv-555555555555'),
      ...folderOf('venv-666666666666'),
      ...folderOf('venv-of-the-operator'),
      [`${RELEASES}/of-the-operator`]: { folder: true, mode: 0o700 },
      [VENV]: { link: 'venv-555555555555', ...own },
    },
    arrange: arrange(),
    change: { kind: 'run' },
    after: {
      [STAGE]: null,
      [`${RELEASES}/20261101000000-aaaaaaaaaaaa`]: null,
      [`${WWW}/venv-111111111111`]: null,
      [`${WWW}/venv-666666666666`]: null,
      [`${WWW}/venv-222222222222`]: { folder: true, ...own },
      [`${WWW}/venv-555555555555`]: { folder: true, ...own },
      [`${WWW}/venv-of-the-operator`]: { folder: true, ...own },
      [`${RELEASES}/20261102000000-aaaaaaaaaaaa`]: { folder: true, mode: 0o700 },
      [`${RELEASES}/of-the-operator`]: { folder: true, mode: 0o700 },
    },
  },
  {
    title: 'nothing of what root left in them by hand',
    operation: tidy,
    before: {
      ...SITE,
      ...STAGED,
      [`${STAGE}/studio/__pycache__`]: { folder: true },
      [`${STAGE}/studio/__pycache__/urls.cpython-311.pyc`]: 'x',
      ...folderOf('venv-555555555555'),
      ...folderOf('venv-666666666666'),
      [`${WWW}/venv-666666666666/lib`]: { folder: true },
      [`${WWW}/venv-666666666666/lib/six.py`]: 'x',
      [VENV]: { link: 'venv-555555555555', ...own },
    },
    arrange: arrange(),
    change: { kind: 'run' },
    after: {
      [STAGE]: null,
      [`${WWW}/venv-666666666666`]: null,
      [`${WWW}/venv-555555555555`]: { folder: true, ...own },
    },
  },
  { title: 'nothing to tidy', operation: tidy, before: SITE, arrange: arrange(), upToDate: true },
]);
