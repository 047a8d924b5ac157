import type { Prepared, ProgramResult } from './host.ts';
import { ProgramOutput, STREAMS } from './output.ts';
import type { ProcessOptions } from './process.ts';
import { PythonServer, type Said, serving } from './python-server.ts';
import { timeLimit } from './time-limit.ts';

/** What a program is run with, besides what is prepared for it. */
export type PreparedOptions = Omit<ProcessOptions, 'input'>;

/**
 * Pythons that have run a preparation and wait to be forked for the programs that need it, by `templates/python/prepared.py`. Only
 * for programs that may be started a second time: a Python can be killed, and a program of it may then run for a moment beside its
 * second start. An idle one does not keep this process alive; it ends with it, or after a minute in which nothing was asked. It runs
 * as the account that it asks about.
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
   * @param options `onStart` is called when the program was sent, which a preparation may still hold up
   * @returns what the program did; `undefined` where it is to be started by itself, such as when the preparation fails. Never
   * throws for what the program does.
   */
  async run(prepared: Prepared, options: PreparedOptions): Promise<ProgramResult | undefined> {
    const { python: file, preparation, program } = prepared;
    const { cwd, account, env, timeoutMs } = options;
    const key = JSON.stringify([file, cwd, account?.uid, account?.gid, env, preparation]);
    const asked = this.#asked.get(key) ?? 0;
    this.#asked.set(key, asked + 1);
    if (asked < this.#alone || this.#unfit.has(key)) return undefined;
    const until = performance.now() + timeoutMs;
    // The second one is new, and has loaded what the first one had an older version of.
    for (let attempt = 1; attempt <= 2; attempt++) {
      const kept = this.#kept.get(key) ?? start(prepared, options);
      this.#kept.set(key, kept);
      const python = await kept.catch(() => undefined);
      const timeLeft = { ...options, timeoutMs: until - performance.now() };
      const result = (await (python && runIn(python, program, timeLeft))) ?? 'failed';
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

/** Why a program was not run: what was loaded is another on disk by now, it can't be forked, or it could not be had. */
const REFUSALS = ['stale', 'unfit', 'failed'] as const;
type Refusal = (typeof REFUSALS)[number];
/** With its exit code where it was run. */
type Answer = Refusal | { readonly code: number };

/** Bytes of an answer. */
const LONGEST = 1024;

/** Milliseconds that a program has to end once it is killed. A Python that is still being prepared does not hear of it. */
const GRACE_MS = 1000;

function start(
  { python, preparation }: Prepared,
  { cwd, env, account }: PreparedOptions,
): Promise<PythonServer<Answer>> {
  // A string of JSON is one of Python too.
  const input = `PREPARATION = ${JSON.stringify(preparation)}\n${serving('python/prepared.py')}`;
  return PythonServer.start([python, '-'], {
    input,
    ...(cwd === undefined ? {} : { cwd }),
    env,
    ...(account === undefined ? {} : { account }),
    answerIn,
    longest: LONGEST,
  });
}

function answerIn({ code, refused }: Said): Answer | undefined {
  const refusal = REFUSALS.find((each) => each === refused);
  return refusal ?? (Number.isInteger(code) ? { code: Number(code) & 0xff } : undefined);
}

async function runIn(
  python: PythonServer<Answer>,
  program: string,
  { signal, timeoutMs, onLine, onStart }: PreparedOptions,
): Promise<ProgramResult | Refusal> {
  if (signal?.aborted === true) return 'failed';
  // After a while in which it was asked nothing it ends.
  if (python.ended) return 'stale';
  const limit = timeLimit(timeoutMs, signal, 0);
  const output = new ProgramOutput(onLine);
  const bytes = Buffer.from(program);
  const { id, answer } = python.ask({ bytes: bytes.length }, bytes, (stream, chunk) =>
    output.push(stream, chunk),
  );
  onStart?.(python.pid)?.();
  let killed: number | undefined;
  let grace: NodeJS.Timeout | undefined;
  void limit.code.then((code) => {
    killed = code;
    // Others may have programs of theirs in it, which go on.
    python.tell({ stop: id });
    grace = setTimeout(() => python.end(), GRACE_MS);
  });
  const said = await answer;
  limit.clear();
  clearTimeout(grace);
  for (const stream of STREAMS) output.end(stream);
  const { stdout, stderr } = output;
  if (killed !== undefined) return { code: killed, stdout, stderr };
  if (said === undefined || typeof said === 'string') return said ?? 'failed';
  return { ...said, stdout, stderr, ...output.inOrder };
}
