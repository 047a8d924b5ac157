import { template } from '../../templates/index.ts';
import { childEnvironment } from './environment.ts';
import type { ProgramResult } from './host.ts';
import { lastResort } from './last-resort.ts';
import { KEPT, type ProcessOptions } from './process.ts';
import { PythonServer, resultIn } from './python-server.ts';

/** Isolated (-I), without site-packages (-S): root's process loads no module that another account installed. */
const PYTHON = ['/usr/bin/python3', '-I', '-S', '-c'];

/** Characters of one answer: of both outputs what is kept, each byte written as `\u0000`, and the rest. */
const LONGEST = 2 * 6 * KEPT + 1024;

/**
 * Starts programs from a small process beside this one, `templates/python/programs.py`: it forks in a tenth of the time that a fork
 * of Node's takes, which is many times larger, and runs on another processor meanwhile.
 * For queries only: if it is lost, they are started again.
 */
export class ProgramStarter {
  #server: Promise<PythonServer<ProgramResult>> | undefined;

  /** Begins with what takes a while, before the first program is wanted. */
  prepare(): void {
    // As an argument: Node would close standard input only after loading all that a start needs, and Python waits for that.
    this.#server ??= PythonServer.start([...PYTHON, template('python/programs.py')], {
      env: childEnvironment('/root', 'root'),
      answerIn: resultIn,
      longest: LONGEST,
    });
    this.#server.catch(() => {});
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
    onStart?.(server.pid ?? 0)?.();
    const stop = () => server.tell({ stop: id });
    signal?.addEventListener('abort', stop);
    const last = lastResort(timeoutMs, signal);
    try {
      return await Promise.race([answer, last.code.then((code) => ({ code, stdout: '', stderr: '' }))]);
    } finally {
      last.clear();
      signal?.removeEventListener('abort', stop);
      server.forget(id);
    }
  }

  async #current(): Promise<PythonServer<ProgramResult> | undefined> {
    this.prepare();
    const begun = this.#server;
    const server = await begun?.catch(() => undefined);
    if (server?.ended !== true) return server;
    // It ended after an idle minute. Another caller may have replaced it already.
    if (this.#server === begun) this.#server = undefined;
    this.prepare();
    return await (this.#server as typeof begun)?.catch(() => undefined);
  }
}
