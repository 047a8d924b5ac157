import { assign } from './assign.ts';
import { checkExpressions, checkPath } from './checks.ts';
import { commentOutBindings, removeFromLists } from './comment-out.ts';
import { CannotManage, SettingsSyntaxError } from './errors.ts';
import { locate } from './locate.ts';
import { placeholdersOf, type SettingPlaceholder } from './placeholders.ts';
import { readValue } from './read-value.ts';
import { type PythonModule, parseModule, sourceTextOf } from './syntax.ts';
import { type PythonValue, pythonExpression } from './value.ts';

/**
 * The name of a setting and the keys below it: `['DATABASES', 'default', 'PASSWORD']`. A dotted name is one part:
 * `['os.environ', 'OAUTHLIB_INSECURE_TRANSPORT']`.
 */
export type SettingPath = readonly string[];

/**
 * A Python settings module, of which only named settings are changed: everything else, comments and layout and line ends
 * included, stays byte for byte. Nothing here reads or writes files, and the value itself never changes: each edit gives a new one.
 */
export interface SettingsFile {
  readonly source: string;
  /**
   * The value in effect: the last assignment at the top level, plain, annotated, by subscript or a key of a dict.
   * What is not a plain literal comes back as an expression. What `from x import *` brings is not seen: only running the
   * module tells whether one behind the assignment wins over it.
   * @returns `undefined` when the module does not assign it
   * @throws {CannotManage} when it cannot be told (assigned in an `if`, changed by `+=` …)
   */
  get(path: SettingPath): PythonValue | undefined;
  /**
   * The file with the setting at this value, by the smallest edit of the assignment in effect. Quotes and a `b` in front stay:
   * a string given for bytes becomes bytes. A missing key is added to its dict, a missing name before the first line that
   * needs it, else at the end. The same file, when it holds the value already, in whatever spelling.
   * @throws {CannotManage} when the setting cannot be told (see `get`) or is built by an f-string or a larger expression
   * @throws {TypeError} for a path, a number or an expression that Python cannot have
   */
  set(path: SettingPath, value: PythonValue): SettingsFile;
  /**
   * Comments out whatever binds exactly this path, also inside of blocks; its text stays behind `# `. For
   * `os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"`, whatever its quotes and value.
   * @throws {CannotManage} when the same statement binds other names too
   */
  commentOut(path: SettingPath): SettingsFile;
  /**
   * Takes a string out of the lists that make up the setting; an addition of nothing else is commented out. For
   * `INSTALLED_APPS += ['sslserver']`.
   */
  removeFromList(path: SettingPath, item: string): SettingsFile;
  /** What is left of `CHANGE_ME`, and of other marks of its kind, in strings of active code, in the order of the file. */
  placeholders(): SettingPlaceholder[];
}

/** @throws {SettingsSyntaxError} when the source is not Python */
export function parseSettings(source: string): SettingsFile {
  return settingsFile(parseModule(source));
}

/** @returns the file, `undefined` when the source is not Python: for those to whom it then tells nothing */
export function parsedSettings(source: string): SettingsFile | undefined {
  try {
    return parseSettings(source);
  } catch (error) {
    if (error instanceof SettingsSyntaxError) return undefined;
    throw error;
  }
}

function settingsFile(module: PythonModule): SettingsFile {
  const changed = (next: PythonModule) => (next === module ? file : settingsFile(next));
  const file: SettingsFile = {
    source: module.byteOrderMark + module.text,
    get(path) {
      const location = locate(module, checkPath(path));
      if (location.found === undefined) {
        if (location.unknown) throw new CannotManage(path, location.unknown.line, location.unknown.reason);
        return undefined;
      }
      const { node } = location.found;
      return node ? readValue(module, node) : pythonExpression(sourceTextOf(module, location.found));
    },
    set: (path, value) => changed(assign(module, checkPath(path), checkExpressions(value))),
    commentOut: (path) => changed(commentOutBindings(module, path)),
    removeFromList: (path, item) => changed(removeFromLists(module, path, item)),
    placeholders: () => placeholdersOf(module),
  };
  return file;
}
