import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import path from 'node:path';

/**
 * ENOSPC and EIO are what a full and a broken disk give, EACCES what a security module or an immutable file does (errno(3)).
 */
export const ERRORS = ['ENOSPC', 'EIO', 'EACCES'] as const;
export type ErrorCode = (typeof ERRORS)[number];

/** A call that the shim heard, by what it is in every run: `write /state/ledger.json.tmp-`, or `exec flock`. */
export interface Call {
  readonly name: string;
  readonly failed: boolean;
}

/** @returns `write`, `rename`, `fsync`, `open`, `exec`, … */
export function kindOf({ name }: Pick<Call, 'name'>): string {
  return name.slice(0, name.indexOf(' '));
}

export interface Ended {
  readonly code: number | null;
  readonly hung: boolean;
  /** Both streams, as they came. */
  readonly said: string;
  /** In their order, of all processes. */
  readonly calls: readonly Call[];
}

/** Which call fails, and with what. */
export interface Fault {
  readonly name: string;
  /** Of several with that name, from 1. */
  readonly at: number;
  readonly error: ErrorCode;
  /** From then on all that needs room on the disk fails. */
  readonly stays?: boolean;
}

/** Calls that a full disk refuses. */
export const NEED_ROOM = ['write', 'mkdir', 'rename', 'symlink', 'fsync'];

export interface Heard {
  readonly below: string;
  /** Absent: nothing fails. */
  readonly fault?: Fault | undefined;
}

/** The shim, built in a folder of its own. */
export class Preload {
  readonly #folder: string;
  readonly shim: string;
  #runs = 0;

  /** @throws when gcc is not there, or refuses the source */
  constructor() {
    this.#folder = mkdtempSync(path.join(tmpdir(), 'studio-setup-faults-'));
    // The site's account counts its calls there too.
    chmodSync(this.#folder, 0o755);
    this.shim = path.join(this.#folder, 'shim.so');
    const source = path.join(import.meta.dirname, 'shim.c');
    execFileSync('gcc', ['-shared', '-fPIC', '-O1', '-o', this.shim, source, '-ldl']);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }

  /**
   * @param heard the folder in which calls are heard, and the one that fails; absent: it runs without the shim
   * @param hangsMs milliseconds after which it is ended, and counts as hung
   * @returns how it ended, with what was heard
   */
  async run(
    [program = '', ...args]: readonly string[],
    env: Readonly<Record<string, string>>,
    heard?: Heard,
    hangsMs = 60_000,
  ): Promise<Ended> {
    this.#runs += 1;
    const counter = this.#shared(`counter-${this.#runs}`, Buffer.alloc(8));
    const log = this.#shared(`log-${this.#runs}`, '');
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...env,
        // Of thousands of starts each costs a fifth less.
        NODE_COMPILE_CACHE: path.join(this.#folder, 'compiled'),
        ...(heard === undefined ? {} : this.#settings(heard, counter, log)),
      },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        said += chunk;
      });
    const { promise, resolve } = Promise.withResolvers<{ code: number | null; hung: boolean }>();
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      resolve({ code: null, hung: true });
    }, hangsMs);
    child.once('close', (code) => resolve({ code, hung: false }));
    const end = await promise;
    clearTimeout(timer);
    const calls = readFileSync(log, 'utf8').split('\n').filter(Boolean).map(callOf);
    for (const each of [counter, log]) rmSync(each);
    return { ...end, said, calls };
  }

  /** A file that processes of every account write. */
  #shared(name: string, content: string | Uint8Array): string {
    const file = path.join(this.#folder, name);
    writeFileSync(file, content);
    chmodSync(file, 0o666);
    return file;
  }

  #settings({ below, fault }: Heard, counter: string, log: string): Record<string, string> {
    return {
      LD_PRELOAD: this.shim,
      FAULT_FOLDER: below,
      FAULT_CALL: fault?.name ?? '',
      FAULT_AT: String(fault?.at ?? 0),
      FAULT_COUNTER: counter,
      FAULT_ERRNO: String(constants.errno[fault?.error ?? 'EIO']),
      FAULT_LOG: log,
      FAULT_STAYS: fault?.stays === true ? '1' : '0',
    };
  }
}

function callOf(line: string): Call {
  return { name: line.slice(1), failed: line.startsWith('!') };
}
