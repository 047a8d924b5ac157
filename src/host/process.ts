import { writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import type { ProgramResult } from './host.ts';
import { LineSplitter, Tail } from './output.ts';
import { LAST_RESORT_MS, TIMED_OUT, timeLimit } from './time-limit.ts';

/** Bytes of each output stream that are kept, from its end, of a program that is asked for its answer. */
export const KEPT = 8 * 1024 * 1024;
/** The same of one whose output is heard line by line: the log has all of it, a failure shows the end. */
const KEPT_OF_LINES = 512 * 1024;
/** The same of both streams as they came, for the last lines that a failure shows. */
const KEPT_IN_ORDER = 64 * 1024;

/** How long after a program's end its last output may take to arrive. */
const PIPE_GRACE_MS = 1000;

export interface ProcessOptions {
  readonly cwd?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
  readonly timeoutMs: number;
  readonly account?: { readonly uid: number; readonly gid: number };
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
  /** It and its children take what others leave of the processors. */
  readonly yields?: boolean;
  /** Whether it is left alone where nothing ends it: what only asks has changed nothing that somebody could wait for. */
  readonly abandons?: boolean;
  /** Told of the process as soon as it is there. @returns what is called when it has ended, if anything */
  readonly onStart?: (pid: number) => (() => void) | undefined;
}

/**
 * Runs one program to its end. Its standard input is closed unless there is `input`. When it is stopped or
 * runs out of time, its whole process group ends with it, and nothing waits for a grandchild that holds a pipe.
 * @returns its exit code and the end of its output; never throws for what the program does.
 */
export async function runProcess(argv: readonly string[], options: ProcessOptions): Promise<ProgramResult> {
  // It takes its time to load; the first frame does not need it.
  const { execa } = await import('execa');
  const [file, ...args] = argv;
  if (file === undefined) throw new TypeError('An empty command');
  const kept = options.onLine ? KEPT_OF_LINES : KEPT;
  const out = new Tail(kept);
  const err = new Tail(kept);
  const both = new Tail(KEPT_IN_ORDER);
  const child = execa(file, args, {
    cwd: options.cwd ?? '/',
    env: { ...options.env },
    extendEnv: false,
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    buffer: false,
    reject: false,
    timeout: options.timeoutMs,
    killDescendants: true,
    forceKillAfterDelay: 5000,
    cleanup: false,
    ...(options.signal ? { cancelSignal: options.signal } : {}),
    ...(options.account ? { uid: options.account.uid, gid: options.account.gid } : {}),
  });
  const ended = child.pid === undefined ? undefined : options.onStart?.(child.pid);
  if (options.yields === true && child.pid !== undefined) giveWay(child.pid);
  for (const [stream, tail] of [
    [child.stdout, out],
    [child.stderr, err],
  ] as const) {
    const lines = options.onLine ? new LineSplitter(options.onLine) : undefined;
    stream?.on('data', (chunk: Buffer) => {
      tail.push(chunk);
      if (options.onLine) both.push(chunk);
      lines?.push(chunk);
    });
    stream?.on('end', () => lines?.end());
  }
  const letGo = () => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  };
  // A daemon that the program left behind may hold its pipes for ever; what it says is no output of the program.
  let grace: NodeJS.Timeout | undefined;
  child.nodeChildProcess.once('exit', () => {
    // After one more round of reading: this process may have been too busy to read what is there.
    grace = setTimeout(() => setImmediate(letGo), PIPE_GRACE_MS);
  });
  const last =
    options.abandons === true ? timeLimit(options.timeoutMs, options.signal, LAST_RESORT_MS) : undefined;
  const result = await (last === undefined ? child : Promise.race([child, last.code]));
  last?.clear();
  clearTimeout(grace);
  ended?.();
  if (typeof result === 'number') {
    letGo();
    child.nodeChildProcess.unref();
    return { code: result, stdout: out.text(), stderr: err.text() };
  }
  return {
    code: exitCodeOf(result),
    stdout: out.text(),
    stderr: result.exitCode === undefined && !result.signal ? `${err.text()}${reasonOf(result)}` : err.text(),
    ...(options.onLine && result.exitCode !== undefined ? { inOrder: both.text() } : {}),
  };
}

/** Of setpriority(2): a tenth of the time that a program without it gets while both want a processor. */
const NICE = 10;

/** Right after its start, so that its children inherit it. That it can't be had is no failure: it may have ended by now. */
function giveWay(pid: number): void {
  try {
    setPriority(pid, NICE);
    // Where the kernel shares processors out by session (sched(7), autogroup), the other only counts within one.
    writeFileSync(`/proc/${pid}/autogroup`, String(NICE));
  } catch {}
}

interface Ended {
  readonly exitCode?: number;
  readonly signal?: string;
  readonly timedOut: boolean;
  readonly cause?: unknown;
}

function exitCodeOf(result: Ended): number {
  if (result.timedOut) return TIMED_OUT;
  if (result.exitCode !== undefined) return result.exitCode;
  if (result.signal) return 128 + (constants.signals[result.signal as NodeJS.Signals] ?? 0);
  return 127;
}

function reasonOf(result: Ended): string {
  return result.cause instanceof Error ? result.cause.message : '';
}
