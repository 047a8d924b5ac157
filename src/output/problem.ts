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
  /** Ids of the answers that are missing, where that is why. */
  readonly answers?: readonly string[];
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
      what: `${error.message}: this server, the answers file and earlier runs do not give one.`,
      remedy: 'Write it into the answers file (--answers FILE), or answer in a terminal: studio-setup',
    };
  }
  const system = systemProblem(error);
  if (system !== undefined) return system;
  const message = error instanceof Error ? error.message : String(error);
  return {
    what: message,
    remedy: 'Unexpected error. Run the same command again: it resumes from here. Report it with the log.',
    ...(error instanceof Error && error.stack ? { detail: error.stack.split('\n').slice(1, 6) } : {}),
  };
}

const RESUMES = 'then run the same command again: it resumes from here.';

/** By the system's error code (errno(3)): what it means for a file of the product's own or of the host, and what to do. */
const SYSTEM: Readonly<Record<string, readonly [what: string, remedy: string]>> = {
  ENOSPC: ['The disk is full', `Make room (df -h and df -i show where), ${RESUMES}`],
  EDQUOT: ['The disk quota is used up', `Make room or raise the quota (quota -v), ${RESUMES}`],
  EIO: [
    'The disk reports an input/output error',
    `See the kernel's messages (dmesg | tail), replace or repair the disk, ${RESUMES}`,
  ],
  EROFS: [
    'The file system is read-only',
    `Find out why (dmesg | tail; findmnt), mount it writable, ${RESUMES}`,
  ],
  EACCES: [
    'Access was denied',
    `Check owners and modes (namei -l PATH; lsattr -d PATH), give root access, ${RESUMES}`,
  ],
  EPERM: [
    'The operation is not permitted',
    `The file may be immutable (lsattr -d PATH), or a container may forbid this: allow it, ${RESUMES}`,
  ],
  EMFILE: ['Too many files are open', `Raise the limit (ulimit -n 4096), ${RESUMES}`],
  ENFILE: ['Too many files are open on this server', `See which (lsof | wc -l), close some, ${RESUMES}`],
  ENOMEM: ['Memory is exhausted', `See what uses it (free -h), add swap, ${RESUMES}`],
  EAGAIN: [
    'No further process can be started',
    `Compare their number with the limit (ps -e | wc -l; ulimit -u), raise it, ${RESUMES}`,
  ],
  ENOTDIR: ['A file stands where a folder is needed', `Move it away, ${RESUMES}`],
  EISDIR: ['A folder stands where a file is needed', `Move it away, ${RESUMES}`],
  ELOOP: ['A symbolic link stands where none may be', `Find it (namei -l PATH), move it away, ${RESUMES}`],
};

/** @returns what the system said, in words, with the path or the program that it said it of; `undefined` for anything else */
function systemProblem(error: unknown): Problem | undefined {
  const { code, syscall, path, message } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return undefined;
  const [what, remedy] = SYSTEM[code] ?? [];
  if (what === undefined || remedy === undefined)
    return {
      what: message,
      remedy: `Look the code up (man 3 errno), fix the cause, ${RESUMES}`,
    };
  const call = syscall.replace(/^spawn .*/, 'spawn');
  return {
    what: `${what}: ${path ?? 'an open file'} (${code} from ${call}).`,
    remedy: remedy.replaceAll('PATH', path ?? 'PATH'),
  };
}
