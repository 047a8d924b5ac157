import { childEnvironment } from './environment.ts';
import type { ProgramResult } from './host.ts';
import { KEPT } from './output.ts';
import type { ProcessOptions } from './process.ts';
import { PythonServer, resultIn, serving } from './python-server.ts';
import { LAST_RESORT_MS, timeLimit } from './time-limit.ts';

/** Isolated (-I), without site-packages (-S): root's process loads no module that another account installed. */
const PYTHON = ['/usr/bin/python3', '-I', '-S', '-c'];

/** Bytes of one answer: of both outputs what is kept, each byte written as `\u0000`, and the rest. */
const LONGEST = 2 * 6 * KEPT + 1024;

/**
 * Starts programs from a small process beside this one, `templates/python/programs.py`: it forks in a tenth of the time that a fork
 * of Node's takes, which is many times larger, and runs on another processor meanwhile.
 * For queries only: if it is lost, they are started again.
 */
export class ProgramStarter {
  #server: Promise<PythonServer<ProgramResult> | undefined> | undefined;

  /** Begins with what takes a while, before the first program is wanted. */
  prepare(): void {
    void this.#begun();
  }

  /**
   * @returns what `runProcess` would return; `undefined` if that has to start the program: Python is missing, the starter ended
   * before it answered, or the run was stopped. Never throws for what the program does.
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
    onStart?.(server.pid)?.();
    const stop = () => server.tell({ stop: id });
    signal?.addEventListener('abort', stop);
    const limit = timeLimit(timeoutMs, signal, LAST_RESORT_MS);
    try {
      return await Promise.race([answer, limit.code.then((code) => ({ code, stdout: '', stderr: '' }))]);
    } finally {
      limit.clear();
      signal?.removeEventListener('abort', stop);
      server.forget(id);
    }
  }

  async #current(): Promise<PythonServer<ProgramResult> | undefined> {
    const begun = this.#begun();
    const server = await begun;
    if (server?.ended !== true) return server;
    // It ended after an idle minute. Another caller may have replaced it already.
    if (this.#server === begun) this.#server = undefined;
    return await this.#begun();
  }

  #begun(): Promise<PythonServer<ProgramResult> | undefined> {
    // As an argument: Node would close standard input only after loading all that a start needs, and Python waits for that.
    this.#server ??= PythonServer.start([...PYTHON, serving('python/programs.py')], {
      env: childEnvironment('/root', 'root'),
      answerIn: resultIn,
      longest: LONGEST,
    }).catch(() => undefined);
    return this.#server;
  }
}
