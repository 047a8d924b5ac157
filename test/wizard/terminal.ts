import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Sample } from '../commands/sample/sample.ts';

const run = promisify(execFile);
const LIMIT_MS = 20_000;
const POLL_MS = 40;

interface Start {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** A real terminal (tmux) with the wizard in it, driven by keys. */
export class Terminal {
  readonly #sample: Sample;
  readonly #server = `studio-setup-${randomUUID()}`;

  private constructor(sample: Sample) {
    this.#sample = sample;
  }

  /** Starts the wizard over the sample's sections; behind it a shell that tells how it ended. */
  static async start(sample: Sample, { columns = 80, rows = 24, env = {} }: Start = {}): Promise<Terminal> {
    const terminal = new Terminal(sample);
    const { argv, env: base } = sample.command();
    const all = { LANG: 'C.UTF-8', SHELL: '/bin/sh', PS1: 'shell-here ', ...base, ...env };
    const words = Object.entries(all).map(([name, value]) => `${name}='${value}'`);
    const raw = sample.at('raw');
    const script = `env -i ${words.join(' ')} TERM=screen-256color ${argv.join(' ')}; echo "ended with $?"; stty -a | tr ';' '\\n' | grep -o -- '-\\?\\(icanon\\|echo\\) '; sleep 1000\n`;
    await writeFile(sample.at('start.sh'), script);
    await terminal.#tmux(
      ...['-f', '/dev/null', 'new-session', '-d', '-x', String(columns), '-y', String(rows)],
      `stty -echo; sleep 0.2; stty echo; sh ${sample.at('start.sh')}`,
    );
    await terminal.#tmux('pipe-pane', '-O', `cat > ${raw}`);
    return terminal;
  }

  /** Types keys, by tmux's names: `Enter`, `C-c`, `Down`, or single characters. */
  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.#tmux('send-keys', key);
  }

  async type(text: string): Promise<void> {
    await this.#tmux('send-keys', '-l', text);
  }

  /** Pastes as a terminal does that brackets what is pasted. */
  async paste(text: string): Promise<void> {
    const file = this.#sample.at('clipboard');
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

  /** Every byte that was sent to the terminal so far. */
  raw(): Promise<string> {
    return readFile(this.#sample.at('raw'), 'utf8');
  }

  /** Waits until it stands on the screen. @throws Error with the screen, when it does not come */
  async until(wanted: string | RegExp): Promise<string> {
    const deadline = Date.now() + LIMIT_MS;
    for (;;) {
      const screen = await this.screen();
      if (typeof wanted === 'string' ? screen.includes(wanted) : wanted.test(screen)) return screen;
      if (Date.now() > deadline) throw new Error(`Waited in vain for ${wanted}:\n${screen}`);
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
    const { argv } = this.#sample.command();
    const { stdout } = await run('pgrep', ['-f', `^${argv.join(' ')}`]);
    for (const pid of stdout.trim().split('\n')) process.kill(Number(pid), name);
  }

  /** Takes the terminal away, as a lost ssh connection does. */
  async close(): Promise<void> {
    await this.#tmux('kill-server').catch(() => {});
  }

  #tmux(...args: readonly string[]) {
    return run('tmux', ['-L', this.#server, ...args]);
  }
}
