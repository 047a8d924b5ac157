import { template } from '../../templates/index.ts';
import { childEnvironment } from './environment.ts';
import type { ProgramResult } from './host.ts';
import { KEPT, type ProcessOptions } from './process.ts';
import { PythonServer, resultIn } from './python-server.ts';

/** Alone of what is installed: no module of another's is loaded by a process of root's. */
const PYTHON = ['/usr/bin/python3', '-I', '-S', '-c'];

/** Characters of one answer: of both outputs what is kept, each byte written as `\u0000`, and the rest. */
const LONGEST = 2 * 6 * KEPT + 1024;

/**
 * Starts programs from a small process beside this one, `templates/python/programs.py`: it forks in a tenth of the time that a fork
 * of Node's takes, which is many times larger, and it takes that time on another processor.
 * Only for programs that ask: when it is lost, they are started a second time.
 */
export class ProgramStarter {
  #server: Promise<PythonServer<ProgramResult>> | undefined;

  /** Begins with what takes a while, before the first program is wanted. */
  prepare(): void {
    // As an argument: standard input would end only when this process has a moment, after all that a start loads.
    this.#server ??= PythonServer.start([...PYTHON, template('python/programs.py')], {
      env: childEnvironment('/root', 'root'),
      answerIn: resultIn,
      longest: LONGEST,
    });
    this.#server.catch(() => {});
  }

  /**
   * @returns what `runProcess` would return of it; `undefined` where it is to be started by that, as this server's Python is
   * missing or has ended. Never throws for what the program does.
   */
  async run(argv: readonly string[], options: ProcessOptions): Promise<ProgramResult | undefined> {
    const { cwd, env, input, timeoutMs, account, signal, onStart } = options;
    const server = await this.#current();
    if (server === undefined || signal?.aborted === true) return undefined;
    const given = input === undefined ? undefined : Buffer.from(input);
    const { id, answer } = server.ask(
      {
        argv,
        cwd: cwd ?? '/',
        env,
        account: account === undefined ? null : [account.uid, account.gid],
        seconds: timeoutMs / 1000,
        kept: KEPT,
        bytes: given?.length ?? null,
      },
      given ?? new Uint8Array(),
    );
    onStart?.(server.pid ?? 0)?.();
    // The starter ends a program itself, but one may keep it from that: by being traced, say.
    const { promise: lost, resolve: lose } = Promise.withResolvers<ProgramResult>();
    const timers: NodeJS.Timeout[] = [];
    const endBy = (ms: number, code: number) =>
      timers.push(
        setTimeout(() => {
          lose({ code, stdout: '', stderr: '' });
          server.end();
        }, ms),
      );
    endBy(timeoutMs + LAST_MS, TIMED_OUT);
    const stop = () => {
      server.tell({ stop: id });
      endBy(LAST_MS, TERMINATED);
    };
    signal?.addEventListener('abort', stop);
    try {
      return await Promise.race([answer, lost]);
    } finally {
      for (const timer of timers) clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    }
  }

  async #current(): Promise<PythonServer<ProgramResult> | undefined> {
    this.prepare();
    const begun = this.#server;
    const server = await begun?.catch(() => undefined);
    if (server?.ended !== true) return server;
    // It was asked nothing for a while. Others may have found that as well.
    if (this.#server === begun) this.#server = undefined;
    this.prepare();
    return await (this.#server as typeof begun)?.catch(() => undefined);
  }
}

/** Exit codes of {@link ProgramResult}: after a time-out, and 128 + SIGTERM. */
const TIMED_OUT = 124;
const TERMINATED = 143;
/** Longer than the starter gives a program to end, and its last output to come. */
const LAST_MS = 10_000;
