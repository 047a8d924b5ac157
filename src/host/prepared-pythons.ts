import type { ProgramResult } from './host.ts';
import type { ProcessOptions } from './process.ts';
import { PythonServer, resultIn, serving } from './python-server.ts';
import { timeLimit } from './time-limit.ts';

/** What a program is run with, and what may have been run before. */
export interface PreparedOptions extends ProcessOptions {
  /** Python. */
  readonly preparation: string;
}

/**
 * Pythons that have run a preparation and wait to be forked for the programs that need it, by `templates/python/prepared.py`. Only
 * for programs that may be started a second time: a Python can be killed, also by the time limit of another program that it runs,
 * and a program of it may then run for a moment beside its second start. An idle one does not keep this process alive; it ends with
 * it, or after a minute in which nothing was asked. It runs as the account that it asks about.
 */
export class PreparedPythons {
  readonly #kept = new Map<string, Promise<PythonServer<Answer>>>();
  /** A preparation leaves threads or connections, which are not forked. */
  readonly #unfit = new Set<string>();
  readonly #asked = new Map<string, number>();
  readonly #alone: number;

  /** @param alone how many programs of one preparation are started by themselves first: for one alone that is quicker */
  constructor(alone = 1) {
    this.#alone = alone;
  }

  /**
   * @param argv a Python that reads its program from standard input
   * @param options `input` is the program; `onStart` is called when it was sent, which a preparation may still hold up
   * @returns what the program did; `undefined` where it is to be started by itself, such as when the preparation fails. Never
   * throws for what the program does.
   */
  async run(argv: readonly string[], options: PreparedOptions): Promise<ProgramResult | undefined> {
    const { cwd, account, env, preparation, timeoutMs } = options;
    const key = JSON.stringify([argv, cwd, account?.uid, account?.gid, env, preparation]);
    const asked = this.#asked.get(key) ?? 0;
    this.#asked.set(key, asked + 1);
    if (asked < this.#alone || this.#unfit.has(key)) return undefined;
    const until = performance.now() + timeoutMs;
    // The second one is new, and has loaded what the first one had an older version of.
    for (let attempt = 1; attempt <= 2; attempt++) {
      const kept = this.#kept.get(key) ?? start(argv, options);
      this.#kept.set(key, kept);
      const python = await kept.catch(() => undefined);
      const result = (await (python && runIn(python, options, until - performance.now()))) ?? 'failed';
      if (typeof result === 'object') return result;
      // Others may still have programs of theirs running in it.
      if (this.#kept.get(key) === kept) this.#kept.delete(key);
      python?.endWhenIdle();
      if (result === 'unfit') this.#unfit.add(key);
      if (result !== 'stale') return undefined;
    }
    return undefined;
  }
}

/** Why a program has no result: what was loaded is another on disk by now, it can't be forked, or it could not be had. */
const REFUSALS = ['stale', 'unfit', 'failed'] as const;
type Answer = ProgramResult | (typeof REFUSALS)[number];

/** Characters of one answer: of both outputs LARGEST bytes of prepared.py, each written as `\u0000`, and the rest. */
const LONGEST = 2 * 6 * 512 * 1024 + 1024;

function start(
  argv: readonly string[],
  { cwd, env, account, preparation }: PreparedOptions,
): Promise<PythonServer<Answer>> {
  // A string of JSON is one of Python too.
  const input = `PREPARATION = ${JSON.stringify(preparation)}\n${serving('python/prepared.py')}`;
  return PythonServer.start(argv, {
    input,
    ...(cwd === undefined ? {} : { cwd }),
    env,
    ...(account === undefined ? {} : { account }),
    answerIn: (said) => REFUSALS.find((each) => each === said.refused) ?? resultIn(said),
    longest: LONGEST,
  });
}

async function runIn(
  python: PythonServer<Answer>,
  { input = '', signal, onStart }: PreparedOptions,
  timeoutMs: number,
): Promise<Answer> {
  if (signal?.aborted === true) return 'failed';
  // After a while in which it was asked nothing it ends.
  if (python.ended) return 'stale';
  const limit = timeLimit(timeoutMs, signal, 0);
  const program = Buffer.from(input);
  const { answer } = python.ask({ bytes: program.length }, program);
  onStart?.(python.pid)?.();
  const stopped = limit.code.then((code) => {
    python.end();
    return { code, stdout: '', stderr: '' };
  });
  try {
    return await Promise.race([stopped, answer.then((said) => said ?? 'failed')]);
  } finally {
    limit.clear();
  }
}
