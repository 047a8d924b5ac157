/** The dotted name of a setting as people say it: `DATABASES.default.PASSWORD`. */
function pathName(path: readonly string[]): string {
  return path.join('.');
}

/** The module is not Python. Carries where, and an excerpt with every possible secret taken out. */
export class SettingsSyntaxError extends Error {
  override readonly name = 'SettingsSyntaxError';
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
  /** The line, with all but its names hidden. */
  readonly excerpt: string;

  constructor(problem: string, line: number, column: number, excerpt: string) {
    super(`Line ${line}, column ${column} of the settings cannot be read as Python (${problem}): ${excerpt}`);
    this.line = line;
    this.column = column;
    this.excerpt = excerpt;
  }
}

/** The setting exists in a form that cannot be edited without guessing; the operator has to decide. */
export class CannotManage extends Error {
  override readonly name = 'CannotManage';
  readonly path: readonly string[];
  /** The line that stands in the way, from 1. */
  readonly line: number;
  /** What that line does; reads on from "line 12 of the settings …". */
  readonly reason: string;

  constructor(path: readonly string[], line: number, reason: string) {
    super(
      `${pathName(path)} cannot be managed: line ${line} of the settings ${reason}. ` +
        `Give it one plain assignment at the top level of the file (NAME = value), then run this again.`,
    );
    this.path = path;
    this.line = line;
    this.reason = reason;
  }
}
