import path from 'node:path';
import { type Problem, ProblemError, StoppedError } from '../output/problem.ts';
import { redactor } from '../output/redaction.ts';
import type { Account } from './accounts.ts';
import { noteAtWork } from './at-work.ts';
import { noteChanged } from './clock.ts';
import { childEnvironment, RUN_MARKER } from './environment.ts';
import type { HostEvent } from './events.ts';
import {
  makeFolders,
  PARTIAL,
  removeEmptyFolder,
  removeFile,
  replaceFile,
  replaceLink,
  setOwnerOf,
  setRightsOf,
} from './files.ts';
import type { FileOptions, LiveHost, ProgramResult, RunOptions } from './host.ts';
import { type Journal, type PathChange, sumOf } from './journal.ts';
import { LinuxHost, type LinuxHostOptions } from './linux-host.ts';
import { runProcess } from './process.ts';
import { giveRights, type Rights, rightsHeld } from './rights.ts';
import { asAccount, quote, shellOf } from './shell.ts';

const RUN_TIMEOUT_MS = 30 * 60_000;
/** Lines of output that a failure shows. */
const SHOWN_LINES = 12;
/** Bytes of a replaced file that the journal keeps at most; what is larger is no configuration. */
const LARGEST_COPY = 4 * 1024 * 1024;

/**
 * As the account itself: root never writes where another account could plant a link. Arguments, not text, name the files.
 * The size is compared before the file takes its place: when the product is killed in between, its end of the pipe
 * closes, and a part of the text would pass for all of it.
 */
const WRITE_AS = `set -eu
umask 077
trap 'rm -f -- "$2"' EXIT
rm -f -- "$2"
set -C
cat > "$2"
test "$(wc -c < "$2")" -eq "$4"
chmod -- "$3" "$2"
sync -- "$2"
mv -fT -- "$2" "$1"`;

export interface LiveHostOptions extends LinuxHostOptions {
  readonly journal: Journal;
  readonly emit: (event: HostEvent) => void;
  readonly signal: AbortSignal;
  /** The run's folder, in every child's environment. */
  readonly run: string;
}

/** The machine as a change sees it. One per running operation, so that output and journal say whose they are. */
export class LinuxLiveHost extends LinuxHost implements LiveHost {
  readonly #live: LiveHostOptions;
  readonly #operation: string;
  readonly #shared: LinuxHost;
  readonly #serviced: Map<string, 'restarted' | 'reloaded'>;

  /**
   * @param shared the run's host, whose facts every change makes stale
   * @param serviced takes what became of units, in the order in which it did
   */
  constructor(
    options: LiveHostOptions,
    operation: string,
    shared: LinuxHost,
    serviced: Map<string, 'restarted' | 'reloaded'>,
  ) {
    super(options);
    this.#live = options;
    this.#operation = operation;
    this.#shared = shared;
    this.#serviced = serviced;
  }

  get signal(): AbortSignal {
    return this.#live.signal;
  }

  /** What observing found a moment ago still holds for applying, unless something changed since: one memory for both. */
  override once<T>(key: string, compute: () => Promise<T>): Promise<T> {
    return this.#shared.once(key, compute);
  }

  override forget(): void {
    this.#shared.forget();
  }

  async run(argv: readonly string[], options: RunOptions = {}): Promise<ProgramResult> {
    this.#notStopped(options);
    const account = await this.account(options.as);
    await this.checkProgram(argv, account);
    const command = asAccount(options.as, shellOf(argv));
    this.#emit({
      type: 'command',
      at: Date.now(),
      operation: this.#operation,
      command: redactor.redact(command),
    });
    // It ends with this process, so a later run finds nothing of it at work.
    const prepared = await this.inPrepared(options, account, RUN_TIMEOUT_MS, this.#onLine(options));
    const result = prepared ?? (await this.#start(argv, options, account));
    this.forget();
    if ((options.accept ?? [0]).includes(result.code)) return result;
    if (this.#live.signal.aborted) throw new StoppedError('Stopped by the operator');
    throw new ProblemError(failureOf(command, result, options));
  }

  #start(argv: readonly string[], options: RunOptions, account: Account): Promise<ProgramResult> {
    this.#notStopped(options);
    const onLine = this.#onLine(options);
    return runProcess(argv, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.input === undefined ? {} : { input: options.input }),
      env: childEnvironment(account.home, account.name, { [RUN_MARKER]: this.#live.run, ...options.env }),
      timeoutMs: options.timeoutMs ?? RUN_TIMEOUT_MS,
      onStart: (pid) => noteAtWork(this.#live.ledger.folder, pid),
      ...(options.as === undefined ? {} : { account }),
      ...(options.evenWhenStopped === true ? {} : { signal: this.#live.signal }),
      ...(options.yields === true ? { yields: true } : {}),
      ...(onLine === undefined ? {} : { onLine }),
    });
  }

  #onLine({ quiet }: RunOptions): ((line: string) => void) | undefined {
    return quiet === true ? undefined : (line) => this.say(line);
  }

  /** What is started after a stop might be done before it is ended. */
  #notStopped(options: RunOptions): void {
    if (options.evenWhenStopped !== true && this.#live.signal.aborted)
      throw new StoppedError('Stopped by the operator');
  }

  async write(file: string, content: string | Uint8Array, options: FileOptions = {}): Promise<void> {
    const before = await this.status(file);
    const mode = options.mode ?? (before?.type === 'file' ? before.mode : 0o644);
    const after = { sha256: sumOf(content), mode };
    await this.#journal({ kind: 'write', path: file, before, after, ...kept(options) });
    if (options.foreign !== true) this.#live.ledger.noteWritten(file, content, options.secret !== true);
    if (options.as !== undefined) {
      await this.#script(
        WRITE_AS,
        [file, `${file}${PARTIAL}`, mode.toString(8), String(Buffer.byteLength(content))],
        options.as,
        content,
      );
    } else {
      await this.#makeFolders(path.dirname(file));
      await replaceFile(file, content, {
        mode,
        uid: this.#uid(options.owner ?? before?.owner ?? 'root'),
        gid: this.#gid(options.group ?? before?.group ?? options.owner ?? 'root'),
      });
    }
    if (options.foreign === true) this.#live.ledger.forgetWritten(file);
    this.forget();
    await noteChanged(this, file);
  }

  async makeFolder(folder: string, options: FileOptions = {}): Promise<void> {
    const before = await this.status(folder);
    const mode = options.mode ?? 0o755;
    await this.#journal({ kind: 'folder', path: folder, before, after: { mode }, ...kept(options) });
    if (options.as !== undefined) {
      await this.#script(
        'umask 022; mkdir -p -- "$1" && chmod -- "$2" "$1"',
        [folder, mode.toString(8)],
        options.as,
      );
    } else {
      await this.#makeFolders(folder);
      await setRightsOf(folder, {
        mode,
        uid: this.#uid(options.owner ?? 'root'),
        gid: this.#gid(options.group ?? options.owner ?? 'root'),
      });
    }
    this.forget();
  }

  async link(target: string, file: string, options: { readonly as?: string } = {}): Promise<void> {
    const before = await this.status(file);
    await this.#journal({ kind: 'link', path: file, before, after: { target }, ...kept(options) });
    if (options.as !== undefined) await this.#script('ln -sfnT -- "$2" "$1"', [file, target], options.as);
    else {
      await this.#makeFolders(path.dirname(file));
      await replaceLink(target, file);
    }
    this.forget();
  }

  async remove(
    file: string,
    options: { readonly as?: string; readonly secret?: boolean } = {},
  ): Promise<void> {
    const before = await this.status(file);
    await this.#journal({ kind: 'remove', path: file, before, after: null, ...kept(options) });
    if (options.as !== undefined) await this.#script('rm -f -- "$1"', [file], options.as);
    else await removeFile(file);
    this.forget();
  }

  async removeFolder(folder: string, options: { readonly as?: string } = {}): Promise<void> {
    const before = await this.status(folder);
    await this.#journal({ kind: 'remove', path: folder, before, after: null, ...kept(options) });
    if (options.as !== undefined) await this.#script('rmdir -- "$1"', [folder], options.as);
    else await removeEmptyFolder(folder);
    this.forget();
  }

  async setMode(file: string, mode: number, options: { readonly as?: string } = {}): Promise<void> {
    const before = await this.status(file);
    await this.#journal({ kind: 'mode', path: file, before, after: { mode }, ...kept(options) });
    if (options.as !== undefined)
      await this.#script('chmod -- "$2" "$1"', [file, mode.toString(8)], options.as);
    else await setRightsOf(file, { mode });
    this.forget();
  }

  async setOwner(file: string, owner: string, group: string): Promise<void> {
    const before = await this.status(file);
    await this.#journal({ kind: 'owner', path: file, before, after: { owner, group } });
    await setOwnerOf(file, this.#uid(owner), this.#gid(group));
    this.forget();
  }

  async setRights(root: string, rights: readonly Rights[]): Promise<void> {
    // Not by their paths: undo gives back what stands here, and a link on the way would lead to the rights of another file.
    const held = await rightsHeld(
      root,
      rights.map(([file]) => file),
    );
    const { accounts } = this.#live;
    const was = rights.flatMap(([file]): readonly Rights[] => {
      const now = held.get(file);
      return now === undefined
        ? []
        : [[file, `${accounts.userName(now.uid)}:${accounts.groupName(now.gid)}`, now.mode]];
    });
    this.#live.journal.note(this.#operation, { kind: 'rights', path: root, was });
    await giveRights(
      root,
      rights.map(([file, owner, mode]) => {
        const [user = '', group = ''] = owner.split(':');
        return { file, uid: this.#uid(user), gid: this.#gid(group), mode };
      }),
    );
    this.forget();
  }

  async note(entry: { readonly kind: string; readonly [field: string]: unknown }): Promise<void> {
    this.#live.journal.note(this.#operation, entry);
  }

  say(line: string): void {
    this.#emit({ type: 'output', at: Date.now(), operation: this.#operation, line: redactor.redact(line) });
  }

  restarted(unit: string): void {
    this.#serviced.set(unit, 'restarted');
  }

  reloaded(unit: string): void {
    if (!this.#serviced.has(unit)) this.#serviced.set(unit, 'reloaded');
  }

  remember(key: string, value: string, later?: boolean): void {
    this.#live.ledger.remember(key, value, later);
  }

  /** Before the change itself: a kill in between must leave more in the journal than on the host, not less. */
  async #journal(change: PathChange): Promise<void> {
    const { before, path: file, kind } = change;
    const replaces = before?.type === 'file' && ['write', 'link', 'remove'].includes(kind);
    const content =
      replaces && before.size <= LARGEST_COPY ? await this.bytes(file, reader(change)) : undefined;
    const sum = content === undefined ? undefined : sumOf(content);
    const record = this.#live.ledger.written(file);
    const own = sum !== undefined && (record?.sha256 === sum || record?.before === sum);
    this.#live.journal.path(this.#operation, {
      ...change,
      ...(content === undefined ? {} : { content }),
      ...(own ? { own } : {}),
    });
  }

  async #makeFolders(folder: string): Promise<void> {
    for (const made of await makeFolders(folder))
      await this.#journal({ kind: 'folder', path: made, before: undefined, after: { mode: 0o755 } });
  }

  #emit(event: HostEvent): void {
    this.#live.emit(event);
  }

  async #script(
    script: string,
    args: readonly string[],
    as: string,
    input?: string | Uint8Array,
  ): Promise<void> {
    const account = await this.account(as);
    const result = await runProcess(['/bin/sh', '-c', script, 'sh', ...args], {
      env: childEnvironment(account.home, account.name, { [RUN_MARKER]: this.#live.run }),
      timeoutMs: 60_000,
      onStart: (pid) => noteAtWork(this.#live.ledger.folder, pid),
      account,
      ...(input === undefined ? {} : { input }),
    });
    if (result.code === 0) return;
    throw new ProblemError({
      what: `${args[0]} can't be written as ${as}: ${redactor.redact(result.stderr.trim())}`,
      remedy: /No space left/.test(result.stderr)
        ? 'Make room (df -h shows where), then run again: nothing was half written.'
        : `Check that ${as} may write to ${path.dirname(args[0] ?? '')} (ls -ld ${quote(path.dirname(args[0] ?? ''))}), then run again.`,
    });
  }

  #uid(name: string): number {
    const account = this.#live.accounts.user(name);
    if (account) return account.uid;
    if (/^\d+$/.test(name)) return Number(name);
    throw new ProblemError({
      what: `There is no account ${name} on this server.`,
      remedy: 'Create it, then run again.',
    });
  }

  #gid(name: string): number {
    const gid = this.#live.accounts.groupId(name) ?? this.#live.accounts.user(name)?.gid;
    if (gid !== undefined) return gid;
    if (/^\d+$/.test(name)) return Number(name);
    throw new ProblemError({
      what: `There is no group ${name} on this server.`,
      remedy: 'Create it, then run again.',
    });
  }
}

function reader(options: { readonly as?: string | undefined }): { as?: string } {
  return options.as === undefined ? {} : { as: options.as };
}

/** What the journal keeps of a change's options. */
function kept({ as, secret }: { readonly as?: string; readonly secret?: boolean }) {
  return { ...reader({ as }), ...(secret === true ? { secret } : {}) };
}

/** @returns the failure of a command in words: what it was, its code, its last lines, and what to do. */
export function failureOf(command: string, result: ProgramResult, options: RunOptions = {}): Problem {
  const lines = redactor
    .redact(result.inOrder ?? `${result.stdout}\n${result.stderr}`)
    .split(/\r?\n|\r/)
    .filter((line) => line.trim() !== '');
  const explained = options.explain?.(result) ?? usualReason(result);
  return {
    what: explained?.what ?? `The command failed: ${redactor.redact(command)}`,
    remedy:
      explained?.remedy ??
      'The last lines above and the log say why. Fix the cause, then run again: it resumes from here.',
    command: redactor.redact(command),
    exitCode: result.code,
    detail: lines.slice(-SHOWN_LINES),
  };
}

function usualReason(result: ProgramResult): { what?: string; remedy: string } | undefined {
  const text = `${result.stderr}\n${result.stdout}`;
  if (/No space left on device/.test(text)) {
    return {
      what: 'The disk is full.',
      remedy: 'Make room (df -h shows where), then run again: it resumes from here.',
    };
  }
  if (result.code === 124) {
    return {
      remedy:
        'The program did not end in time, and was stopped with all that it had started. Find out what it waits for, then run again.',
    };
  }
  if (result.code === 127) {
    return {
      remedy:
        'The program is not installed. Run the section that installs it: studio-setup run requirements. Then run again.',
    };
  }
  return undefined;
}
