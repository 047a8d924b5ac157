import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Disk } from './disk.ts';
import { type EnterOptions, enter, environment } from './enter.ts';
import { type Finished, must, run, split } from './process.ts';
import type { Machine } from './recipe.ts';
import type { Sandbox } from './sandbox.ts';

export interface ExecOptions extends EnterOptions {
  readonly input?: string | Buffer;
  /** Milliseconds until the program is killed, which is then a result; not given: {@link LONGEST_MS}, and it is an error. */
  readonly timeoutMs?: number;
}

/** Milliseconds that a program on the host may take. A whole install takes one minute, and six where six others want the processors. */
const LONGEST_MS = 1_200_000;

/** The throwaway host: a Debian booted by systemd-nspawn, which lasts until the sandbox ends. It begins switched off. */
export class Guest {
  /** Its name and its addresses. */
  readonly machine: Machine;
  readonly #sandbox: Sandbox;
  readonly #disk: Disk;
  /** `boot.sh`, which lasts as long as the host is on. */
  #power: ChildProcess | undefined;
  /** The machine's number for the host's first process. */
  #leader: number | undefined;
  /** The program that was stuck: whatever comes after it on this host would wait as long, and say less. */
  #stuck: string | undefined;

  constructor(sandbox: Sandbox, disk: Disk, machine: Machine) {
    this.machine = machine;
    this.#sandbox = sandbox;
    this.#disk = disk;
  }

  /**
   * Switches the host on, and waits until systemd is done with booting.
   * @throws {Error} with the end of the console when it does not come up within a minute
   */
  async boot(): Promise<void> {
    const boot = ['sh', join(import.meta.dirname, 'boot.sh'), this.#sandbox.group, this.machine.name];
    this.#power = spawn(...split(this.#sandbox.inside(boot)), { stdio: 'ignore' });
    this.#power.unref();
    this.#stuck = undefined;
    await this.#settle();
  }

  /** Restarts the host from inside, as its administrator would, and waits until systemd is done with booting. */
  async reboot(): Promise<void> {
    const before = this.#leader;
    await this.exec(['systemctl', 'reboot']);
    await this.#until('did not go down', async () => (await this.#findLeader()) !== before);
    await this.#settle();
  }

  /** Shuts the host down from inside, and waits until it is off. Does nothing when it is. */
  async powerOff(): Promise<void> {
    const power = this.#power;
    if (power === undefined) return;
    if (power.exitCode === null) await this.exec(['systemctl', 'poweroff']);
    await this.#until('did not power off', async () => power.exitCode !== null);
    this.#power = undefined;
    this.#leader = undefined;
  }

  /** Keeps a copy of the host's disk under a name. The host is off meanwhile, so the copy is a clean one. */
  async checkpoint(name: string): Promise<void> {
    await this.powerOff();
    await this.#disk.keep(name);
    await this.boot();
  }

  /** Puts a kept copy in place of the host's disk, and boots it. The copy can be restored again. */
  async restore(name: string): Promise<void> {
    await this.powerOff();
    await this.#disk.putBack(name);
    await this.boot();
  }

  /**
   * Runs a program on the host. An exit code is a result, not an error; -1 means killed or out of time.
   * @throws {Error} when the host is off; when the program is stuck, with what is at work on the host
   */
  async exec(argv: readonly string[], options: ExecOptions = {}): Promise<Finished> {
    if (this.#stuck !== undefined && options.timeoutMs === undefined)
      throw new Error(`Before, ${this.#stuck} did not end on this host.`);
    let stuck: string | undefined;
    const finished = await run(this.#enter(argv, options), {
      input: options.input,
      env: environment(options),
      timeoutMs: options.timeoutMs ?? LONGEST_MS,
      kill: async (child) => {
        if (options.timeoutMs === undefined) stuck = await this.atWork();
        await this.signal(child, 'SIGKILL');
      },
    });
    if (stuck === undefined) return finished;
    this.#stuck = argv.join(' ');
    throw new Error(
      [
        `${argv.join(' ')} did not end on the host.`,
        finished.stdout.slice(-2000),
        finished.stderr,
        stuck,
      ].join('\n'),
    );
  }

  /** What runs on the host, as a tree of processes with what each waits for in the kernel. */
  async atWork(): Promise<string> {
    const ps = ['ps', '-e', '--forest', '-o', 'pid,lstart,wchan:20,args', '--cols', '200'];
    return (await this.exec(ps, { timeoutMs: 10_000 })).stdout;
  }

  /**
   * Bounds the time of a program that `spawn` started: one that is stuck is killed.
   * @returns what was at work on the host then; `undefined` when the program ended before
   */
  watch(child: ChildProcess): Promise<string | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(async () => {
        this.#stuck = child.spawnargs.join(' ');
        resolve(await this.atWork());
        await this.signal(child, 'SIGKILL');
      }, LONGEST_MS);
      child.once('exit', () => {
        clearTimeout(timer);
        resolve(undefined);
      });
    });
  }

  /**
   * Starts a program on the host with its three streams as pipes. The child process given is a wrapper, which ends as the
   * program does; a signal for the program goes through `signal`.
   */
  spawn(argv: readonly string[], options: EnterOptions = {}): ChildProcess {
    return spawn(...split(this.#enter(argv, options)), { env: environment(options), stdio: 'pipe' });
  }

  /** Sends a signal to the program that `spawn` started, and to nothing else. */
  async signal(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
    const pid = await onlyChild(child.pid);
    if (pid !== undefined) process.kill(pid, signal);
  }

  /** What to put before a program's arguments to run it on the host from a terminal of the machine, tmux for one. */
  enterArgv(options: EnterOptions = {}): string[] {
    const assignments = Object.entries(environment(options)).map(([key, value]) => `${key}=${value}`);
    return this.#enter(['env', '--ignore-environment', ...assignments], options);
  }

  /** Copies a file of the machine to the host, owned by root; `mode` is octal digits. */
  async push(localPath: string, path: string, mode = '644'): Promise<void> {
    await this.write(path, await readFile(localPath), { mode });
  }

  /** Writes a file on the host, making the folders that lead to it; root's and of mode 644 when not told otherwise. */
  async write(path: string, content: string | Buffer, how: { mode?: string; owner?: string } = {}) {
    const script = 'mkdir -p "$(dirname "$1")" && cat > "$1" && chmod "$2" "$1" && chown "$3" "$1"';
    const argv = ['sh', '-c', script, 'sh', path, how.mode ?? '644', how.owner ?? 'root:root'];
    const { code, stderr } = await this.exec(argv, { input: content });
    if (code !== 0) throw new Error(`${path} could not be written on the host: ${stderr.trim()}`);
  }

  /**
   * Reads a file of the host.
   * @throws {Error} when it cannot be read
   */
  async read(path: string): Promise<string> {
    const { code, stdout, stderr } = await this.exec(['cat', '--', path]);
    if (code !== 0) throw new Error(`${path} could not be read on the host: ${stderr.trim()}`);
    return stdout;
  }

  #enter(argv: readonly string[], options: EnterOptions): string[] {
    if (this.#leader === undefined) throw new Error('The throwaway host is off.');
    return enter(this.#leader, argv, options);
  }

  async #settle(): Promise<void> {
    await this.#until('did not boot', async () => {
      this.#leader = await this.#findLeader();
      if (this.#leader === undefined) return false;
      const { stdout } = await this.exec(['systemctl', 'is-system-running'], { timeoutMs: 10_000 });
      return ['running', 'degraded'].includes(stdout.trim());
    });
  }

  async #findLeader(): Promise<number | undefined> {
    // nsenter, the shell of boot.sh, systemd-nspawn, systemd: each the only child of the one before.
    let pid = this.#power?.pid;
    for (let generation = 0; generation < 3; generation++) pid = await onlyChild(pid);
    return pid;
  }

  async #until(failure: string, done: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 60_000;
    while (!(await done())) {
      if (Date.now() > deadline) {
        const log = `/run/rehearsal/${this.machine.name}/console.log`;
        const console = await must(this.#sandbox.inside(['tail', '-n', '20', log]));
        throw new Error(`The throwaway host ${failure}. The end of its console:\n${console}`);
      }
      await pause(50);
    }
  }
}

async function onlyChild(pid: number | undefined): Promise<number | undefined> {
  if (pid === undefined) return undefined;
  const found = Number((await run(['pgrep', '--parent', String(pid)])).stdout.split('\n')[0]);
  return found > 0 ? found : undefined;
}
