import path from 'node:path';
import { noteChanged } from '../../../src/host/clock.ts';
import type { FileOptions, LiveHost, ProgramResult, RunOptions } from '../../../src/host/host.ts';
import { type PathChange, sumOf } from '../../../src/host/journal.ts';
import { failureOf } from '../../../src/host/live-host.ts';
import type { Rights } from '../../../src/host/rights.ts';
import { asAccount, quote, shellOf } from '../../../src/host/shell.ts';
import { ProblemError, StoppedError } from '../../../src/output/problem.ts';
import { redactor } from '../../../src/output/redaction.ts';
import { Said } from './accounts-files.ts';
import { type ErrorCode, entryOf, SystemError } from './entries.ts';
import { type Failure, Steps } from './failures.ts';
import { ReadingHost } from './reading-host.ts';
import { RootsFiles } from './roots-files.ts';
import type { Caller } from './tree.ts';

const LARGEST_COPY = 4 * 1024 * 1024;

interface FakeHostOptions {
  /** Lets time pass, in milliseconds; after each step of a change. Nothing by itself: the clock is the test's. */
  readonly advance?: (ms: number) => void;
  /** Accounts besides Debian's own: name → primary group. */
  readonly accounts?: Readonly<Record<string, string>>;
}

/** Milliseconds that a program takes, and that a file takes. */
const PROGRAM_MS = 50;
const FILE_MS = 5;

/**
 * A host in memory: files with rights and owners, programs that a table answers, what the product remembers. It behaves as
 * LinuxLiveHost does; test/host/contract.test.ts has both do the same and compares what each leaves behind.
 */
export class FakeHost extends ReadingHost implements LiveHost {
  /** Programs that `run` started, as typed by root. */
  readonly ran: string[] = [];
  readonly said: string[] = [];
  readonly restartedUnits: string[] = [];
  readonly reloadedUnits: string[] = [];
  steps = new Steps();
  /** Whose journal entries the next ones are. */
  operation = 'test/operation';
  readonly #controller = new AbortController();
  readonly #advance: (ms: number) => void;
  readonly #roots = new RootsFiles(this.tree);

  constructor({ advance = () => {}, accounts = {} }: FakeHostOptions = {}) {
    super(accounts);
    this.#advance = advance;
  }

  /** Steps are counted again from here. */
  plant(failure?: Failure): void {
    this.steps = new Steps(failure);
  }

  /** The operator stops the run at once. */
  stop(): void {
    this.#controller.abort();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  async run(argv: readonly string[], options: RunOptions = {}): Promise<ProgramResult> {
    if (options.evenWhenStopped !== true && this.signal.aborted)
      throw new StoppedError('Stopped by the operator');
    this.accounts.caller(options.as);
    const command = asAccount(options.as, shellOf(argv));
    const planted = this.steps.exec();
    this.ran.push(redactor.redact(command));
    this.#advance(PROGRAM_MS);
    const result = heard(
      planted === undefined
        ? this.programs.answer({ argv, options })
        : { code: 1, stdout: '', stderr: '', ...planted },
      options,
    );
    if (options.quiet !== true)
      for (const line of `${result.stdout}\n${result.stderr}`.split('\n').filter(Boolean)) this.say(line);
    this.forget();
    if ((options.accept ?? [0]).includes(result.code)) return result;
    if (this.signal.aborted) throw new StoppedError('Stopped by the operator');
    throw new ProblemError(failureOf(command, result, options));
  }

  async write(file: string, content: string | Uint8Array, options: FileOptions = {}): Promise<void> {
    const before = await this.status(file);
    const mode = options.mode ?? (before?.type === 'file' ? before.mode : 0o644);
    await this.#journal({
      kind: 'write',
      path: file,
      before,
      after: { sha256: sumOf(content), mode },
      ...kept(options),
    });
    if (options.foreign !== true) this.memory.noteWritten(file, content, options.secret !== true);
    this.#change(
      file,
      options.as,
      'cat',
      (as) => this.others.write(file, Buffer.from(content), mode, as),
      (full) => {
        this.#makeFolders(path.dirname(file));
        const owner = this.accounts.user(options.owner ?? before?.owner ?? 'root');
        const group = this.accounts.group(options.group ?? before?.group ?? options.owner ?? 'root');
        full();
        this.#roots.replace(file, entryOf({ text: content, mode, owner, group }, Date.now()));
      },
    );
    if (options.foreign === true) this.memory.forgetWritten(file);
    this.forget();
    await noteChanged(this, file);
  }

  async makeFolder(folder: string, options: FileOptions = {}): Promise<void> {
    const before = await this.status(folder);
    const mode = options.mode ?? 0o755;
    await this.#journal({ kind: 'folder', path: folder, before, after: { mode }, ...kept(options) });
    this.#change(
      folder,
      options.as,
      'mkdir',
      (as) => this.others.makeFolder(folder, mode, as),
      (full) => {
        full();
        this.#makeFolders(folder);
        const owner = this.accounts.user(options.owner ?? 'root');
        const group = this.accounts.group(options.group ?? options.owner ?? 'root');
        this.#roots.setRights(folder, { mode, owner, group });
      },
    );
    this.forget();
  }

  async link(target: string, file: string, options: { readonly as?: string } = {}): Promise<void> {
    const before = await this.status(file);
    await this.#journal({ kind: 'link', path: file, before, after: { target }, ...kept(options) });
    this.#change(
      file,
      options.as,
      'ln',
      (as) => this.others.link(target, file, as),
      (full) => {
        this.#makeFolders(path.dirname(file));
        full();
        this.#roots.replace(file, entryOf({ link: target }, Date.now()));
      },
    );
    this.forget();
  }

  async remove(
    file: string,
    options: { readonly as?: string; readonly secret?: boolean } = {},
  ): Promise<void> {
    const before = await this.status(file);
    await this.#journal({ kind: 'remove', path: file, before, after: null, ...kept(options) });
    this.#change(
      file,
      options.as,
      'rm',
      (as) => this.others.remove(file, as),
      (full) => {
        full();
        this.#roots.remove(file);
      },
    );
    this.forget();
  }

  async removeFolder(folder: string, options: { readonly as?: string } = {}): Promise<void> {
    const before = await this.status(folder);
    await this.#journal({ kind: 'remove', path: folder, before, after: null, ...kept(options) });
    this.#change(
      folder,
      options.as,
      'rmdir',
      (as) => this.others.removeFolder(folder, as),
      (full) => {
        full();
        this.#roots.removeEmptyFolder(folder);
      },
    );
    this.forget();
  }

  async setMode(file: string, mode: number, options: { readonly as?: string } = {}): Promise<void> {
    const before = await this.status(file);
    await this.#journal({ kind: 'mode', path: file, before, after: { mode }, ...kept(options) });
    this.#change(
      file,
      options.as,
      'chmod',
      (as) => this.others.setMode(file, mode, as),
      (full) => {
        full();
        this.#roots.setRights(file, { mode });
      },
    );
    this.forget();
  }

  async setOwner(file: string, owner: string, group: string): Promise<void> {
    const before = await this.status(file);
    await this.#journal({ kind: 'owner', path: file, before, after: { owner, group } });
    this.#change(
      file,
      undefined,
      'chown',
      () => {},
      (full) => {
        const to = [this.accounts.user(owner), this.accounts.group(group)] as const;
        full();
        this.#roots.setOwner(file, ...to);
      },
    );
    this.forget();
  }

  async setRights(root: string, rights: readonly Rights[]): Promise<void> {
    const was = rights.flatMap(([file]) => {
      const held = this.#roots.rightsHeld(root, file);
      return held === undefined ? [] : [held];
    });
    this.memory.note(this.operation, { kind: 'rights', path: root, was });
    this.#change(
      root,
      undefined,
      'chown',
      () => {},
      (full) => {
        for (const [, owner] of rights) {
          const [user = '', group = ''] = owner.split(':');
          this.accounts.user(user);
          this.accounts.group(group);
        }
        full();
        this.#roots.giveRights(root, rights);
      },
    );
    this.forget();
  }

  async note(entry: { readonly kind: string; readonly [field: string]: unknown }): Promise<void> {
    this.memory.note(this.operation, entry);
  }

  say(line: string): void {
    this.said.push(redactor.redact(line));
  }

  restarted(unit: string): void {
    this.restartedUnits.push(unit);
  }

  reloaded(unit: string): void {
    this.reloadedUnits.push(unit);
  }

  remember(key: string, value: string): void {
    this.memory.remember(key, value);
  }

  /** @param full called where the disk may be full: what was done before it stays, what comes after is not begun */
  #change(
    file: string,
    as: string | undefined,
    program: string,
    others: (as: Caller) => void,
    roots: (full: () => void) => void,
  ): void {
    const planted = this.steps.write();
    this.#advance(FILE_MS);
    if (as === undefined) {
      roots(() => refuse(planted, file));
      return;
    }
    const caller = this.accounts.caller(as);
    try {
      if (planted !== undefined) this.others.fail(program, file, planted);
      others(caller);
    } catch (error) {
      if (!(error instanceof Said)) throw error;
      throw new ProblemError({
        what: `${file} can't be written as ${as}: ${redactor.redact(error.message)}`,
        remedy: /No space left/.test(error.message)
          ? 'Make room (df -h shows where), then run again: nothing was half written.'
          : `Check that ${as} may write to ${path.dirname(file)} (ls -ld ${quote(path.dirname(file))}), then run again.`,
      });
    }
  }

  async #journal(change: PathChange): Promise<void> {
    const { before, path: file, kind, as } = change;
    const replaces = before?.type === 'file' && ['write', 'link', 'remove'].includes(kind);
    const content = replaces && before.size <= LARGEST_COPY ? this.content(file, as) : undefined;
    const sum = content === undefined ? undefined : sumOf(content);
    const record = this.memory.written(file);
    const own = sum !== undefined && (record?.sha256 === sum || record?.before === sum);
    this.memory.path(this.operation, {
      ...change,
      ...(content === undefined ? {} : { content }),
      ...(own ? { own } : {}),
    });
  }

  #makeFolders(folder: string): void {
    for (const made of this.#roots.makeFolders(folder))
      this.memory.path(this.operation, {
        kind: 'folder',
        path: made,
        before: undefined,
        after: { mode: 0o755 },
      });
  }
}

/** As src/host/process.ts: both streams in one for a program that is heard line by line, and that ended by itself. */
function heard(result: ProgramResult, { quiet }: RunOptions): ProgramResult {
  const { code, stdout, stderr } = result;
  if (quiet === true || code === 124 || code === 127 || code > 128) return result;
  return { inOrder: `${stdout}${stderr}`, ...result };
}

function refuse(planted: ErrorCode | undefined, file: string): void {
  if (planted !== undefined) throw new SystemError(planted, 'write', file);
}

function kept({ as, secret }: { readonly as?: string; readonly secret?: boolean }) {
  return { ...(as === undefined ? {} : { as }), ...(secret === true ? { secret } : {}) };
}
