import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { EngineEvent } from '../../src/engine/events.ts';
import { answersFile } from '../rehearsal/answers.ts';
import type { ExecOptions } from '../rehearsal/guest.ts';
import type { Finished } from '../rehearsal/process.ts';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';

/** Text of the product, which is wrapped to the width of a terminal, as one line. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** How an operator, with the answers in a file and no terminal, starts the product. */
const unattended = (...command: readonly string[]) => [
  'studio-setup',
  ...command,
  '--answers',
  answersFile,
  '--yes',
];

/** Runs the product to its end as an operator without a terminal does. */
export function setUp(host: Rehearsal, ...options: readonly string[]): Promise<Finished> {
  return host.exec(unattended('run', ...options));
}

/** A run of the product, watched by the events of its `--json` stream and to be interrupted. */
export class Run {
  readonly child: ChildProcess;
  /** All that came so far. */
  readonly events: EngineEvent[] = [];
  /** Its exit code, `null` when a signal ended it, and what it said of problems and on standard error. */
  readonly ended: Promise<{ readonly code: number | null; readonly said: string }>;
  readonly #watchers = new Set<(event?: EngineEvent) => void>();

  /** Begins to set up the host, or another `command`. */
  constructor(host: Rehearsal, command: readonly string[] = ['run']) {
    this.child = host.spawn(unattended(...command, '--json'));
    const { stdout, stderr } = this.child;
    if (stdout === null || stderr === null) throw new Error('Its streams are pipes.');
    const code = new Promise<number | null>((resolve) => this.child.once('exit', resolve));
    const lines = createInterface(stdout);
    lines.on('line', (line) => this.#take(JSON.parse(line) as EngineEvent));
    const read = new Promise((resolve) => lines.once('close', resolve));
    const stuck = host.watch(this.child);
    this.ended = Promise.all([code, text(stderr), read, stuck]).then(([code, said, , stuck]) => {
      for (const watcher of this.#watchers) watcher();
      const last = stuck === undefined ? [] : [JSON.stringify(this.events.slice(-5)), 'It was stuck:', stuck];
      return { code, said: [...this.#problems(), oneLine(said), ...last].join('\n') };
    });
  }

  /** @returns the first event from now on that matches, `undefined` when the run ends before */
  next(matches: (event: EngineEvent) => boolean): Promise<EngineEvent | undefined> {
    return new Promise((resolve) => {
      const watcher = (event?: EngineEvent) => {
        if (event !== undefined && !matches(event)) return;
        this.#watchers.delete(watcher);
        resolve(event);
      };
      this.#watchers.add(watcher);
    });
  }

  /** Of operations, and those (with a type of their own) that kept the run from beginning. */
  #problems(): readonly string[] {
    return this.events
      .map((event) => JSON.stringify(event))
      .filter((line) => /^{"v":1,"type":"problem"|"problem":{/.test(line));
  }

  #take(event: EngineEvent): void {
    this.events.push(event);
    for (const watcher of this.#watchers) watcher(event);
  }
}

/**
 * Runs a program on the host that has to succeed, and gives its standard output.
 * @throws {Error} with what it said, when it exits with anything but 0
 */
export async function must(host: Rehearsal, argv: readonly string[], options: ExecOptions = {}) {
  const { code, stdout, stderr } = await host.exec(argv, options);
  if (code === 0) return stdout;
  throw new Error(`${argv.join(' ')} ended with ${code} on the host:\n${(stderr || stdout).slice(-2000)}`);
}

/** The same for a line of shell. */
export function shell(host: Rehearsal, script: string, options: ExecOptions = {}): Promise<string> {
  return must(host, ['sh', '-euc', script], options);
}

/** A periodic task of the site prints something, as a program with a fault does; it is as before then. */
export async function taskSays(host: Rehearsal, unit: string, text: string): Promise<void> {
  const folder = `/run/systemd/system/${unit}.service.d`;
  await host.write(`${folder}/says.conf`, `[Service]\nExecStartPost=/bin/echo ${text}\n`);
  await shell(
    host,
    `systemctl daemon-reload; systemctl start ${unit}; rm -r ${folder}; systemctl daemon-reload`,
  );
}
