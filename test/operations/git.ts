import type { ProgramResult } from '../../src/host/host.ts';
import type { FakeHost } from '../host/fake/fake-host.ts';
import { type Call, when } from '../host/fake/programs.ts';
import { unlessAbsent } from '../host/fake/tree.ts';

/** A repository far away, and the words with which git refuses it. */
interface Remote {
  readonly branches: readonly string[];
  readonly refuses?: string;
}

/** git 2.39 of Debian 12, as far as a checkout needs it; the branch stands in .git/HEAD (gitrepository-layout(5)). */
export class Git {
  readonly remotes = new Map<string, Remote>();
  /** Paths with changes that a checkout would lose. */
  readonly edited = new Set<string>();
  /** Addresses that git itself puts in the place of others: written → used (git-config(1), url.<base>.insteadOf). */
  readonly insteadOf = new Map<string, string>();
  /** Processes of git that run, or the code with which pgrep(1) could not tell. */
  running: readonly number[] | number = [];
  readonly #host: FakeHost;

  constructor(host: FakeHost) {
    this.#host = host;
    host.programs.add(
      when(/^git clone /, (call) => this.#clone(call)),
      when(/^git -c safe\.directory=\S+ -C \S+ rev-parse --abbrev-ref HEAD$/, ({ argv }) =>
        this.#branch(argv[4] ?? ''),
      ),
      when(/^git -c safe\.directory=\S+ -C \S+ remote get-url origin$/, ({ argv }) =>
        this.#origin(argv[4] ?? ''),
      ),
      when(/^git -c safe\.directory=\S+ -C \S+ config --get remote\.origin\.url$/, ({ argv }) =>
        this.#written(argv[4] ?? ''),
      ),
      when(/^git -c safe\.directory=\S+ -C \S+ remote set-url origin /, ({ argv }) =>
        this.#setOrigin(argv[4] ?? '', argv.at(-1) ?? ''),
      ),
      // git-status(1), "Porcelain Format Version 1" with -z: two letters, a blank and the path, each ended by a NUL.
      when(/^git -c safe\.directory=\S+ -C \S+ --no-optional-locks status --porcelain -z /, () =>
        [...this.edited].map((file) => ` M ${file}\0`).join(''),
      ),
      // pgrep(1): 0 with their numbers, a line each; 1 when none runs.
      when(/^pgrep --exact git$/, () =>
        typeof this.running === 'number'
          ? { code: this.running }
          : this.running.length === 0
            ? { code: 1 }
            : `${this.running.join('\n')}\n`,
      ),
      when(/^git -c safe\.directory=\S+ -C \S+ checkout /, ({ argv }) =>
        this.#checkout(argv[4] ?? '', argv.at(-1) ?? ''),
      ),
    );
  }

  /** A checkout as cloning leaves it. */
  put(path: string, branch: string, url: string): void {
    const own = { owner: 'www-data' } as const;
    this.#host.arrange({
      [path]: { folder: true, ...own },
      [`${path}/.git`]: { folder: true, ...own },
      [`${path}/.git/HEAD`]: { text: `ref: refs/heads/${branch}\n`, ...own },
      [`${path}/.git/config`]: { text: url, ...own },
      [`${path}/manage.py`]: { text: '', ...own },
    });
  }

  #clone({ argv, options }: Call): Partial<ProgramResult> {
    const [url = '', path = ''] = argv.slice(argv.indexOf('--') + 1);
    const branch = argv[argv.indexOf('--branch') + 1] ?? '';
    const remote = this.remotes.get(url);
    if (remote === undefined)
      return failed(128, `fatal: unable to access '${url}/': Could not resolve host: x`);
    if (remote.refuses !== undefined) return failed(128, remote.refuses);
    if (!remote.branches.includes(branch))
      return failed(128, `fatal: Remote branch ${branch} not found in upstream origin`);
    const as = this.#host.accounts.caller(options.as);
    try {
      this.#host.tree.makeFolder(path, as);
    } catch {
      return failed(128, `fatal: could not create work tree dir '${path}': Permission denied`);
    }
    this.put(path, branch, url);
    return {};
  }

  #branch(path: string): Partial<ProgramResult> {
    const head = unlessAbsent(() => this.#host.tree.read(`${path}/.git/HEAD`))?.toString();
    if (head === undefined) return failed(128, 'fatal: not a git repository');
    return { stdout: `${/refs\/heads\/(\S+)/.exec(head)?.[1] ?? 'HEAD'}\n` };
  }

  #origin(path: string): Partial<ProgramResult> {
    const url = this.#addressIn(path);
    return url === ''
      ? failed(2, "error: No such remote 'origin'")
      : { stdout: `${this.insteadOf.get(url) ?? url}\n` };
  }

  /** git-config(1): "the section or key is invalid (ret=1)", as for one that is not there; nothing is said. */
  #written(path: string): Partial<ProgramResult> {
    const url = this.#addressIn(path);
    return url === '' ? { code: 1 } : { stdout: `${url}\n` };
  }

  #addressIn(path: string): string {
    return unlessAbsent(() => this.#host.tree.read(`${path}/.git/config`))?.toString() ?? '';
  }

  #setOrigin(path: string, url: string): Partial<ProgramResult> {
    if (this.#addressIn(path) === '') return failed(2, "error: No such remote 'origin'");
    this.#host.arrange({ [`${path}/.git/config`]: { text: url, owner: 'www-data' } });
    return {};
  }

  #checkout(path: string, branch: string): Partial<ProgramResult> {
    const url = this.#host.tree.read(`${path}/.git/config`).toString();
    if (!this.remotes.get(url)?.branches.includes(branch))
      return failed(1, `error: pathspec '${branch}' did not match any file(s) known to git`);
    if (this.edited.size > 0)
      return failed(
        1,
        'error: Your local changes to the following files would be overwritten by checkout:\n\tmanage.py\nPlease commit your changes or stash them before you switch branches.',
      );
    this.#host.arrange({ [`${path}/.git/HEAD`]: { text: `ref: refs/heads/${branch}\n`, owner: 'www-data' } });
    return {};
  }
}

function failed(code: number, stderr: string): Partial<ProgramResult> {
  return { code, stderr: `${stderr}\n` };
}
