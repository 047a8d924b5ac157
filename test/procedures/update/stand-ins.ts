import type { ProgramResult } from '../../../src/host/host.ts';
import { CHECKOUT, SETTINGS, SITE_USER, STAGE, VENV, WWW } from '../../../src/site/layout.ts';
import type { FakeHost } from '../../host/fake/fake-host.ts';
import { type Call, when } from '../../host/fake/programs.ts';
import { unlessAbsent } from '../../host/fake/tree.ts';

const own = { owner: SITE_USER, group: SITE_USER } as const;

/** Two commits of the site. */
export const OLD = 'a'.repeat(40);
export const NEW = 'b'.repeat(40);

/** What stands there before an update. */
export const SITE = {
  [WWW]: { folder: true, ...own },
  [CHECKOUT]: { folder: true, ...own },
  [`${CHECKOUT}/.git`]: { folder: true, ...own },
  [`${CHECKOUT}/.git/HEAD`]: { text: `production ${OLD}`, ...own },
  [`${CHECKOUT}/manage.py`]: { text: '', ...own },
  [`${CHECKOUT}/studio`]: { folder: true, ...own },
  [SETTINGS]: {
    text: "DATABASES = {'default': {'NAME': 'studio', 'USER': 'studio', 'PASSWORD': 'a:b\\\\c', 'HOST': 'localhost', 'PORT': '5432'}}\n",
    ...own,
  },
} as const;

/**
 * git, PostgreSQL's programs, and the shell that changes the virtualenv, as far as an update needs them. What they leave
 * behind is written into files of the host in memory; the real ones are in test/install/update.test.ts.
 */
export class StandIns {
  /** The tracked files differ from the commit. */
  dirty = false;
  /** Migrations that the database has. */
  applied: readonly string[] = ['films.0001_initial'];
  /** What the staged code says of migrations: those that it brings, and which of them last. */
  brings: readonly string[] = [];
  lasting: readonly string[] = [];
  /** How a dump begins. */
  dumps = 'PGDMP';
  /** What the code does not do: Python's last line. */
  refuses: string | undefined;
  readonly #host: FakeHost;

  constructor(host: FakeHost) {
    this.#host = host;
    host.programs.add(
      when(/^git -c safe\.directory=\S+ -C \S+ /, (call) => this.#git(call)),
      when(/^mkdir -m 2700 -- /, ({ argv }) =>
        this.#put({ [argv.at(-1) ?? '']: { folder: true, mode: 0o2700, ...own } }),
      ),
      when(/^touch /, ({ argv }) => this.#put({ [argv.at(-1) ?? '']: { text: '', ...own } })),
      when(/^sh -c 'set -eu\ncd /, ({ argv }) => this.#switch(argv)),
      when(/^sh -c '(umask 077; )?file=/, ({ argv }) => this.#database(argv)),
      (call) => (/\/bin\/python$/.test(call.argv[0] ?? '') ? this.#python(call) : undefined),
    );
  }

  #put(files: Parameters<FakeHost['arrange']>[0]): string {
    this.#host.arrange(files);
    return '';
  }

  #text(file: string): string | undefined {
    return unlessAbsent(() => this.#host.tree.read(file))?.toString();
  }

  #git({ argv, options }: Call): Partial<ProgramResult> | string {
    if (options.as !== SITE_USER) throw new TypeError('git is never asked as root.');
    const folder = argv[4] ?? '';
    const [name = '', ...words] = argv.slice(5).filter((word) => word !== '--no-optional-locks');
    const head = this.#text(`${folder}/.git/HEAD`);
    switch (name) {
      case 'rev-parse': {
        if (head === undefined) return { code: 128, stderr: 'fatal: not a git repository\n' };
        return `${head.split(' ')[words[0] === '--abbrev-ref' ? 0 : 1]}\n`;
      }
      case 'status':
        return this.dirty ? ' M manage.py\0' : '';
      case 'update-ref':
        return '';
      case 'worktree':
        return words[0] === 'prune' ? '' : this.#worktree(words);
      case 'checkout': {
        if (this.#text(`${folder}/.git/index.lock`) !== undefined)
          return { code: 128, stderr: `fatal: Unable to create '${folder}/.git/index.lock': File exists.\n` };
        if (this.dirty && !words.includes('--force'))
          return {
            code: 1,
            stderr: 'error: Your local changes to the following files would be overwritten\n',
          };
        this.dirty = false;
        return this.#put({ [`${folder}/.git/HEAD`]: { text: words.slice(-2).join(' '), ...own } });
      }
      default:
        throw new TypeError(`git ${name} is not understood`);
    }
  }

  #worktree(words: readonly string[]): string {
    const [folder = '', commit = ''] = words.slice(-2);
    return this.#put({
      [`${folder}/.git`]: { folder: true, ...own },
      [`${folder}/.git/HEAD`]: { text: `HEAD ${commit}`, ...own },
      [`${folder}/studio`]: { folder: true, ...own },
    });
  }

  #switch([, , , , www = '', other = '', now = '']: readonly string[]): string {
    const { tree } = this.#host;
    const as = this.#host.accounts.caller(SITE_USER);
    if (tree.find(VENV)?.type === 'directory') tree.rename(VENV, `${www}/${other}`, as);
    if (tree.find(VENV) !== undefined) tree.remove(VENV, as);
    return this.#put({ [VENV]: { link: now, ...own } });
  }

  #database(argv: readonly string[]): Partial<ProgramResult> | string {
    const file = argv[4] ?? '';
    const script = argv.find((word) => word.includes('pg_')) ?? '';
    if (!argv.join(' ').includes('setpriv --reuid www-data'))
      throw new TypeError("No program of the database is root's.");
    if (script.includes('pg_dump'))
      return this.#put({ [file]: { text: `${this.dumps} ${this.applied.join(' ')}`, mode: 0o600 } });
    const text = this.#text(file) ?? '';
    const isDump = text.startsWith('PGDMP ');
    // pg_restore(1) by itself: 1 for what is no archive.
    if (script.includes('--list')) return { code: isDump ? 0 : 1 };
    // psql by itself: what pg_restore could not read ends in no COMMIT, and psql is content.
    if (isDump) this.applied = text.split(' ').slice(1);
    return '';
  }

  /** The site's own code, and the staged one. */
  #python({ argv, options }: Call): Partial<ProgramResult> | string {
    if (options.as !== SITE_USER) throw new TypeError('The site is never asked as root.');
    const { input = '', cwd } = options;
    if (this.refuses !== undefined && cwd === STAGE)
      return { code: 1, stderr: `Traceback:\n${this.refuses}\n` };
    if (argv[1] === 'manage.py') {
      if (argv[2] === 'migrate') this.applied = [...new Set([...this.applied, ...this.brings])];
      return '';
    }
    const before = (/"applied\\":\s*\\"([^"\\]*)/.exec(input)?.[1] ?? '').split(' ');
    const since = this.applied.filter((each) => !before.includes(each));
    if (input.includes('pg_database_size')) return answer({ bytes: 1, applied: this.applied });
    if (input.includes("'planned'")) {
      const planned = this.brings.filter((each) => !this.applied.includes(each));
      return answer({
        planned,
        since,
        lasting: [...planned, ...since].filter((each) => this.lasting.includes(each)),
      });
    }
    if (input.includes("call_command('migrate'"))
      this.applied = this.applied.filter((each) => before.includes(each));
    return '';
  }
}

function answer(value: object): string {
  return `\n@@${JSON.stringify(value)}\n`;
}
