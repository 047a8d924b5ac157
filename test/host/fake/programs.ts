import type { ProgramResult, RunOptions } from '../../../src/host/host.ts';
import { shellOf } from '../../../src/host/shell.ts';

/** How a program was started. */
export interface Call {
  readonly argv: readonly string[];
  readonly options: RunOptions;
}

/** What a program does: its answer, and by itself whatever it does to the host. `undefined`: it is another row's. */
export type Program = (call: Call) => Partial<ProgramResult> | string | undefined;

/** A table of programs: the first row that knows a call answers it. Each row is a claim about a real program, and says where it is from. */
export class Programs {
  readonly #rows: Program[] = [];

  /** Later rows come first, so that a test can have one program do otherwise. */
  add(...rows: readonly Program[]): void {
    this.#rows.unshift(...rows);
  }

  /** @throws TypeError when no row knows the call: a program that is not installed is a row of its own, `absent` */
  answer(call: Call): ProgramResult {
    for (const row of this.#rows) {
      const result = row(call);
      if (result !== undefined)
        return {
          code: 0,
          stdout: '',
          stderr: '',
          ...(typeof result === 'string' ? { stdout: result } : result),
        };
    }
    throw new TypeError(`No program in the table answers: ${shellOf(call.argv)}`);
  }
}

/** @returns a row for calls of which the shell text meets the pattern */
export function when(pattern: RegExp, answer: (call: Call) => Partial<ProgramResult> | string): Program {
  return (call) => (pattern.test(shellOf(call.argv)) ? answer(call) : undefined);
}

/** A program that is not installed: execvp(3) finds nothing, and src/host/process.ts makes 127 of that. */
export function absent(name: string): Program {
  return ({ argv }) => (argv[0] === name ? { code: 127, stderr: `spawn ${name} ENOENT` } : undefined);
}
