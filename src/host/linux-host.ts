import { ProblemError } from '../output/problem.ts';
import { redactor } from '../output/redaction.ts';
import type { Account, Accounts } from './accounts.ts';
import { childEnvironment } from './environment.ts';
import { listFolder, readBytes, readText, statusOf } from './files.ts';
import type {
  FileStatus,
  Host,
  HttpAnswer,
  HttpOptions,
  ProgramResult,
  RunOptions,
  WrittenRecord,
} from './host.ts';
import type { Ledger } from './ledger.ts';
import { MINE, withMine } from './mine.ts';
import { KEPT } from './output.ts';
import type { PreparedPythons } from './prepared-pythons.ts';
import { runProcess } from './process.ts';
import type { ProgramStarter } from './program-starter.ts';
import { readAs } from './read-as.ts';
import { quote, shellOf } from './shell.ts';
import { decodedText } from './text.ts';
import { distrusted } from './trusted-path.ts';

const QUERY_TIMEOUT_MS = 60_000;
/** Of a file that is read as another account: what of its base64 is kept. */
const MOST_BYTES = (KEPT / 4) * 3;

/** What a server was asked, by key: it is not asked the same again before it changes. */
export type Facts = Map<string, Promise<unknown>>;

export interface LinuxHostOptions {
  readonly accounts: Accounts;
  readonly ledger: Ledger;
  /** Paths that may be replaced although they were edited. */
  readonly overwrite?: ReadonlySet<string>;
  /** Paths that the operator declares theirs. */
  readonly mine?: readonly string[];
  readonly signal?: AbortSignal;
  /** Kept with another, where nothing changes the server: what either asks the other knows. */
  readonly facts?: Facts;
  /** Kept ready over all changes of a run; each program is started anew when absent. */
  readonly prepared?: PreparedPythons;
  /** Starts queries; this process starts them itself when absent. */
  readonly starter?: ProgramStarter;
  readonly onWarning?: (message: string) => void;
  /** Each program that is run, for the log. */
  readonly onQuery?: (command: string, result: ProgramResult, ms: number) => void;
}

/** The machine as observation sees it: everything here only reads. */
export class LinuxHost implements Host {
  protected readonly options: LinuxHostOptions;
  /** With each change another: a fact that is being computed meanwhile is not remembered after it. */
  #facts: Facts;
  readonly #planned = new Set<string>();

  constructor(options: LinuxHostOptions) {
    this.options = options;
    this.#facts = options.facts ?? new Map();
  }

  async query(argv: readonly string[], options: RunOptions = {}): Promise<ProgramResult> {
    const account = await this.account(options.as);
    await this.checkProgram(argv, account);
    const started = performance.now();
    const asked = this.#askedOf(options, account, QUERY_TIMEOUT_MS);
    const result =
      (await this.inPrepared(options, account, QUERY_TIMEOUT_MS)) ??
      (options.acts === true ? undefined : await this.options.starter?.run(argv, asked)) ??
      (await runProcess(argv, asked));
    if (options.quiet !== true) {
      this.options.onQuery?.(shellOf(argv), result, performance.now() - started);
    }
    return result;
  }

  /**
   * Does what a program does in a process that has run its preparation already.
   * @param timeoutMs for a program that has no limit of its own, milliseconds
   * @param onLine told of each line that it prints
   * @returns `undefined` where it is to be started by itself: it has no preparation, say
   */
  protected async inPrepared(
    options: RunOptions,
    account: Account,
    timeoutMs: number,
    onLine?: (line: string) => void,
  ): Promise<ProgramResult | undefined> {
    if (options.prepared === undefined || options.acts === true) return undefined;
    return this.options.prepared?.run(options.prepared, {
      ...this.#askedOf(options, account, timeoutMs),
      ...(onLine === undefined ? {} : { onLine }),
    });
  }

  #askedOf(options: RunOptions, account: Account, timeoutMs: number) {
    return {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.input === undefined ? {} : { input: options.input }),
      env: childEnvironment(account.home, account.name, { PYTHONDONTWRITEBYTECODE: '1', ...options.env }),
      timeoutMs: options.timeoutMs ?? timeoutMs,
      abandons: true,
      ...(options.as === undefined ? {} : { account }),
      onStart: () => {
        options.onStart?.();
        return undefined;
      },
      ...(this.options.signal ? { signal: this.options.signal } : {}),
    };
  }

  async read(path: string, options: { readonly as?: string } = {}): Promise<string | undefined> {
    if (options.as === undefined) return readText(path);
    const bytes = await this.bytes(path, options);
    return bytes === undefined ? undefined : decodedText(bytes, path);
  }

  async bytes(path: string, options: { readonly as?: string } = {}): Promise<Uint8Array | undefined> {
    if (options.as === undefined) return readBytes(path);
    const account = await this.account(options.as);
    const read = readAs(path, account, MOST_BYTES);
    if (read !== 'not settled') return read;
    // By the account itself: it could have put a link to a file of root's there.
    const result = await this.query(['base64', '--wrap=0', '--', path], { as: options.as, quiet: true });
    // Of a longer one the beginning would be missing, without a word.
    if (result.code === 0 && result.stdout.length >= KEPT)
      throw new ProblemError({
        what: `${path} has more than ${MOST_BYTES} bytes. No file of the site is that large, so it was not read.`,
        remedy: 'Find out what wrote to it, restore its content, then run again.',
      });
    if (result.code === 0) return Buffer.from(result.stdout, 'base64');
    // base64(1) says the path first, and that may hold any words.
    if (/: (No such file or directory|Not a directory)$/m.test(result.stderr)) return undefined;
    throw new ProblemError({
      what: `${path} can't be read as ${options.as}: ${redactor.redact(result.stderr.trim())}`,
      remedy: `Let ${options.as} read it (the document: chown ${options.as}), then run again.`,
    });
  }

  async status(path: string): Promise<FileStatus | undefined> {
    return statusOf(path, this.options.accounts);
  }

  async list(path: string): Promise<readonly string[]> {
    return listFolder(path);
  }

  async request(url: string, options?: HttpOptions): Promise<HttpAnswer> {
    // Node's own HTTP client takes its time to load; the first frame does not need it.
    return (await import('./http.ts')).request(url, options);
  }

  once<T>(key: string, compute: () => Promise<T>): Promise<T> {
    const facts = this.#facts;
    const known = facts.get(key);
    if (known !== undefined) return known as Promise<T>;
    const computed = compute();
    facts.set(key, computed);
    // A fact that failed is asked again.
    computed.catch(() => facts.delete(key));
    return computed;
  }

  willChange(path: string): boolean {
    return this.#planned.has(path);
  }

  async written(path: string): Promise<WrittenRecord | undefined> {
    return this.options.ledger.written(path);
  }

  mayOverwrite(path: string): boolean {
    return this.options.overwrite?.has(path) ?? false;
  }

  warn(message: string): void {
    this.options.onWarning?.(redactor.redact(message));
  }

  hint(key: string): string | undefined {
    const hint = this.options.ledger.hint(key);
    return key === MINE ? withMine(hint, this.options.mine ?? []) : hint;
  }

  /** @returns what was asked since the last change, and what will be until the next one */
  get facts(): Facts {
    return this.#facts;
  }

  /** For the engine: while planning, later operations see what earlier ones will write. */
  expect(paths: readonly string[]): void {
    for (const path of paths) this.#planned.add(path);
  }

  /** For the engine: something changed (or the plan is over); every fact is to be asked again. */
  forget(): void {
    this.#facts = new Map();
    this.#planned.clear();
  }

  /**
   * The last line of defense: a program whose path comes from a file (a unit, say) may be another account's.
   * A bare name is looked up in root's own folders only (`childEnvironment`).
   * @throws ProblemError instead of running as root what another account can replace
   */
  protected async checkProgram([program = '']: readonly string[], account: Account): Promise<void> {
    if (account.uid !== 0 || !program.includes('/')) return;
    const why = await distrusted(this, program);
    if (why === undefined) return;
    throw new ProblemError({
      what: `${program} was not run as root, because ${why}.`,
      remedy: `Check owners and modes along the path (namei -l ${quote(program)}). Move the program to a folder that only root can write, or correct the file that names it, then run again.`,
    });
  }

  protected async account(name: string | undefined): Promise<Account> {
    const account = this.options.accounts.user(name ?? 'root');
    if (account === undefined) {
      throw new ProblemError({
        what: `There is no account ${name} on this server.`,
        remedy: `Debian and Ubuntu bring ${name}. Elsewhere, create it: useradd --system ${name}`,
      });
    }
    return account;
  }
}
