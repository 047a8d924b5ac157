import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { build } from 'esbuild';
import { bundleOptions } from '../../../scripts/bundle.ts';

const bundles = new Map<string, Promise<string>>();

/** A command line as one file, as the product's own is: it starts twice as fast as from its sources. */
function bundled(source: string): Promise<string> {
  const known = bundles.get(source) ?? bundle(source);
  bundles.set(source, known);
  return known;
}

async function bundle(source: string): Promise<string> {
  const file = path.join(await mkdtemp(path.join(tmpdir(), 'studio-setup-cli-')), 'cli.cjs');
  process.once('exit', () => rmSync(path.dirname(file), { recursive: true, force: true }));
  await chmod(path.dirname(file), 0o755);
  await build(bundleOptions(source, file));
  return file;
}

export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** @returns what a command printed with `--json`, record by record */
export function records(stdout: string): readonly Record<string, unknown>[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

export type Step = { readonly expect: string } | { readonly send: string } | { readonly hangup: true };

/** The command line over sample sections in a folder of its own, started as a program. */
export class Sample {
  readonly folder: string;
  readonly #cli: string;

  private constructor(folder: string, file: string) {
    this.folder = folder;
    this.#cli = file;
  }

  /**
   * @param source absolute path of the command line; the sample's own when absent
   * @param above where its folder is made
   */
  static async make(source = path.join(import.meta.dirname, 'cli.ts'), above = tmpdir()): Promise<Sample> {
    const folder = await mkdtemp(path.join(above, 'studio-setup-sample-'));
    const sample = new Sample(folder, await bundled(source));
    await chmod(sample.folder, 0o755);
    await sample.program('echo hello');
    await sample.write('answers.yaml', 'site: {domain: Studio.Example.org}\n');
    return sample;
  }

  at(name: string): string {
    return path.join(this.folder, name);
  }

  async write(name: string, content: string): Promise<void> {
    await writeFile(this.at(name), content);
  }

  read(name: string): Promise<string> {
    return readFile(this.at(name), 'utf8');
  }

  /** What the section `tasks` runs. */
  program(script: string): Promise<void> {
    return this.write('program', `${script}\n`);
  }

  /** Every path below the folder, sorted. */
  async tree(): Promise<readonly string[]> {
    return (await readdir(this.folder, { recursive: true })).sort();
  }

  /** All that the product wrote, in one text: what must not hold a secret. */
  async written(...folders: readonly string[]): Promise<string> {
    const texts: string[] = [];
    for (const folder of folders) {
      const entries = await readdir(this.at(folder), { recursive: true, withFileTypes: true });
      for (const entry of entries)
        if (entry.isFile()) texts.push(await readFile(path.join(entry.parentPath, entry.name), 'utf8'));
    }
    return texts.join('\n');
  }

  /**
   * How it is started, for a terminal that somebody else brings.
   * @param options of Node
   */
  command(options: readonly string[] = []): {
    readonly argv: readonly string[];
    readonly env: Readonly<Record<string, string>>;
  } {
    return { argv: [process.execPath, ...options, this.#cli], env: this.#environment() };
  }

  start(args: readonly string[]): ChildProcess {
    return spawn(process.execPath, [this.#cli, ...args], {
      env: this.#environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** Started by an account that is not root. */
  asNobody(args: readonly string[]): Promise<Result> {
    return this.run(args, { account: 65534 });
  }

  run(args: readonly string[], options: { input?: string; account?: number } = {}): Promise<Result> {
    const { promise, resolve } = Promise.withResolvers<Result>();
    const child = execFile(
      process.execPath,
      [this.#cli, ...args],
      {
        env: this.#environment(),
        encoding: 'utf8',
        ...(options.account === undefined ? {} : { uid: options.account }),
      },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
    child.stdin?.end(options.input ?? '');
    return promise;
  }

  /** Unattended, with the sample's answers. */
  unattended(...args: readonly string[]): Promise<Result> {
    return this.run([...args, '--yes', '--answers', this.at('answers.yaml')]);
  }

  /**
   * In a terminal of 80 by 24.
   * @returns what was printed without escape sequences, raw too, and the exit code (`null` when it did not end)
   */
  async terminal(args: readonly string[], steps: readonly Step[]) {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const child = execFile(
      '/usr/bin/python3',
      [path.join(import.meta.dirname, 'terminal.py'), process.execPath, this.#cli, ...args],
      { env: this.#environment({ TERM: 'xterm-256color' }), encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
      (error, stdout) => (error ? reject(error) : resolve(stdout)),
    );
    child.stdin?.end(JSON.stringify(steps));
    const result = JSON.parse(await promise) as {
      printed: string;
      code: number | null;
      missed: string | null;
    };
    if (result.missed !== null) {
      throw new Error(`Waited in vain for ${result.missed}:\n${stripVTControlCharacters(result.printed)}`);
    }
    return { code: result.code, raw: result.printed, text: stripVTControlCharacters(result.printed) };
  }

  remove(): Promise<void> {
    // What a killed run left may write a last line meanwhile.
    return rm(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  #environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    return {
      PATH: process.env.PATH ?? '',
      HOME: '/root',
      STUDIO_SETUP_SAMPLE: this.folder,
      // It is started hundreds of times: compiled once.
      NODE_COMPILE_CACHE: path.join(path.dirname(this.#cli), 'compiled'),
      ...more,
    };
  }
}
