import path from 'node:path';
import { redactor } from '../answers/redaction.ts';
import type { EngineEvent } from '../engine/events.ts';
import type { Journal } from '../engine/journal.ts';
import { type Problem, ProblemError, StoppedError } from '../engine/problem.ts';
import { childEnvironment, RUN_MARKER } from './environment.ts';
import { chmod, chown, makeFolders, PARTIAL, replaceFile, replaceLink, rm } from './files.ts';
import type { FileOptions, LiveHost, RunOptions, RunResult } from './host.ts';
import { LinuxHost, type LinuxHostOptions } from './linux-host.ts';
import { runProcess } from './process.ts';
import { asAccount, quote, shellOf } from './shell.ts';

const RUN_TIMEOUT_MS = 30 * 60_000;
/** Lines of output that a failure shows. */
const SHOWN_LINES = 12;

/**
 * As the account itself: root never writes where another account could plant a link. Arguments, not text, name the files.
 * The size is compared before the file takes its place: when the product is killed in between, its end of the pipe
 * closes, and a part of the text would pass for all of it.
 */
const WRITE_AS = `set -eu
umask 077
rm -f -- "$2"
set -C
cat > "$2"
test "$(wc -c < "$2")" -eq "$4"
chmod -- "$3" "$2"
sync -- "$2"
mv -fT -- "$2" "$1"`;

export interface LiveHostOptions extends LinuxHostOptions {
  readonly journal: Journal;
  readonly emit: (event: EngineEvent) => void;
  readonly signal: AbortSignal;
  /** The run's folder, in every child's environment. */
  readonly run: string;
}

/** The machine as a change sees it. One per running operation, so that output and journal say whose they are. */
export class LinuxLiveHost extends LinuxHost implements LiveHost {
  readonly #live: LiveHostOptions;
  readonly #operation: string;
  readonly #shared: LinuxHost;
  readonly #restarted: Set<string>;

  /** @param shared the run's host, whose facts every change makes stale */
  constructor(options: LiveHostOptions, operation: string, shared: LinuxHost, restarted: Set<string>) {
    super(options);
    this.#live = options;
    this.#operation = operation;
    this.#shared = shared;
    this.#restarted = restarted;
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

  async run(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    const account = await this.account(options.as);
    const command = asAccount(options.as, shellOf(argv));
    this.#emit({
      type: 'command',
      at: Date.now(),
      operation: this.#operation,
      command: redactor.redact(command),
    });
    const result = await runProcess(argv, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.input === undefined ? {} : { input: options.input }),
      env: childEnvironment(account.home, account.name, { [RUN_MARKER]: this.#live.run, ...options.env }),
      timeoutMs: options.timeoutMs ?? RUN_TIMEOUT_MS,
      ...(options.as === undefined ? {} : { account }),
      signal: this.#live.signal,
      ...(options.quiet === true ? {} : { onLine: (line: string) => this.say(line) }),
    });
    this.forget();
    if ((options.accept ?? [0]).includes(result.code)) return result;
    if (this.#live.signal.aborted) throw new StoppedError('Stopped by the operator');
    throw new ProblemError(failureOf(command, result, options));
  }

  async write(file: string, content: string, options: FileOptions = {}): Promise<void> {
    const before = await this.status(file);
    const old = before?.type === 'file' ? await this.read(file, reader(options)) : undefined;
    const { secret = false } = options;
    this.#live.journal.path(
      this.#operation,
      'write',
      file,
      { status: before, ...(old === undefined ? {} : { content: old }) },
      content,
      secret !== false,
    );
    this.#live.ledger.noteWritten(file, content, secret !== true);
    const mode = options.mode ?? (before?.type === 'file' ? before.mode : 0o644);
    if (options.as !== undefined) {
      await this.#script(
        WRITE_AS,
        [file, `${file}${PARTIAL}`, mode.toString(8), String(Buffer.byteLength(content))],
        options.as,
        content,
      );
    } else {
      for (const made of await makeFolders(path.dirname(file))) {
        this.#live.journal.path(this.#operation, 'folder', made, { status: undefined });
      }
      await replaceFile(file, content, {
        mode,
        uid: this.#uid(options.owner ?? before?.owner ?? 'root'),
        gid: this.#gid(options.group ?? before?.group ?? options.owner ?? 'root'),
      });
    }
    this.forget();
  }

  async makeFolder(folder: string, options: FileOptions = {}): Promise<void> {
    const before = await this.status(folder);
    this.#live.journal.path(this.#operation, 'folder', folder, { status: before });
    const mode = options.mode ?? 0o755;
    if (options.as !== undefined) {
      await this.#script(
        'umask 022; mkdir -p -- "$1" && chmod -- "$2" "$1"',
        [folder, mode.toString(8)],
        options.as,
      );
    } else {
      await makeFolders(folder);
      await chown(
        folder,
        this.#uid(options.owner ?? 'root'),
        this.#gid(options.group ?? options.owner ?? 'root'),
      );
      await chmod(folder, mode);
    }
    this.forget();
  }

  async link(target: string, file: string, options: { readonly as?: string } = {}): Promise<void> {
    this.#live.journal.path(this.#operation, 'link', file, { status: await this.status(file) });
    if (options.as !== undefined) await this.#script('ln -sfnT -- "$1" "$2"', [target, file], options.as);
    else await replaceLink(target, file);
    this.forget();
  }

  async remove(file: string, options: { readonly as?: string } = {}): Promise<void> {
    const before = await this.status(file);
    const content = before?.type === 'file' ? await this.read(file, options) : undefined;
    this.#live.journal.path(this.#operation, 'remove', file, {
      status: before,
      ...(content === undefined ? {} : { content }),
    });
    if (options.as !== undefined) await this.#script('rm -f -- "$1"', [file], options.as);
    else await rm(file, { force: true });
    this.forget();
  }

  async setMode(file: string, mode: number, options: { readonly as?: string } = {}): Promise<void> {
    this.#live.journal.path(this.#operation, 'mode', file, { status: await this.status(file) });
    if (options.as !== undefined)
      await this.#script('chmod -- "$2" "$1"', [file, mode.toString(8)], options.as);
    else await chmod(file, mode);
    this.forget();
  }

  async setOwner(file: string, owner: string, group: string): Promise<void> {
    this.#live.journal.path(this.#operation, 'owner', file, { status: await this.status(file) });
    await chown(file, this.#uid(owner), this.#gid(group));
    this.forget();
  }

  async note(entry: { readonly kind: string; readonly [field: string]: string }): Promise<void> {
    this.#live.journal.note(this.#operation, entry);
  }

  say(line: string): void {
    this.#emit({ type: 'output', at: Date.now(), operation: this.#operation, line: redactor.redact(line) });
  }

  restarted(unit: string): void {
    this.#restarted.add(unit);
  }

  remember(key: string, value: string): void {
    this.#live.ledger.remember(key, value);
  }

  #emit(event: EngineEvent): void {
    this.#live.emit(event);
  }

  async #script(script: string, args: readonly string[], as: string, input?: string): Promise<void> {
    const account = await this.account(as);
    const result = await runProcess(['/bin/sh', '-c', script, 'sh', ...args], {
      env: childEnvironment(account.home, account.name, { [RUN_MARKER]: this.#live.run }),
      timeoutMs: 60_000,
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
      what: `There is no account ${name} on this host.`,
      remedy: `Make it, then run again.`,
    });
  }

  #gid(name: string): number {
    const gid = this.#live.accounts.groupId(name) ?? this.#live.accounts.user(name)?.gid;
    if (gid !== undefined) return gid;
    if (/^\d+$/.test(name)) return Number(name);
    throw new ProblemError({
      what: `There is no group ${name} on this host.`,
      remedy: `Make it, then run again.`,
    });
  }
}

function reader(options: FileOptions): { as?: string } {
  return options.as === undefined ? {} : { as: options.as };
}

/** @returns the failure of a command in words: what it was, its code, its last lines, and what to do. */
function failureOf(command: string, result: RunResult, options: RunOptions = {}): Problem {
  const lines = redactor
    .redact(`${result.stdout}\n${result.stderr}`)
    .split(/\r?\n|\r/)
    .filter((line) => line.trim() !== '');
  const explained = options.explain?.(result) ?? usualReason(result);
  return {
    what: explained?.what ?? `The command failed: ${redactor.redact(command)}`,
    remedy:
      explained?.remedy ??
      'Read the last lines above and the log, mend what they name, and run again: it goes on from here.',
    command: redactor.redact(command),
    exitCode: result.code,
    detail: lines.slice(-SHOWN_LINES),
  };
}

function usualReason(result: RunResult): { what?: string; remedy: string } | undefined {
  const text = `${result.stderr}\n${result.stdout}`;
  if (/No space left on device/.test(text)) {
    return {
      what: 'The disk is full.',
      remedy: 'Make room (df -h shows where), then run again: it goes on from here.',
    };
  }
  if (result.code === 124) {
    return {
      remedy:
        'It did not end in time and was stopped with all that it had started. Find out what it waits for, then run again.',
    };
  }
  if (result.code === 127) {
    return {
      remedy:
        'The program is not installed. Run the section that installs it (Requirements), then this one again.',
    };
  }
  return undefined;
}
