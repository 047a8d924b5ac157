import { type ChildProcess, spawn } from 'node:child_process';

export interface Finished {
  /** The exit code; 128 + signal number is not used: a process ended by a signal or by the time limit gives -1. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string | Buffer | undefined;
  /** The whole environment of the process; this process's own when not given. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  readonly cwd?: string | undefined;
  /** Milliseconds until the process is killed; no limit when not given. */
  readonly timeoutMs?: number | undefined;
  /** How to kill it, when the process started is only a wrapper of the one that matters. */
  readonly kill?: (child: ChildProcess) => unknown;
}

/** Runs a program to its end. Never throws on an exit code; throws when the program cannot be started. */
export function run(argv: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const child = spawn(...split(argv), { env: options.env, cwd: options.cwd, stdio: 'pipe' });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => stdout.push(part));
  child.stderr.on('data', (part: Buffer) => stderr.push(part));
  // A program that does not read its input closes the pipe early: no reason to fail.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  return new Promise((resolve, reject) => {
    const finish = (code: number) =>
      resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() });
    // A grandchild may hold the pipes open for ever, so the answer does not wait for them to close.
    const expire = async () => {
      await (options.kill ?? ((wrapped: ChildProcess) => wrapped.kill('SIGKILL')))(child);
      child.stdout.destroy();
      child.stderr.destroy();
      finish(-1);
    };
    const timer = options.timeoutMs && setTimeout(() => expire(), options.timeoutMs);
    child.on('error', reject);
    child.on('close', (code) => {
      if (timer) clearTimeout(timer);
      finish(code ?? -1);
    });
  });
}

/**
 * Runs a program that has to succeed, and gives its standard output.
 * @throws {Error} with the command and the end of its output, when it exits with anything but 0.
 */
export async function must(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await run(argv, options);
  if (code === 0) return stdout;
  const said = (stderr.trim() || stdout.trim()).split('\n').slice(-15).join('\n');
  throw new Error(`${argv.join(' ')} ended with ${code}:\n${said}`);
}

/**
 * The command that runs another one so that it ends with this process, kill -9 included, and takes along all that it started:
 * for a long build, which nobody should find still writing when its lock is free again.
 */
export function bound(argv: readonly string[]): string[] {
  return [
    'setpriv',
    '--pdeathsig=KILL',
    'unshare',
    '--pid',
    '--fork',
    '--kill-child',
    '--mount-proc',
    '--',
    ...argv,
  ];
}

/** Program and arguments as `spawn` wants them. */
export function split(argv: readonly string[]): [string, string[]] {
  const [program, ...args] = argv;
  if (program === undefined) throw new Error('There is no program to run: the list of arguments is empty.');
  return [program, args];
}
