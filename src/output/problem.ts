/**
 * Why something stopped, in the operator's words: what happened, to what, and what to do next.
 * Plain data, so that a screen, a line of JSON and a log can all carry it.
 */
export interface Problem {
  /** What happened, to what: one line. */
  readonly what: string;
  /** What to do next. */
  readonly remedy: string;
  /** Last lines of output, a unit's journal, a diff: already redacted. */
  readonly detail?: readonly string[];
  /** The command that failed, as typed in a shell, and its exit code. */
  readonly command?: string;
  readonly exitCode?: number;
}

/** The one error that operations, the host and commands throw on purpose. */
export class ProblemError extends Error {
  override readonly name: string = 'ProblemError';
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.what, options);
    this.problem = problem;
  }
}

/** Something of the operator's would be overwritten; exit code 4. */
export class ConflictError extends ProblemError {
  override readonly name = 'ConflictError';
}

/** The operator asked to stop; exit code 130. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

/** An answer was asked for that is not there, or not of that kind. */
export class NoAnswer extends TypeError {
  /** @param what the id of its question, or what else it is */
  constructor(what: string) {
    super(`No answer for ${what}`);
  }
}

/** @returns `error` as a problem; an unforeseen one keeps its message and asks for a report. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof NoAnswer) {
    return {
      what: `${error.message}: neither the host, nor the answers file, nor an earlier run tells it.`,
      remedy: 'Write it into the answers file (--answers FILE), or answer in a terminal: studio-setup',
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  const { code, path } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return {
      what: `The disk is full${path === undefined ? '' : `: ${path} could not be written`}.`,
      remedy: 'Make room (df -h and df -i show where), then run again: it goes on from here.',
    };
  }
  return {
    what: message,
    remedy:
      'This was not foreseen. The host can be resumed: run the same command again; report it with the log.',
    ...(error instanceof Error && error.stack ? { detail: error.stack.split('\n').slice(1, 6) } : {}),
  };
}
