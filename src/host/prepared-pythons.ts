import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { template } from '../../templates/index.ts';
import type { ProgramResult } from './host.ts';
import type { ProcessOptions } from './process.ts';

/** What a program is run with, and what may have been run before. */
export interface PreparedOptions extends ProcessOptions {
  /** Python. */
  readonly preparation: string;
}

/**
 * Pythons that have run a preparation and wait to be forked for the programs that need it, by `templates/python/prepared.py`. Only
 * for programs that ask: one may be started a second time. An idle one keeps this process from nothing; it ends with it, or
 * after a minute in which nothing was asked.
 *
 * It runs as the account that it asks about, which may be in an attacker's hands. So nothing that it says names a process, and
 * what it says is taken only in the form and length of an answer.
 */
export class PreparedPythons {
  readonly #kept = new Map<string, Promise<PreparedPython>>();
  /** A preparation leaves threads or connections, which are not forked. */
  readonly #unfit = new Set<string>();
  readonly #asked = new Map<string, number>();
  readonly #alone: number;

  /** @param alone how many programs of one preparation are started by themselves first: for one alone that is quicker */
  constructor(alone = 1) {
    this.#alone = alone;
  }

  /**
   * @param argv a Python that reads its program from standard input
   * @param options `input` is the program; `onStart` is called when it was sent, which a preparation may still hold up
   * @returns what the program did; `undefined` where it is to be started by itself, such as when the preparation fails. Never
   * throws for what the program does.
   */
  async run(argv: readonly string[], options: PreparedOptions): Promise<ProgramResult | undefined> {
    const { cwd, account, env, preparation, timeoutMs } = options;
    const key = JSON.stringify([argv, cwd, account?.uid, account?.gid, env, preparation]);
    const asked = this.#asked.get(key) ?? 0;
    this.#asked.set(key, asked + 1);
    if (asked < this.#alone || this.#unfit.has(key)) return undefined;
    const until = performance.now() + timeoutMs;
    // The second one is new, and has loaded what the first one had an older version of.
    for (let attempt = 1; attempt <= 2; attempt++) {
      const kept = this.#kept.get(key) ?? PreparedPython.start(argv, options);
      this.#kept.set(key, kept);
      const python = await kept.catch(() => undefined);
      const result = (await python?.run(options, until - performance.now())) ?? 'failed';
      if (typeof result === 'object') return result;
      // Others may still have programs of theirs running in it.
      if (this.#kept.get(key) === kept) this.#kept.delete(key);
      python?.endWhenIdle();
      if (result === 'unfit') this.#unfit.add(key);
      if (result !== 'stale') return undefined;
    }
    return undefined;
  }
}

/** Why a program has no result: what was loaded is another on disk by now, it can't be forked, or it could not be had. */
const REFUSALS = ['stale', 'unfit', 'failed'] as const;
type Refusal = (typeof REFUSALS)[number];

/** Characters of one answer: of both outputs LARGEST bytes of prepared.py, each written as `\u0000`, and the rest. */
const LONGEST = 2 * 6 * 512 * 1024 + 1024;

class PreparedPython {
  readonly #child: ChildProcess;
  readonly #socket: Socket;
  readonly #waiting = new Map<number, (result: ProgramResult | Refusal) => void>();
  #number = 0;
  #received: string[] = [];
  #length = 0;
  #ended = false;
  #endsWhenIdle = false;

  /** @throws {Error} when there is no such process */
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
    child.on('error', () => {});
    const socket = child.stdio?.[3] as Socket | undefined;
    if (child.pid === undefined || socket === undefined) throw new Error('Python could not be started');
    const python = new PreparedPython(child, socket);
    child.stdin?.on('error', () => {});
    (child.stdin as Socket | null)?.unref();
    // A string of JSON is one of Python too.
    child.stdin?.end(`PREPARATION = ${JSON.stringify(preparation)}\n${template('python/prepared.py')}`);
    return python;
  }

  private constructor(child: ChildProcess, socket: Socket) {
    this.#child = child;
    this.#socket = socket;
    // Its number may be another process's from then on, whoever holds the socket.
    child.once('exit', () => this.#over());
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.#take(text));
    socket.on('error', () => this.#end());
    socket.once('close', () => this.#end());
    child.unref();
    socket.unref();
  }

  async run(
    { input = '', signal, onStart }: PreparedOptions,
    timeoutMs: number,
  ): Promise<ProgramResult | Refusal> {
    if (signal?.aborted === true) return 'failed';
    // After a while in which it was asked nothing it ends.
    if (this.#ended) return 'stale';
    const number = ++this.#number;
    const { promise, resolve } = Promise.withResolvers<ProgramResult | Refusal>();
    this.#waiting.set(number, resolve);
    this.#socket.ref();
    const stop = (code: number) => {
      resolve({ code, stdout: '', stderr: '' });
      this.#end();
    };
    const timer = setTimeout(stop, timeoutMs, TIMED_OUT);
    const abort = () => stop(TERMINATED);
    signal?.addEventListener('abort', abort);
    const program = Buffer.from(input);
    this.#socket.write(`${JSON.stringify({ id: number, bytes: program.length })}\n`);
    this.#socket.write(program);
    if (this.#child.pid !== undefined) onStart?.(this.#child.pid)?.();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      this.#waiting.delete(number);
      if (this.#waiting.size === 0) this.#socket.unref();
      if (this.#endsWhenIdle) this.endWhenIdle();
    }
  }

  /** Nothing more is asked of it. */
  endWhenIdle(): void {
    this.#endsWhenIdle = true;
    if (this.#waiting.size === 0) this.#end();
  }

  /** At once, with what it forked. */
  #end(): void {
    const { pid, exitCode, signalCode } = this.#child;
    if (!this.#ended && pid !== undefined && exitCode === null && signalCode === null) {
      try {
        process.kill(-pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
    this.#over();
  }

  #over(): void {
    this.#ended = true;
    this.#socket.destroy();
    for (const resolve of this.#waiting.values()) resolve('failed');
  }

  #take(text: string): void {
    if (this.#ended) return;
    this.#received.push(text);
    this.#length += text.length;
    if (text.includes('\n')) {
      const lines = this.#received.join('').split('\n');
      const rest = lines.pop() ?? '';
      this.#received = [rest];
      this.#length = rest.length;
      if (!lines.every((line) => this.#answered(line))) this.#end();
    }
    if (this.#length > LONGEST) this.#end();
  }

  /** @returns whether a line is an answer to one who waits */
  #answered(line: string): boolean {
    if (line.length > LONGEST) return false;
    const answer = answerIn(line);
    const resolve = answer && this.#waiting.get(answer.id);
    if (answer === undefined || resolve === undefined) return false;
    this.#waiting.delete(answer.id);
    resolve(answer.result);
    return true;
  }
}

/** @returns what a line of prepared.py says; `undefined` when it is none */
function answerIn(
  line: string,
): { readonly id: number; readonly result: ProgramResult | Refusal } | undefined {
  let said: Record<string, unknown>;
  try {
    said = { ...JSON.parse(line) };
  } catch {
    return undefined;
  }
  const { id, refused, code, stdout, stderr } = said;
  if (typeof id !== 'number') return undefined;
  const refusal = REFUSALS.find((each) => each === refused);
  if (refusal !== undefined) return { id, result: refusal };
  if (!Number.isInteger(code) || typeof stdout !== 'string' || typeof stderr !== 'string') return undefined;
  return { id, result: { code: Number(code) & 0xff, stdout, stderr } };
}

/** Exit codes of {@link ProgramResult}: after a time-out, and 128 + SIGTERM. */
const TIMED_OUT = 124;
const TERMINATED = 143;
