import { closeSync, constants, fchmodSync, openSync, readdirSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { EngineEvent } from '../engine/events.ts';
import type { ProgramResult } from '../host/host.ts';
import { makeOwnFolder } from '../host/own-folder.ts';
import { clean } from '../output/clean.ts';

/** Bytes that wait in memory at most, and how long, before they are on their way to the disk. */
const BUFFERED = 64 * 1024;
const FLUSH_AFTER_MS = 200;
/** Lines of a failed query that the log keeps. */
const QUERY_LINES = 40;

/**
 * The whole story of one run in a file (0600, folder 0700): every command with its output, times and the operation
 * it belongs to, without secrets. Written as it comes, so that a million lines cost no memory.
 */
export class RunLog {
  readonly file: string;
  readonly #descriptor: number;
  #buffer = '';
  #lines = 0;
  #timer: NodeJS.Timeout | undefined;
  #unwritten: string | undefined;

  /** @param folder absolute path @param run its number */
  constructor(folder: string, run: number) {
    makeOwnFolder(folder);
    this.file = logFile(folder, run);
    // Never through a link, never into a file that stood there: root writes here.
    this.#descriptor = openSync(
      this.file,
      constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
      0o600,
    );
    fchmodSync(this.#descriptor, 0o600);
  }

  /** Lines written so far: where in the log something is. */
  get lines(): number {
    return this.#lines;
  }

  /** Why a part of the log could not be written, as the system's error code; `undefined` when it is whole. */
  get unwritten(): string | undefined {
    return this.#unwritten;
  }

  /** Takes the engine's events; they are cleaned already. */
  event(event: EngineEvent): void {
    switch (event.type) {
      case 'run-started':
        this.#line(event.at, '', `run ${event.run} started`);
        break;
      case 'operation-started':
        this.#line(event.at, event.operation, 'started');
        break;
      case 'change':
        this.#line(event.at, event.operation, `${event.kind}: ${event.summary}`);
        break;
      case 'command':
        this.#line(event.at, event.operation, `$ ${event.command}`);
        break;
      case 'output':
        this.#line(event.at, event.operation, `  ${event.line}`);
        return;
      case 'warning':
        this.#line(event.at, '', `warning: ${event.message}`);
        break;
      case 'operation-finished': {
        this.#line(event.at, event.operation, `${event.outcome} after ${Math.round(event.ms)} ms`);
        const { problem } = event;
        if (problem) {
          const code = problem.exitCode === undefined ? [] : [`exit code ${problem.exitCode}`];
          const lines = [problem.what, ...(problem.detail ?? []), ...code, `What to do: ${problem.remedy}`];
          for (const line of lines) this.#line(event.at, event.operation, `! ${line}`);
        }
        break;
      }
      case 'run-finished':
        this.#line(
          event.at,
          '',
          `run finished: ${event.changed} changed, ${event.unchanged} unchanged, ${event.failed} failed, ${event.skipped} skipped`,
        );
        break;
    }
    this.flush();
  }

  /** Notes a program that only read, with its words when it failed: often no failure at all, a question's answer. */
  query(command: string, result: ProgramResult, ms: number): void {
    this.#line(Date.now(), '', `? ${clean(command)} (exit ${result.code}, ${Math.round(ms)} ms)`);
    if (result.code === 0) return;
    const said = clean(`${result.stdout}\n${result.stderr}`).split('\n');
    for (const line of said.filter((each) => each.trim() !== '').slice(-QUERY_LINES)) {
      this.#line(Date.now(), '', `?   ${line}`);
    }
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#buffer === '') return;
    const text = this.#buffer;
    this.#buffer = '';
    try {
      writeSync(this.#descriptor, text);
    } catch (error) {
      // It must not end a run in the middle of a step, whatever is wrong with the disk; the step has its own word on it.
      this.#unwritten = (error as NodeJS.ErrnoException).code ?? String(error);
    }
  }

  close(): void {
    this.flush();
    closeSync(this.#descriptor);
  }

  #line(at: number, operation: string, text: string): void {
    const where = operation === '' ? '' : `${operation} `;
    this.#buffer += `${new Date(at).toISOString()} ${where}${text.replaceAll('\n', ' ⏎ ')}\n`;
    this.#lines += 1;
    if (this.#buffer.length > BUFFERED) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), FLUSH_AFTER_MS).unref();
  }
}

/** @returns where the log of a run stands */
export function logFile(folder: string, run: number): string {
  return path.join(folder, `run-${String(run).padStart(4, '0')}.log`);
}

/** @returns the highest number among the logs that are there: a lost ledger must not make runs begin at 1 again */
export function lastLogged(folder: string): number {
  try {
    const numbers = readdirSync(folder).map((name) => Number(/^run-(\d+)\.log$/.exec(name)?.[1] ?? 0));
    return Math.max(0, ...numbers);
  } catch {
    return 0;
  }
}
