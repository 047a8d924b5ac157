import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Finished, must, run, split } from './process.ts';
import type { Sandbox } from './sandbox.ts';

export interface ExecOptions {
  readonly input?: string | Buffer;
  /** Added to the environment that the guest's programs get. */
  readonly env?: Readonly<Record<string, string>>;
  /** When not given: `/root`, and `/` for another user. */
  readonly cwd?: string;
  /** Milliseconds until the program is killed; 10 minutes when not given. */
  readonly timeoutMs?: number;
  /** A user of the guest; root when not given. `HOME` stays root's unless `env` says otherwise. */
  readonly user?: string;
}

/** What a login by root gives, and the list of authorities that knows the rehearsal's own (`recipe.ts`). */
const environment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  USER: 'root',
  LOGNAME: 'root',
  SHELL: '/bin/bash',
  LANG: 'C.UTF-8',
  TERM: 'xterm-256color',
  REQUESTS_CA_BUNDLE: '/etc/ssl/certs/ca-certificates.crt',
};

/** The throwaway host: a Debian booted by systemd-nspawn on an overlay, which lasts until the sandbox ends. */
export class Guest {
  readonly #sandbox: Sandbox;
  readonly #root: string;
  /** `boot.sh`, which lasts as long as the host is on. */
  #power: ChildProcess | undefined;
  /** The machine's number for the guest's first process. */
  #leader: number | undefined;

  constructor(sandbox: Sandbox, root: string) {
    this.#sandbox = sandbox;
    this.#root = root;
  }

  /** Gives the host an empty disk: an overlay over the bare root. It has to be off. */
  async format(): Promise<void> {
    await this.#inside('rm -rf host && mkdir -p host/upper host/work');
    await this.#mount();
  }

  /** Lets the host trust authorities, each a PEM text under a name, as an administrator would. It has to be off. */
  async trust(authorities: Readonly<Record<string, string>>): Promise<void> {
    const script = 'cat > "merged/usr/local/share/ca-certificates/$1.crt"';
    for (const [name, pem] of Object.entries(authorities)) {
      await must(this.#sandbox.inside(['sh', '-c', `cd /run/rehearsal; ${script}`, 'sh', name]), {
        input: pem,
      });
    }
    await this.#inside('chroot merged update-ca-certificates');
  }

  /**
   * Switches the host on, and waits until systemd is done with booting.
   * @throws {Error} with the end of the console when it does not come up within a minute
   */
  async boot(): Promise<void> {
    const boot = ['sh', join(import.meta.dirname, 'boot.sh'), this.#sandbox.group];
    this.#power = spawn(...split(this.#sandbox.inside(boot)), { stdio: 'ignore' });
    this.#power.unref();
    await this.#settle();
  }

  /** Restarts the host from inside, as `systemctl reboot` does. */
  async reboot(): Promise<void> {
    const leader = this.#leader;
    await this.exec(['systemctl', 'reboot']);
    await until(
      async () => (await this.#findLeader()) !== leader,
      60,
      () => this.#console('did not go down'),
    );
    await this.#settle();
  }

  /** Shuts the host down from inside, and waits until it is off. Does nothing when it is. */
  async powerOff(): Promise<void> {
    const power = this.#power;
    if (!power || power.exitCode !== null) return;
    await this.exec(['systemctl', 'poweroff']);
    await until(
      async () => power.exitCode !== null,
      60,
      () => this.#console('did not power off'),
    );
    this.#power = undefined;
    this.#leader = undefined;
  }

  /** Keeps a copy of the host's disk under a name. The host is off meanwhile, so the copy is a clean one. */
  async checkpoint(name: string): Promise<void> {
    await this.powerOff();
    await this.#inside('rm -rf "checkpoint-$1" && cp -a host/upper "checkpoint-$1"', name);
    await this.boot();
  }

  /** Puts a kept copy back in place of the host's disk, and boots it. The copy can be restored again. */
  async restore(name: string): Promise<void> {
    await this.powerOff();
    await this.#inside('test -d "checkpoint-$1" && umount merged', name);
    await this.#inside('rm -rf host && mkdir -p host/work && cp -a "checkpoint-$1" host/upper', name);
    await this.#mount();
    await this.boot();
  }

  /** Runs a program on the host. An exit code is a result, not an error; -1 means killed or out of time. */
  exec(argv: readonly string[], options: ExecOptions = {}): Promise<Finished> {
    return run(this.#enter(argv, options), {
      input: options.input,
      env: { ...environment, ...options.env },
      timeoutMs: options.timeoutMs ?? 600_000,
      kill: (child) => this.signal(child, 'SIGKILL'),
    });
  }

  /**
   * Starts a program on the host with its three streams as pipes. The child process given is a wrapper, which ends as the
   * program does; a signal for the program goes through `signal`.
   */
  spawn(argv: readonly string[], options: Omit<ExecOptions, 'input' | 'timeoutMs'> = {}): ChildProcess {
    return spawn(...split(this.#enter(argv, options)), {
      env: { ...environment, ...options.env },
      stdio: 'pipe',
    });
  }

  /** Sends a signal to the program that `spawn` started, and to nothing else. */
  async signal(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
    const pid = await onlyChild(child.pid);
    if (pid !== undefined) process.kill(pid, signal);
  }

  /** What to put before a program's arguments to run it on the host from a terminal of the machine, tmux for one. */
  enterArgv(options: Pick<ExecOptions, 'cwd' | 'env' | 'user'> = {}): string[] {
    const assignments = Object.entries({ ...environment, ...options.env }).map(
      ([key, value]) => `${key}=${value}`,
    );
    return this.#enter(['env', '--ignore-environment', ...assignments], options);
  }

  /** Copies a file of the machine to the host, owned by root; `mode` is octal digits. */
  async push(localPath: string, path: string, mode = '644'): Promise<void> {
    await this.write(path, await readFile(localPath), { mode });
  }

  /** Writes a file on the host, making the folders that lead to it. */
  async write(
    path: string,
    content: string | Buffer,
    how: { mode?: string; owner?: string } = {},
  ): Promise<void> {
    const script = 'mkdir -p "$(dirname "$1")" && cat > "$1" && chmod "$2" "$1" && chown "$3" "$1"';
    const argv = ['sh', '-c', script, 'sh', path, how.mode ?? '644', how.owner ?? 'root:root'];
    const { code, stderr } = await this.exec(argv, { input: content });
    if (code !== 0) throw new Error(`${path} could not be written on the host: ${stderr.trim()}`);
  }

  /** Reads a file of the host. @throws {Error} when it cannot be read */
  async read(path: string): Promise<string> {
    const { code, stdout, stderr } = await this.exec(['cat', '--', path]);
    if (code !== 0) throw new Error(`${path} could not be read on the host: ${stderr.trim()}`);
    return stdout;
  }

  #enter(argv: readonly string[], options: Pick<ExecOptions, 'cwd' | 'user'>): string[] {
    if (this.#leader === undefined) throw new Error('The throwaway host is off.');
    const namespaces = ['--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup'];
    const folder = ['env', `--chdir=${options.cwd ?? (options.user ? '/' : '/root')}`];
    // A program dies with the process that waits for it out here: else a killed test would leave it running.
    const bound = ['setpriv', '--pdeathsig=KILL'];
    const user = options.user ? [`--reuid=${options.user}`, `--regid=${options.user}`, '--init-groups'] : [];
    return [
      'nsenter',
      `--target=${this.#leader}`,
      ...namespaces,
      '--',
      ...folder,
      ...bound,
      ...user,
      '--',
      ...argv,
    ];
  }

  async #settle(): Promise<void> {
    const settled = async () => {
      this.#leader = await this.#findLeader();
      if (this.#leader === undefined) return false;
      const { stdout } = await this.exec(['systemctl', 'is-system-running'], { timeoutMs: 10_000 });
      return ['running', 'degraded'].includes(stdout.trim());
    };
    await until(settled, 60, () => this.#console('did not boot'));
  }

  async #findLeader(): Promise<number | undefined> {
    // nsenter, the shell of boot.sh, systemd-nspawn, systemd: each the only child of the one before.
    let pid = this.#power?.pid;
    for (let generation = 0; generation < 3; generation++) pid = await onlyChild(pid);
    return pid;
  }

  #mount(): Promise<string> {
    const options = `lowerdir=${this.#root},upperdir=host/upper,workdir=host/work`;
    return this.#inside(`mount -t overlay -o "$1" overlay merged`, options);
  }

  /** Runs a line of shell in the folder of the rehearsal, beside the host. */
  #inside(script: string, ...args: readonly string[]): Promise<string> {
    return must(this.#sandbox.inside(['sh', '-e', '-c', `cd /run/rehearsal; ${script}`, 'sh', ...args]));
  }

  async #console(what: string): Promise<string> {
    return `The throwaway host ${what}. The end of its console:\n${await this.#inside('tail -n 20 console.log')}`;
  }
}

async function onlyChild(pid: number | undefined): Promise<number | undefined> {
  if (pid === undefined) return undefined;
  const found = Number((await run(['pgrep', '--parent', String(pid)])).stdout.split('\n')[0]);
  return found > 0 ? found : undefined;
}

async function until(
  done: () => Promise<boolean>,
  seconds: number,
  failure: () => Promise<string>,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await done())) {
    if (Date.now() > deadline) throw new Error(await failure());
    await pause(50);
  }
}
