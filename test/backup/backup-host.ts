import { createHash } from 'node:crypto';
import path from 'node:path';
import { Answers } from '../../src/answers/answers.ts';
import { SiteDatabase } from '../../src/backup/database.ts';
import { WorkFolder } from '../../src/backup/work-folder.ts';
import type { ProgramResult } from '../../src/host/host.ts';
import { template } from '../../templates/index.ts';
import { coreutils } from '../host/fake/coreutils.ts';
import { FakeHost } from '../host/fake/fake-host.ts';
import type { Call, Program } from '../host/fake/programs.ts';
import { unlessAbsent } from '../host/fake/tree.ts';

export const WORK = '/var/backups/studio-setup/backup';
export const ARCHIVE = '/srv/archives/blender-studio-studio.example.org-20260102T030405Z.tar.age';
/** With both signs that libpq's password file gives a meaning. */
export const PASSWORD = 'pass:word\\of-the-sample';

/** A host in memory with a site whose database and archives are texts. What real programs do is tried on a booted host. */
export class BackupHost extends FakeHost {
  /** Rows of the site's one table; a dump is a copy of them. */
  rows = ['first', 'second'];
  free = 10_000_000_000;
  /** Databases beside the site's own, with what was restored into them. */
  readonly trials = new Map<string, readonly string[]>();
  /** What a program of PostgreSQL's got by standard input, and in its environment. */
  readonly asked: Call[] = [];
  readonly work = new WorkFolder(WORK);
  readonly database: SiteDatabase;

  constructor() {
    super({ accounts: { postgres: 'postgres' } });
    const local = new Answers()
      .with('database.host', 'localhost', 'host')
      .with('database.port', '5432', 'host');
    const place = { host: 'localhost', port: '5432', name: 'studio', user: 'studio' };
    this.database = new SiteDatabase(
      this.work,
      { ...place, password: PASSWORD, withoutPassword: false },
      local,
    );
    this.programs.add(coreutils(this), ...this.#rows());
    this.arrange({
      '/etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
      '/etc/blender-studio/meilisearch.env': { text: 'MEILI_MASTER_KEY=sample\n', mode: 0o600 },
      '/var/www/blender-studio/studio/settings.py': { text: 'SECRET = 1\n', owner: 'www-data' },
      '/etc/blender-studio/backup-recipients': '# mine\nage1sample\n',
      '/root/identity': { text: 'AGE-SECRET-KEY-SAMPLE\n', mode: 0o600 },
    });
  }

  #rows(): readonly Program[] {
    return [
      // apt's side has tests of its own: age is there.
      ({ argv }) => (argv[0] === 'dpkg-query' ? 'age installed\n' : undefined),
      ({ argv }) => (argv[0] === 'git' ? '0123456789abcdef0123456789abcdef01234567\n' : undefined),
      // du(1): bytes, a tab, the path.
      ({ argv }) => (argv[0] === 'du' ? '1000\t/var/www\n' : undefined),
      // apt-cache(8): nothing is known before the lists are fetched.
      ({ argv }) => (argv[0] === 'apt-cache' ? '' : undefined),
      ({ argv }) => (argv[0] === 'df' ? this.#df(argv.slice(argv.indexOf('--') + 1)) : undefined),
      ({ argv }) => (argv[0] === 'install' ? this.#put(argv.at(-1) ?? '', undefined) : undefined),
      (call) => (call.argv[0] === 'sh' ? this.#shell(call) : undefined),
      (call) => (call.argv[0] === 'bash' ? this.#bash(call) : undefined),
      // createdb(1), dropdb(1) with --if-exists.
      ({ argv }) => {
        if (argv[0] === 'createdb') this.trials.set(argv.at(-1) ?? '', []);
        else if (argv[0] === 'dropdb') this.trials.delete(argv.at(-1) ?? '');
        else return undefined;
        return '';
      },
    ];
  }

  /** df(1) with --output=avail,target: a heading, then a line for each path. */
  #df(paths: readonly string[]): string {
    return ['Avail Mounted on', ...paths.map(() => `${this.free} /`)].join('\n');
  }

  #put(file: string, text: string | undefined): string {
    const given = text === undefined ? { folder: true as const, mode: 0o700 } : { text, mode: 0o600 };
    this.tree.put(file, given);
    return '';
  }

  #shell({ argv, options }: Call): Partial<ProgramResult> | string {
    const [, , script = '', , first = '', output = '', ...find] = argv;
    if (script.includes('cat >')) return this.#put(first, options.input ?? '');
    const words = find[0] === 'setpriv' ? find.slice(5) : find;
    const paths = words.slice(1, words.indexOf('-type'));
    const lines = paths.flatMap((each) => {
      const top = path.join(first, each);
      const all = [top, ...(unlessAbsent(() => this.tree.below(top)) ?? [])];
      return all.flatMap((file) => {
        const entry = unlessAbsent(() => this.tree.find(file));
        if (entry?.type !== 'file') return [];
        const name = path.join(each, path.relative(top, file));
        const sum = createHash('sha256').update(entry.bytes).digest('hex');
        return words.includes('-exec') ? `${sum}  ${name}\0` : `${entry.bytes.length} ${name}\0`;
      });
    });
    return this.#put(output, lines.join(''));
  }

  #bash({ argv, options }: Call): Partial<ProgramResult> | string {
    const [, , script, , ...words] = argv;
    if (script?.endsWith(template('backup/archive.sh'))) return this.#archive(words);
    if (script?.endsWith(template('backup/open.sh'))) return this.#open(words);
    if (script === template('backup/place.sh')) return this.#place(words);
    if (script !== template('backup/database.sh')) throw new TypeError('No such program');
    this.asked.push({ argv, options });
    const [, output = '', input = '', program] = words;
    const sql = options.input?.split('\n').slice(1).join('\n') ?? '';
    const name = options.env?.PGDATABASE ?? '';
    if (program === 'pg_restore') {
      const rows = JSON.parse(this.content(input, undefined)?.toString() ?? '[]');
      if (name === 'studio') this.rows = rows;
      else this.trials.set(name, rows);
      return '';
    }
    if (sql.startsWith('SELECT pg_database_size')) return '5000\n';
    if (output !== '/dev/null') this.#put(output, JSON.stringify(this.rows));
    return tablesOf(name === 'studio' ? this.rows : (this.trials.get(name) ?? []));
  }

  #archive([archive = '', , work = '']: readonly string[]): string {
    const texts = (file: string) => (this.content(file, undefined) ?? '').toString();
    const lists = `${texts(`${work}/root.list`)}${texts(`${work}/site.list`)}`.split('\0').filter(Boolean);
    const files = lists.flatMap((each) => [
      `/${each}`,
      ...(unlessAbsent(() => this.tree.below(`/${each}`)) ?? []),
    ]);
    const parts = ['manifest.json', 'answers.yaml', 'database.dump'].map((name) => [
      name,
      texts(`${work}/${name}`),
    ]);
    const whole = [
      ...parts,
      ...files
        .filter((file) => this.tree.find(file)?.type === 'file')
        .map((file) => [`files${file}`, texts(file)]),
    ];
    return this.#put(archive, JSON.stringify(Object.fromEntries(whole)));
  }

  /** tar(1) with --skip-old-files, as whoever extracts. */
  #place([files = '', list = '', ...as]: readonly string[]): string {
    const owner = as.length === 0 ? 'root' : 'www-data';
    for (const each of (this.content(list, undefined) ?? '').toString().split('\0').filter(Boolean)) {
      if (unlessAbsent(() => this.tree.find(`/${each}`)) !== undefined) continue;
      this.tree.put(`/${each}`, {
        text: (this.content(`${files}/${each}`, undefined) ?? '').toString(),
        owner,
      });
    }
    return '';
  }

  #open([archive = '', , work = '']: readonly string[]): Partial<ProgramResult> | string {
    const text = (this.content(archive, undefined) ?? '').toString();
    if (!text.startsWith('{')) return { code: 1, stderr: `age: error: ${text}\n` };
    for (const [name, content] of Object.entries(JSON.parse(text) as Record<string, string>))
      this.arrange({ [`${work}/${name}`]: content });
    return '';
  }
}

/** As templates/backup/tables.sql answers. */
function tablesOf(rows: readonly string[]): string {
  // A database without rows stands for one without tables.
  const tables =
    rows.length === 0 ? [] : [{ table: 'public.page', rows: rows.length, digest: rows.join('+') }];
  return [{ server: 150018, encoding: 'UTF8', bytes: 5000 }, ...tables, { whole: true }]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');
}
