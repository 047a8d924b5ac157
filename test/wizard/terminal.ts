import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Sample } from '../commands/sample/sample.ts';

const run = promisify(execFile);
const POLL_MS = 40;

interface Start {
  /** Typed behind the program's name. */
  readonly args?: readonly string[];
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** How a program is started, and in which terminal. */
interface Program {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly rows?: number;
}

/** A real terminal (tmux) with the wizard in it, driven by keys. */
export class Terminal {
  readonly #argv: readonly string[];
  /** The terminal's own files, apart from what the program under test writes. */
  readonly #folder: string;
  readonly #server = `studio-setup-${randomUUID()}`;
  /** How long is waited for what should come up, in milliseconds. */
  patience = 20_000;

  private constructor({ argv }: Program, folder: string) {
    this.#argv = argv;
    this.#folder = folder;
  }

  /** Starts the wizard over the sample's sections. */
  static start(
    sample: Sample,
    { columns = 80, rows = 24, env = {}, args = [] }: Start = {},
  ): Promise<Terminal> {
    const { argv, env: base } = sample.command();
    const all = { LANG: 'C.UTF-8', SHELL: '/bin/sh', PS1: 'shell-here ', ...base, ...env };
    return Terminal.open({ argv: [...argv, ...args], env: all, columns, rows });
  }

  /** Starts a program; behind it stands how it ended, and what it left of the terminal's settings. */
  static async open(program: Program): Promise<Terminal> {
    const { argv, env, columns = 80, rows = 24 } = program;
    const folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-terminal-'));
    const terminal = new Terminal(program, folder);
    const words = Object.entries(env).map(([name, value]) => `${name}='${value}'`);
    const command = `env -i ${words.join(' ')} TERM=screen-256color ${argv.join(' ')}`;
    const settings = "stty -a | tr ';' '\\n' | grep -o -- '-\\?\\(icanon\\|echo\\) '";
    const script = path.join(folder, 'start.sh');
    await writeFile(script, `sleep 0.2; ${command}; echo "ended with $?"; ${settings}; sleep 1000\n`);
    const size = ['-x', String(columns), '-y', String(rows)];
    await terminal.#tmux('-f', '/dev/null', 'new-session', '-d', ...size, `sh ${script}`);
    await terminal.#tmux('pipe-pane', '-O', `cat > ${path.join(folder, 'raw')}`);
    return terminal;
  }

  /** Types keys, by tmux's names: `Enter`, `C-c`, `Down`, or single characters. */
  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.#tmux('send-keys', key);
  }

  async type(text: string): Promise<void> {
    await this.#tmux('send-keys', '-l', text);
  }

  /** Sends bytes as they are, as a terminal's own replies come. */
  async send(bytes: string): Promise<void> {
    const codes = [...Buffer.from(bytes)].map((byte) => byte.toString(16).padStart(2, '0'));
    await this.#tmux('send-keys', '-H', ...codes);
  }

  /** Pastes as a terminal does that brackets what is pasted. */
  async paste(text: string): Promise<void> {
    const file = path.join(this.#folder, 'clipboard');
    await writeFile(file, text);
    await this.#tmux('load-buffer', file);
    await this.#tmux('paste-buffer', '-p', '-r');
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  /** @returns what stands on the screen */
  async screen(): Promise<string> {
    return (await this.#tmux('capture-pane', '-p')).stdout;
  }

  /** @returns the same with its colours, as escape sequences */
  async coloured(): Promise<string> {
    return (await this.#tmux('capture-pane', '-p', '-e')).stdout;
  }

  /** Every byte that was sent to the terminal so far. */
  raw(): Promise<string> {
    return readFile(path.join(this.#folder, 'raw'), 'utf8');
  }

  /** Waits until it stands on the screen. @throws Error with the screen, when it does not come */
  async until(wanted: string | RegExp): Promise<string> {
    const deadline = Date.now() + this.patience;
    for (;;) {
      const screen = await this.screen();
      if (typeof wanted === 'string' ? screen.includes(wanted) : wanted.test(screen)) return screen;
      if (Date.now() > deadline) throw new Error(`Waited in vain for ${wanted}:\n${screen}`);
      await sleep(POLL_MS);
    }
  }

  /** Waits until the screen is as it should be. @returns it @throws Error with it, when it does not become so */
  async changed(wanted: (screen: string) => boolean): Promise<string> {
    const deadline = Date.now() + this.patience;
    for (;;) {
      const screen = await this.screen();
      if (wanted(screen)) return screen;
      if (Date.now() > deadline) throw new Error(`Waited in vain for a change:\n${screen}`);
      await sleep(POLL_MS);
    }
  }

  /** Waits for something and then types. */
  async at(wanted: string | RegExp, ...keys: readonly string[]): Promise<void> {
    await this.until(wanted);
    await this.press(...keys);
  }

  /** Waits for its end. @returns its exit code, and the screen that is then there */
  async ended(): Promise<{ readonly code: number; readonly screen: string; readonly restored: boolean }> {
    const screen = await this.until(/ended with \d+[\s\S]*echo/);
    const [, code] = /ended with (\d+)/.exec(screen) ?? [];
    const { stdout } = await this.#tmux('display-message', '-p', '#{alternate_on} #{cursor_flag}');
    const cooked = /^icanon $/m.test(`${screen} `.replaceAll('\n', ' \n')) && !screen.includes('-icanon');
    return { code: Number(code), screen, restored: cooked && stdout.trim() === '0 1' };
  }

  /** Sends a signal to the wizard itself. */
  async signal(name: string): Promise<void> {
    const { stdout } = await run('pgrep', ['-f', `^${this.#argv.join(' ')}`]);
    for (const pid of stdout.trim().split('\n')) process.kill(Number(pid), name);
  }

  /** Takes the terminal away, as a lost ssh connection does. */
  async close(): Promise<void> {
    await this.#tmux('kill-server').catch(() => {});
    await rm(this.#folder, { recursive: true, force: true });
  }

  #tmux(...args: readonly string[]) {
    return run('tmux', ['-L', this.#server, ...args]);
  }
}
