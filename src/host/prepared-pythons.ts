import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { template } from '../../templates/index.ts';
import type { ProgramResult } from './host.ts';
import { KEPT, type ProcessOptions } from './process.ts';

/** What a program is run with, and what may have been run before. */
export interface PreparedOptions extends ProcessOptions {
  /** Python. */
  readonly preparation: string;
  /** Called when it was sent on its way, which a preparation that is under way may hold up. */
  readonly onSent?: (() => void) | undefined;
}

/**
 * Pythons that have run a preparation and wait to be forked for the programs that need it, by `templates/python/prepared.py`.
 * An idle one keeps this process from nothing; it ends with it, or after a minute.
 */
export class PreparedPythons {
  readonly #kept = new Map<string, Promise<PreparedPython>>();
  /** Of these a preparation leaves threads, which are not forked. */
  readonly #unfit = new Set<string>();

  /**
   * @param argv a Python that reads its program from standard input
   * @param options `input` is the program
   * @returns what the program did; `undefined` where it was not run and is to be started by itself, such as when the preparation
   * fails. Exit code 137 where it was ended with the process that it came from. Never throws for what the program does.
   */
  async run(argv: readonly string[], options: PreparedOptions): Promise<ProgramResult | undefined> {
    const { cwd, account, env, preparation } = options;
    const key = JSON.stringify([argv, cwd, account?.uid, account?.gid, env, preparation]);
    if (this.#unfit.has(key)) return undefined;
    // The second one is new, and has loaded what the first one had an older version of.
    for (let attempt = 1; attempt <= 2; attempt++) {
      const kept = this.#kept.get(key) ?? PreparedPython.start(argv, options);
      this.#kept.set(key, kept);
      const python = await kept;
      const result = await python.run(options);
      if (typeof result === 'object') return result;
      if (this.#kept.get(key) === kept) this.#kept.delete(key);
      python.end();
      if (result === 'threads') this.#unfit.add(key);
      if (result !== 'stale') return undefined;
    }
    return undefined;
  }
}

/** Why no program was run: what was loaded is another on disk by now, or the process ended; it has threads; or it can't be had. */
type Refusal = 'stale' | 'threads' | 'failed';

/** Characters of one answer: what a program may say, twice, with each byte of it written as `\\u0000`. */
const LONGEST = 2 * 6 * KEPT;

interface Waiting {
  readonly resolve: (result: ProgramResult | Refusal) => void;
  readonly onStart: PreparedOptions['onStart'];
  running?: boolean;
  /** Called when it has ended. */
  ended?: (() => void) | undefined;
}

class PreparedPython {
  readonly #child: ChildProcess;
  readonly #socket: Socket;
  readonly #waiting = new Map<number, Waiting>();
  #number = 0;
  #received: string[] = [];
  #length = 0;
  #ended = false;

  static async start([file = '', ...args]: readonly string[], options: PreparedOptions) {
    const { spawn } = await import('node:child_process');
    const { cwd, env, account, preparation } = options;
    const child = spawn(file, args, {
      cwd: cwd ?? '/',
      env: { ...env },
      ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }),
      // A group of its own: the terminal's Ctrl-C is the product's, and what it forks ends with it.
      detached: true,
      // Node's pipes are sockets, which go both ways.
      stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
    });
    const python = new PreparedPython(child);
    child.stdin?.on('error', () => {});
    // JSON is Python too, but for what is neither string, number nor list.
    child.stdin?.end(`PREPARATION = ${JSON.stringify(preparation)}\n${template('python/prepared.py')}`);
    return python;
  }

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#socket = child.stdio[3] as Socket;
    child.once('error', () => this.#over());
    this.#socket.setEncoding('utf8');
    this.#socket.on('data', (text: string) => this.#take(text));
    this.#socket.on('error', () => this.#over());
    this.#socket.once('close', () => this.#over());
    child.unref();
    this.#socket.unref();
  }

  async run({
    input = '',
    timeoutMs,
    signal,
    onSent,
    onStart,
  }: PreparedOptions): Promise<ProgramResult | Refusal> {
    if (signal?.aborted === true) return 'failed';
    // After a while in which it was asked nothing it ends.
    if (this.#ended) return 'stale';
    const number = ++this.#number;
    const { promise, resolve } = Promise.withResolvers<ProgramResult | Refusal>();
    const waiting: Waiting = { resolve, onStart };
    this.#waiting.set(number, waiting);
    this.#socket.ref();
    const stop = (code: number) => {
      resolve({ code, stdout: '', stderr: '' });
      this.end();
    };
    const timer = setTimeout(stop, timeoutMs, TIMED_OUT);
    const abort = () => stop(TERMINATED);
    signal?.addEventListener('abort', abort);
    const program = Buffer.from(input);
    this.#socket.write(`${JSON.stringify({ id: number, bytes: program.length })}\n`);
    this.#socket.write(program);
    onSent?.();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      waiting.ended?.();
      this.#waiting.delete(number);
      if (this.#waiting.size === 0) this.#socket.unref();
    }
  }

  /** At once, with what it forked. */
  end(): void {
    if (!this.#ended && this.#child.pid !== undefined) {
      try {
        process.kill(-this.#child.pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
    this.#over();
  }

  #over(): void {
    this.#ended = true;
    this.#socket.destroy();
    for (const { resolve, running } of this.#waiting.values())
      resolve(running !== true ? 'failed' : { code: KILLED, stdout: '', stderr: '' });
  }

  /** The account that it runs as can write here what it likes. */
  #take(text: string): void {
    this.#received.push(text);
    this.#length += text.length;
    if (this.#length > LONGEST) this.end();
    if (!text.includes('\n')) return;
    const lines = this.#received.join('').split('\n');
    const rest = lines.pop() ?? '';
    this.#received = [rest];
    this.#length = rest.length;
    try {
      for (const line of lines) {
        const { id, running, refused, code, stdout, stderr } = JSON.parse(line);
        const waiting = this.#waiting.get(id);
        if (waiting === undefined) continue;
        if (running === true) {
          waiting.running = true;
          // Not the process that it says: that account could name any other.
          if (this.#child.pid !== undefined) waiting.ended = waiting.onStart?.(this.#child.pid);
        } else
          waiting.resolve(refused ?? { code: Number(code), stdout: String(stdout), stderr: String(stderr) });
      }
    } catch {
      this.end();
    }
  }
}

/** Exit codes of {@link ProgramResult}: after a time-out, and 128 + SIGTERM or SIGKILL. */
const TIMED_OUT = 124;
const TERMINATED = 143;
const KILLED = 137;
