/**
 * The only door to the machine. Observation gets a {@link Host}, which can only read; a change's `apply`
 * gets a {@link LiveHost}. Arguments are arrays, never a shell string; standard input is closed unless given.
 */

import type { Rights } from './rights.ts';

export interface RunOptions {
  /** Account to run as; root when absent. Its HOME is set, extra groups are dropped. */
  readonly as?: string;
  readonly cwd?: string;
  /** Added to a small, known environment (PATH, HOME, LANG, proxies, CA bundle). Never a secret: /proc shows it. */
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input; the way for secrets into a program. */
  readonly input?: string;
  /** Milliseconds; 60,000 for queries and 30 minutes for runs when absent. */
  readonly timeoutMs?: number;
  /** Exit codes that are no failure for `run`; `[0]` when absent. */
  readonly accept?: readonly number[];
  /** What a failure most likely means and what to do, given its output. */
  readonly explain?: (result: ProgramResult) => { what?: string; remedy: string } | undefined;
  /** The output holds a secret that is not yet known to the funnel: don't stream or log it. */
  readonly quiet?: boolean;
  /** How to do the same in a Python that is there already. Where that is lost, the program is started by itself, a second time. */
  readonly prepared?: Prepared;
  /** For `query`: the program has an effect outside this server, such as sending mail, so it is never started twice. */
  readonly acts?: true;
  /** For `query`: called when the program runs, or will as soon as what it needs is prepared. */
  readonly onStart?: () => void;
  /** For `run`: it takes what others leave of the processors, a site's visitors and what decides the time before it. */
  readonly yields?: boolean;
  /** For `run`: carried out after the operator's stop as well, as it ends a state that must not stay. */
  readonly evenWhenStopped?: boolean;
}

/** A program of Python that is run in a fork of a process that has run its preparation. */
export interface Prepared {
  /** The Python to start for it. */
  readonly python: string;
  /** What may be run once and kept for many programs. It leaves a program nothing that the program does not make itself. */
  readonly preparation: string;
  readonly program: string;
}

export interface ProgramResult {
  /** Exit code; 128 + the signal's number after a signal, 127 when there is no such program, 124 after a time-out. */
  readonly code: number;
  /** Whole up to 8 MB, then only the last part. */
  readonly stdout: string;
  readonly stderr: string;
  /** The end of both, in the order in which they came. Only of what `run` carried out. */
  readonly inOrder?: string;
}

export interface FileStatus {
  readonly type: 'file' | 'directory' | 'link' | 'socket' | 'other';
  /** Permission bits, e.g. `0o644`, set-id bits included. */
  readonly mode: number;
  readonly owner: string;
  readonly group: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modified: number;
  /** Where a link points to. */
  readonly target?: string;
}

export interface FileOptions {
  /** Permission bits; 0o644 when absent (an existing file keeps its own). */
  readonly mode?: number;
  /** root when absent (an existing file keeps its own). Ignored with `as`. */
  readonly owner?: string;
  readonly group?: string;
  /** Write as this account: so that root never follows a link that it could have planted. */
  readonly as?: string;
  /** The content holds secrets: the ledger keeps no copy of it, and what is shown of it is masked. */
  readonly secret?: boolean;
  /** The operator's own, put back: it is not remembered as written by the product. */
  readonly foreign?: boolean;
}

export interface HttpOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds; 10,000 when absent. */
  readonly timeoutMs?: number;
  /** Connect here instead of to what the name resolves to; the name is still sent and verified. */
  readonly address?: string;
}

/** An answer, whatever its status. A connection that fails has status 0 and the reason in `error`. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly error?: string;
  /** PEM of the certificate that the server presented, for https. */
  readonly certificate?: string;
}

export interface Host {
  /** Runs a program that only reads. Never throws for an exit code. */
  query(argv: readonly string[], options?: RunOptions): Promise<ProgramResult>;
  /** @returns the text, `undefined` when there is no such file. @throws ProblemError when it can't be read, or is not UTF-8. */
  read(path: string, options?: { readonly as?: string }): Promise<string | undefined>;
  /** The same as bytes: for what need not be text. @throws ProblemError when it can't be read. */
  bytes(path: string, options?: { readonly as?: string }): Promise<Uint8Array | undefined>;
  /** Does not follow a link. */
  status(path: string): Promise<FileStatus | undefined>;
  /** Names in a folder, sorted; empty when there is no such folder. */
  list(path: string): Promise<readonly string[]>;
  request(url: string, options?: HttpOptions): Promise<HttpAnswer>;
  /** Computes a fact once and remembers it until the next change to the host. */
  once<T>(key: string, compute: () => Promise<T>): Promise<T>;
  /** In a plan: whether an earlier change will write this path. False while applying: then it has landed. */
  willChange(path: string): boolean;
  /** What the product itself last wrote to a path, for the three-way comparison. */
  written(path: string): Promise<WrittenRecord | undefined>;
  /** Whether the operator said that this path may be replaced although edited (`--overwrite`). */
  mayOverwrite(path: string): boolean;
  /** Tells the operator something that does not stop the run, once. */
  warn(message: string): void;
  /** A hint kept from an earlier run that makes observation faster; never the truth by itself. */
  hint(key: string): string | undefined;
}

export interface WrittenRecord {
  /** SHA-256, hex, of the content as written. */
  readonly sha256: string;
  /** SHA-256 of what it wrote before that: a kill may fall between the note and the write. */
  readonly before?: string;
  /** The content, absent for files that hold secrets. */
  readonly content?: string;
}

export interface LiveHost extends Host {
  /**
   * Runs a program that changes the host; its output streams into the events.
   * @throws ProblemError when the exit code is not accepted, with the command, code and last lines.
   */
  run(argv: readonly string[], options?: RunOptions): Promise<ProgramResult>;
  /** Replaces a file whole: temp file beside it, mode and owner before content, fsync, rename. Journaled. */
  write(path: string, content: string | Uint8Array, options?: FileOptions): Promise<void>;
  /** Makes a folder with its parents; sets mode and owner on the last. Journaled. */
  makeFolder(path: string, options?: FileOptions): Promise<void>;
  /** Makes or replaces a symbolic link. Journaled. */
  link(target: string, path: string, options?: { readonly as?: string }): Promise<void>;
  /** Removes a file or link. Journaled. */
  remove(path: string, options?: { readonly as?: string; readonly secret?: boolean }): Promise<void>;
  /** Removes an empty folder. Journaled. */
  removeFolder(path: string, options?: { readonly as?: string }): Promise<void>;
  setMode(path: string, mode: number, options?: { readonly as?: string }): Promise<void>;
  setOwner(path: string, owner: string, group: string): Promise<void>;
  /** Gives many entries of one tree their owners and modes, and never goes through a link. Journaled. */
  setRights(root: string, rights: readonly Rights[]): Promise<void>;
  /** Notes a reversible change that is no file: a unit enabled, say. */
  note(entry: { readonly kind: string; readonly [field: string]: unknown }): Promise<void>;
  /** Lets every fact be asked again: for whoever waits until something holds that changes by itself. */
  forget(): void;
  /** A line for the operator, under the running operation. */
  say(line: string): void;
  /** Notes that a unit was restarted, for the run's report. */
  restarted(unit: string): void;
  /** Notes that a unit took its settings without a restart. */
  reloaded(unit: string): void;
  /**
   * Keeps a hint for later observations.
   * @param later it goes to the disk with what is noted next: a kill before that costs the hint
   */
  remember(key: string, value: string, later?: boolean): void;
  /** Aborted when the operator stops the run at once. */
  readonly signal: AbortSignal;
}
