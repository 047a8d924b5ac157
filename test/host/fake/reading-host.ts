import type {
  FileStatus,
  Host,
  HttpAnswer,
  HttpOptions,
  ProgramResult,
  RunOptions,
  WrittenRecord,
} from '../../../src/host/host.ts';
import { decodedText } from '../../../src/host/text.ts';
import { ProblemError } from '../../../src/output/problem.ts';
import { redactor } from '../../../src/output/redaction.ts';
import { FakeAccounts } from './accounts.ts';
import { AccountsFiles, Said } from './accounts-files.ts';
import type { Given } from './entries.ts';
import { Memory } from './memory.ts';
import { Programs } from './programs.ts';
import { Tree, unlessAbsent } from './tree.ts';

/** What observation sees of a host in memory: as LinuxHost, nothing here changes it. */
export class ReadingHost implements Host {
  readonly tree: Tree;
  readonly programs = new Programs();
  readonly memory = new Memory();
  readonly accounts: FakeAccounts;
  readonly warnings: string[] = [];
  readonly overwrite = new Set<string>();
  /** The plan's word that an earlier change writes these. */
  readonly planned = new Set<string>();
  /** Answers to HTTP requests. */
  web: (url: string, options: HttpOptions) => HttpAnswer = () => ({
    status: 0,
    headers: {},
    body: '',
    error: 'connect ECONNREFUSED',
  });
  /** Files that are made when they are read, below /proc. */
  made: (file: string) => string | undefined = () => undefined;
  protected readonly others: AccountsFiles;
  readonly #facts = new Map<string, Promise<unknown>>();
  #generation = 0;

  /** @param accounts besides Debian's own: name → primary group */
  constructor(accounts: Readonly<Record<string, string>>) {
    const now = () => Date.now();
    this.tree = new Tree(now, (file) => this.made(file));
    this.others = new AccountsFiles(this.tree, now);
    this.accounts = new FakeAccounts(accounts);
  }

  /** Puts files there: path → text, link, folder; `null` takes one away. */
  arrange(files: Readonly<Record<string, Given | null>>): void {
    for (const [file, given] of Object.entries(files))
      if (given !== null) this.tree.put(file, given);
      else if (unlessAbsent(() => this.tree.find(file)) !== undefined) this.tree.remove(file);
  }

  async query(argv: readonly string[], options: RunOptions = {}): Promise<ProgramResult> {
    this.accounts.caller(options.as);
    return this.programs.answer({ argv, options });
  }

  async read(file: string, options: { readonly as?: string } = {}): Promise<string | undefined> {
    const bytes = this.content(file, options.as);
    return bytes === undefined ? undefined : decodedText(bytes, file);
  }

  async bytes(file: string, options: { readonly as?: string } = {}): Promise<Uint8Array | undefined> {
    return this.content(file, options.as);
  }

  async status(file: string): Promise<FileStatus | undefined> {
    const entry = unlessAbsent(() => this.tree.find(file));
    if (entry === undefined) return undefined;
    const { type, mode, owner, group, modified } = entry;
    const rights = { type, mode, owner, group, modified };
    if (entry.type === 'link') return { ...rights, size: entry.target.length, target: entry.target };
    return {
      ...rights,
      size: entry.type === 'file' ? entry.bytes.length : entry.type === 'socket' ? 0 : 4096,
    };
  }

  async list(folder: string): Promise<readonly string[]> {
    return unlessAbsent(() => this.tree.list(folder)) ?? [];
  }

  async request(url: string, options: HttpOptions = {}): Promise<HttpAnswer> {
    return this.web(url, options);
  }

  once<T>(key: string, compute: () => Promise<T>): Promise<T> {
    const known = this.#facts.get(key);
    if (known !== undefined) return known as Promise<T>;
    const generation = this.#generation;
    const computed = compute();
    this.#facts.set(key, computed);
    const forget = () => {
      if (this.#facts.get(key) === computed) this.#facts.delete(key);
    };
    computed.then(() => {
      if (generation !== this.#generation) forget();
    }, forget);
    return computed;
  }

  willChange(file: string): boolean {
    return this.planned.has(file);
  }

  async written(file: string): Promise<WrittenRecord | undefined> {
    return this.memory.written(file);
  }

  mayOverwrite(file: string): boolean {
    return this.overwrite.has(file);
  }

  warn(message: string): void {
    this.warnings.push(redactor.redact(message));
  }

  hint(key: string): string | undefined {
    return this.memory.hint(key);
  }

  /** As a plan does: later operations see what earlier ones will write. */
  expect(paths: readonly string[]): void {
    for (const path of paths) this.planned.add(path);
  }

  forget(): void {
    this.#generation += 1;
    this.#facts.clear();
    this.planned.clear();
  }

  protected content(file: string, as: string | undefined): Buffer | undefined {
    if (as === undefined) return unlessAbsent(() => this.tree.read(file));
    try {
      return this.others.read(file, this.accounts.caller(as));
    } catch (error) {
      if (!(error instanceof Said)) throw error;
      if (/No such file|Not a directory/.test(error.message)) return undefined;
      throw new ProblemError({
        what: `${file} can't be read as ${as}: ${redactor.redact(error.message)}`,
        remedy: `Let ${as} read it (the document: chown ${as}), then run again.`,
      });
    }
  }
}
