import { writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import type { ProgramResult } from './host.ts';
import { ProgramOutput, STREAMS } from './output.ts';
import { LAST_RESORT_MS, TIMED_OUT, timeLimit } from './time-limit.ts';

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
  const output = new ProgramOutput(options.onLine);
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
  for (const name of STREAMS) {
    child[name]?.on('data', (chunk: Buffer) => output.push(name, chunk));
    child[name]?.on('end', () => output.end(name));
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
    return { code: result, stdout: output.stdout, stderr: output.stderr };
  }
  return {
    code: exitCodeOf(result),
    stdout: output.stdout,
    stderr:
      result.exitCode === undefined && !result.signal ? `${output.stderr}${reasonOf(result)}` : output.stderr,
    ...(result.exitCode === undefined ? {} : output.inOrder),
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
