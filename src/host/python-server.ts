import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { template } from '../../templates/index.ts';
import { STREAMS, type Stream } from './output.ts';

type OnOutput = (stream: Stream, chunk: Buffer) => void;

/** What is printed. */
interface Output {
  /** Bytes that are still to come. */
  left: number;
  readonly onChunk: (chunk: Buffer) => void;
}

/** Bytes that are told at a time. An attacker could say that more are to come, and what others say would pass for them. */
const LARGEST_CHUNK = 65536;

/** A line of JSON, as it was said. */
export type Said = Readonly<Record<string, unknown>>;

/** How a server is started, and what it says. */
export interface PythonServerOptions<Answer> {
  readonly cwd?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly account?: { readonly uid: number; readonly gid: number };
  /** Its standard input, which is empty when absent. */
  readonly input?: string;
  /** @returns the answer that a line of JSON is; `undefined` when it is none, which ends the server */
  readonly answerIn: (said: Said) => Answer | undefined;
  /** Bytes of the longest line that is an answer. */
  readonly longest: number;
}

/**
 * A Python that answers requests through a socket, its file descriptor 3: each is a line of JSON with a number as `id`, and so is
 * each answer. It does not keep this process alive, and ends with it.
 *
 * It may run as an account that is in an attacker's hands. So nothing that it says names a process, and what it says is taken only
 * in the form and length of an answer.
 */
export class PythonServer<Answer> {
  /** Its process id. Another process may have it once this one has ended. */
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #socket: Socket;
  readonly #options: PythonServerOptions<Answer>;
  readonly #waiting = new Map<number, { resolve(answer: Answer | undefined): void; onOutput?: OnOutput }>();
  readonly #forgotten = new Set<number>();
  #number = 0;
  /** The beginning of a line. */
  #received: Buffer[] = [];
  #length = 0;
  #output: Output | undefined;
  #ended = false;
  #endsWhenIdle = false;

  /**
   * @param argv a Python with its program, or one that reads it from standard input
   * @throws {Error} when there is no such process
   */
  static async start<Answer>(
    [file = '', ...args]: readonly string[],
    options: PythonServerOptions<Answer>,
  ): Promise<PythonServer<Answer>> {
    const { spawn } = await import('node:child_process');
    const { cwd, env, account } = options;
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
    const server = new PythonServer(child, child.pid, socket, options);
    child.stdin?.on('error', () => {});
    (child.stdin as Socket | null)?.unref();
    child.stdin?.end(options.input);
    return server;
  }

  private constructor(
    child: ChildProcess,
    pid: number,
    socket: Socket,
    options: PythonServerOptions<Answer>,
  ) {
    this.#child = child;
    this.pid = pid;
    this.#socket = socket;
    this.#options = options;
    // Its number may be another process's from then on, whoever holds the socket.
    child.once('exit', () => this.#over());
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', () => this.end());
    socket.once('close', () => this.end());
    child.unref();
    socket.unref();
  }

  /** Whether it has ended; it ends by itself when idle. */
  get ended(): boolean {
    return this.#ended;
  }

  /**
   * @param request what stands in the line besides its `id`
   * @param bytes what follows it
   * @param onOutput told of what is printed before its answer; absent: that ends the server
   * @returns the request's number; and its answer, `undefined` when it ended without one
   */
  ask(
    request: Readonly<Record<string, unknown>>,
    bytes: Uint8Array,
    onOutput?: OnOutput,
  ): { readonly id: number; readonly answer: Promise<Answer | undefined> } {
    const id = ++this.#number;
    const { promise, resolve } = Promise.withResolvers<Answer | undefined>();
    if (this.#ended) resolve(undefined);
    else {
      this.#waiting.set(id, { resolve, ...(onOutput === undefined ? {} : { onOutput }) });
      this.#socket.ref();
      this.#socket.cork();
      this.tell({ id, ...request });
      this.#socket.write(bytes);
      this.#socket.uncork();
    }
    return { id, answer: promise };
  }

  /** Sends a message that gets no answer. */
  tell(message: Readonly<Record<string, unknown>>): void {
    if (!this.#ended) this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  /** Nobody waits for an answer any more, which may still come. */
  forget(id: number): void {
    if (!this.#waiting.delete(id)) return;
    this.#forgotten.add(id);
    this.#rest();
  }

  /** Nothing more is asked of it. */
  endWhenIdle(): void {
    this.#endsWhenIdle = true;
    if (this.#waiting.size === 0) this.end();
  }

  /** Kills it at once, with its process group. */
  end(): void {
    const { exitCode, signalCode } = this.#child;
    if (!this.#ended && exitCode === null && signalCode === null) {
      try {
        process.kill(-this.pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
    this.#over();
  }

  #over(): void {
    this.#ended = true;
    this.#socket.destroy();
    for (const { resolve } of this.#waiting.values()) resolve(undefined);
    this.#waiting.clear();
  }

  #take(chunk: Buffer): void {
    for (let rest = chunk; rest.length > 0 && !this.#ended; ) {
      if (this.#output !== undefined) rest = this.#hear(this.#output, rest);
      else {
        const end = rest.indexOf('\n');
        this.#received.push(end < 0 ? rest : rest.subarray(0, end));
        this.#length += end < 0 ? rest.length : end;
        if (this.#length > this.#options.longest) this.end();
        if (end < 0) break;
        const line = Buffer.concat(this.#received).toString();
        this.#received = [];
        this.#length = 0;
        rest = rest.subarray(end + 1);
        if (!this.#answered(line)) this.end();
      }
    }
  }

  /** @returns what follows that which is printed */
  #hear(output: Output, chunk: Buffer): Buffer {
    output.onChunk(chunk.subarray(0, output.left));
    const rest = chunk.subarray(output.left);
    output.left -= chunk.length - rest.length;
    if (output.left === 0) this.#output = undefined;
    return rest;
  }

  /** @returns whether a line is an answer to one who waits, or comes before it */
  #answered(line: string): boolean {
    let said: Record<string, unknown>;
    try {
      said = { ...JSON.parse(line) };
    } catch {
      return false;
    }
    const id = typeof said.id === 'number' ? said.id : 0;
    const waiting = this.#waiting.get(id);
    if (said.output !== undefined) return this.#willHear(said, waiting?.onOutput);
    const answer = this.#options.answerIn(said);
    if (answer === undefined) return false;
    if (waiting === undefined) return this.#forgotten.delete(id);
    this.#waiting.delete(id);
    waiting.resolve(answer);
    this.#rest();
    return true;
  }

  /** @returns whether somebody waits for what is printed */
  #willHear({ output, bytes }: Said, onOutput: OnOutput | undefined): boolean {
    const stream = STREAMS.find((each) => each === output);
    const count = Number.isInteger(bytes) ? Number(bytes) : 0;
    if (stream === undefined || onOutput === undefined || count < 1 || count > LARGEST_CHUNK) return false;
    this.#output = { left: count, onChunk: (chunk) => onOutput(stream, chunk) };
    return true;
  }

  /** When nobody waits it keeps this process alive no longer. */
  #rest(): void {
    if (this.#waiting.size > 0) return;
    this.#socket.unref();
    if (this.#endsWhenIdle) this.end();
  }
}

/** @returns a program that answers requests, whole */
export function serving(program: Parameters<typeof template>[0]): string {
  return `${template('python/serving.py')}${template(program)}`;
}

/** @returns the result that a line says, which may be an attacker's: only in its form */
export function resultIn({
  code,
  stdout,
  stderr,
}: Said): { readonly code: number; readonly stdout: string; readonly stderr: string } | undefined {
  if (!Number.isInteger(code) || typeof stdout !== 'string' || typeof stderr !== 'string') return undefined;
  return { code: Number(code) & 0xff, stdout, stderr };
}
