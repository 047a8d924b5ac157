import { template } from '../../templates/index.ts';
import type { Answers } from '../answers/answers.ts';
import type { LiveHost, ProgramResult, RunOptions } from '../host/host.ts';
import { isRecord, parsedJson } from '../output/json.ts';
import { ProblemError } from '../output/problem.ts';
import { isLocal, isSocketFolder } from '../site/database.ts';
import { clusterOptions, SUPERUSER } from '../site/database-cluster.ts';
import type { DatabaseInForce } from '../site/settings.ts';
import { isTable, type Table } from './manifest.ts';
import { AS_SITE, LONGEST_MS, type WorkFolder } from './work-folder.ts';

/** What the server says of itself and of the site's tables. */
export interface Tables {
  /** As PostgreSQL numbers its versions: 150018. */
  readonly server: number;
  readonly encoding: string;
  /** Bytes that the database takes on the server's disk. */
  readonly bytes: number;
  readonly tables: readonly Table[];
}

interface Io {
  /** SQL for psql. */
  readonly sql?: string;
  /** A file that is standard input instead. */
  readonly input?: string;
  /** A file for what it writes to descriptor 3. */
  readonly output?: string;
  /** Another database than the site's. */
  readonly database?: string;
}

const PSQL = [
  'psql',
  '--no-psqlrc',
  '--no-password',
  '--quiet',
  '--tuples-only',
  '--no-align',
  '--set=ON_ERROR_STOP=1',
];

/** The site's own login to PostgreSQL, for its programs: the password goes into libpq's file, and is seen by nobody. */
export class SiteDatabase {
  readonly name: string;
  readonly #work: WorkFolder;
  readonly #given: DatabaseInForce;
  readonly #answers: Answers;

  /** @param answers tell which cluster of this server it is @throws ProblemError when settings.py does not name the database */
  constructor(work: WorkFolder, given: DatabaseInForce, answers: Answers) {
    if (given.name === undefined || given.user === undefined)
      throw new ProblemError({
        what: 'settings.py on this server names no database and no role for it: there is no site that could be backed up. Nothing was changed.',
        remedy: 'Set the site up first: studio-setup run',
      });
    this.name = given.name;
    this.#work = work;
    this.#given = given;
    this.#answers = answers;
  }

  get owner(): string {
    return this.#given.user ?? '';
  }

  /** @returns how many bytes the database takes on the server's disk: more than its dump */
  async size(live: LiveHost): Promise<number> {
    const { stdout } = await this.#run(live, PSQL, { sql: 'SELECT pg_database_size(current_database());\n' });
    return Number(stdout.trim());
  }

  /** Dumps it, and looks at its tables in the very same snapshot. @param output absolute path of the new dump */
  async dump(live: LiveHost, output: string): Promise<Tables> {
    return tablesOf(
      await this.#run(live, PSQL, {
        sql: `${template('backup/dump.sql')}${template('backup/tables.sql')}`,
        output,
      }),
    );
  }

  /** Fills an empty database of the site's role. @param input absolute path of the dump */
  async restore(live: LiveHost, input: string, database: string): Promise<void> {
    // What belongs to extensions and to other roles is not this role's to say.
    const argv = [
      'pg_restore',
      '--no-owner',
      '--no-acl',
      '--no-comments',
      '--no-password',
      '--exit-on-error',
    ];
    await this.#run(live, [...argv, `--dbname=${database}`], { input, database });
  }

  async tables(live: LiveHost, database: string): Promise<Tables> {
    return tablesOf(await this.#run(live, PSQL, { sql: template('backup/tables.sql'), database }));
  }

  /**
   * Runs a program that makes or drops a database: on this server as PostgreSQL's own account, elsewhere as the site's role, which
   * needs the right to (CREATEDB).
   */
  async administer(
    live: LiveHost,
    [program = '', ...words]: readonly string[],
    options: Pick<RunOptions, 'evenWhenStopped'> = {},
  ): Promise<void> {
    if (!isLocal(this.#answers)) await this.#run(live, [program, '--no-password', ...words], {}, options);
    else await live.run([program, ...clusterOptions(this.#answers), ...words], { as: SUPERUSER, ...options });
  }

  #run(
    live: LiveHost,
    argv: readonly string[],
    { sql = '', input = '', output, database }: Io,
    options: Pick<RunOptions, 'evenWhenStopped'> = {},
  ): Promise<ProgramResult> {
    const { host = '', port = '', user = '', password, withoutPassword } = this.#given;
    // By its socket the server may know the role by the account that connects (peer).
    const as = withoutPassword && isSocketFolder(host) ? AS_SITE : [];
    const files = [this.#work.folder, output ?? '/dev/null', input];
    return live.run(['bash', '-c', template('backup/database.sh'), 'bash', ...files, ...as, ...argv], {
      input: `${password === undefined ? '' : passwordLine(password)}\n${sql}`,
      env: { PGHOST: host, PGPORT: port, PGUSER: user, PGDATABASE: database ?? this.name },
      quiet: true,
      yields: true,
      timeoutMs: LONGEST_MS,
      explain,
      ...options,
    });
  }
}

/** libpq's password file: fields are separated by colons; a colon or a backslash in one has a backslash before it. */
function passwordLine(password: string): string {
  return `*:*:*:*:${password.replaceAll(/[\\:]/g, '\\$&')}`;
}

/** @throws ProblemError when the answer is not whole: the dump failed */
function tablesOf({ stdout, stderr }: ProgramResult): Tables {
  const lines: readonly unknown[] = stdout.split('\n').map(parsedJson);
  const records = lines.filter(isRecord);
  const about = records.find(({ server }) => typeof server === 'number');
  if (about === undefined || !records.some(({ whole }) => whole === true))
    throw new ProblemError({
      what: 'The database could not be dumped.',
      remedy: 'Fix what pg_dump says above, then try again.',
      ...explain({ code: 1, stdout, stderr }),
      detail: stderr.split('\n').filter((line) => line.trim() !== ''),
    });
  return {
    server: Number(about.server),
    encoding: String(about.encoding),
    bytes: Number(about.bytes),
    tables: lines.filter(isTable),
  };
}

/** Sentences of pg_dump 15 and of the server in the C locale (pg_backup_db.c, aclchk.c). */
function explain({ stdout, stderr }: ProgramResult): { what?: string; remedy: string } | undefined {
  const text = `${stdout}\n${stderr}`;
  if (/aborting because of server version mismatch/.test(text))
    return {
      what: "The database server is newer than this server's pg_dump.",
      remedy: 'Install the PostgreSQL client of the version that the database server has, then try again.',
    };
  const [, kind, name] = /permission denied for (table|sequence|schema) (\S+)/.exec(text) ?? [];
  if (name !== undefined)
    return {
      what: `The site's own role may not read the ${kind} ${name}.`,
      remedy: `Give it that right, as PostgreSQL's administrator: GRANT ${kind === 'schema' ? 'USAGE' : 'SELECT'} ON ${kind?.toUpperCase()} ${name} TO the role. Then try again.`,
    };
  return undefined;
}
