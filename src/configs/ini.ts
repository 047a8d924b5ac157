import { applyEdits, type Edit } from '../text/edits.ts';
import { lineBreak } from './lines.ts';

const SECTION = 'uwsgi';

interface Assignment {
  readonly key: string;
  readonly value: string;
  /** Range of the value in the source; for a key that stands alone, the place behind it. */
  readonly start: number;
  readonly end: number;
  readonly bare: boolean;
}

interface Ini {
  readonly assignments: readonly Assignment[];
  /** Behind the last line of the section that is neither empty nor a comment; `undefined` without the section. */
  readonly sectionEnd: number | undefined;
}

const ASSIGNMENT = /^(\s*)([^=\s][^=]*?)(\s*=\s*|\s*$)(.*?)\s*$/;

/** uWSGI knows comments on lines of their own only: a `#` or `;` behind a value belongs to the value. */
function read(source: string): Ini {
  const assignments: Assignment[] = [];
  let section: string | undefined;
  let sectionEnd: number | undefined;
  for (const match of source.matchAll(/[^\r\n]+/g)) {
    const line = match[0];
    const header = /^\s*\[([^\]]*)\]/.exec(line)?.[1];
    section = header ?? section;
    if (section !== SECTION || /^\s*([#;]|$)/.test(line)) continue;
    sectionEnd = match.index + line.length;
    if (header !== undefined) continue;
    const [, indent = '', key = '', equals = '', value = ''] = ASSIGNMENT.exec(line) ?? [];
    const start = match.index + indent.length + key.length + equals.length;
    const bare = !equals.includes('=');
    assignments.push({
      key,
      value: bare ? 'true' : value,
      start,
      end: bare ? start : start + value.length,
      bare,
    });
  }
  return { assignments, sectionEnd };
}

/** All values of a key of `[uwsgi]`, in the order of the file; a key that stands alone means `true`. */
export function iniValues(source: string, key: string): string[] {
  return read(source).assignments.flatMap((assignment) => (assignment.key === key ? [assignment.value] : []));
}

/** All keys of `[uwsgi]`, in the order of the file. */
export function iniKeys(source: string): string[] {
  return read(source).assignments.map(({ key }) => key);
}

/** The value of a key of `[uwsgi]` that takes effect: the last one. `undefined` when it is not there. */
export function iniValue(source: string, key: string): string | undefined {
  return iniValues(source, key).at(-1);
}

/**
 * Sets a key of `[uwsgi]`: the last assignment gets the value, all other bytes stay. A missing key goes behind the
 * last line of the section, a missing section to the end of the file.
 * @throws {TypeError} for a key or a value that does not fit on its line.
 */
export function setIniValue(source: string, key: string, value: string): string {
  if (!/^[\w-]+$/.test(key) || /[\r\n\0]/.test(value))
    throw new TypeError(`not a key and value of one line: ${key}`);
  const { assignments, sectionEnd } = read(source);
  const last = assignments.findLast((assignment) => assignment.key === key);
  if (last)
    return applyEdits(source, [
      { start: last.start, end: last.end, text: last.bare ? ` = ${value}` : value },
    ]);
  return insertLine(source, sectionEnd, `${key} = ${value}`);
}

function insertLine(source: string, sectionEnd: number | undefined, line: string): string {
  const newline = lineBreak(source);
  if (sectionEnd !== undefined) {
    return applyEdits(source, [{ start: sectionEnd, end: sectionEnd, text: newline + line }]);
  }
  const gap = source === '' || source.endsWith('\n') ? '' : newline;
  return `${source}${gap}[${SECTION}]${newline}${line}${newline}`;
}

const PLUGIN_KEYS: readonly string[] = ['plugin', 'plugins', 'need-plugin', 'need-plugins'];

/** `python38`, `0:python3`, `/usr/lib/uwsgi/plugins/python38_plugin.so` */
const PYTHON_PLUGIN = /(?<=^|[,\s:])(?:[\w./-]*\/)?python[\d.]*(?:_plugin\.so)?(?=$|[,\s])/g;

/**
 * Makes `plugin` and `plugins` of `[uwsgi]` load the given Python plugin; other plugins in the same list stay. With a
 * plugin that the host does not have uWSGI goes on running, `active` for systemd, and answers nothing.
 * @param plugin the plugin's name on the host: `python311`, `python3`.
 */
export function setPythonPlugin(source: string, plugin: string): string {
  if (!/^python[\d.]*$/.test(plugin))
    throw new TypeError(`not the name of a Python plugin of uWSGI: ${plugin}`);
  const { assignments } = read(source);
  const edits: Edit[] = assignments
    .filter(({ key }) => PLUGIN_KEYS.includes(key))
    .flatMap(({ value, start }) =>
      [...value.matchAll(PYTHON_PLUGIN)].map(({ index, 0: found }) => ({
        start: start + index,
        end: start + index + found.length,
        text: plugin,
      })),
    );
  if (edits.length > 0) return applyEdits(source, edits);
  return insertFirst(source, `plugin = ${plugin}`);
}

/**
 * Takes the Python plugin out, for a uWSGI that has Python built in: it would not find one. Other plugins in the same list stay;
 * a line that names no other goes.
 */
export function withoutPythonPlugin(source: string): string {
  const { assignments } = read(source);
  const edits = assignments
    .filter(({ key, value }) => PLUGIN_KEYS.includes(key) && value.match(PYTHON_PLUGIN) !== null)
    .map(({ value, start, end }): Edit => {
      const others = value.split(',').filter((each) => each.trim().match(PYTHON_PLUGIN) === null);
      if (others.length > 0) return { start, end, text: others.join(',').trim() };
      const line = source.lastIndexOf('\n', start) + 1;
      const next = source.indexOf('\n', end);
      return { start: line, end: next === -1 ? source.length : next + 1, text: '' };
    });
  return applyEdits(source, edits);
}

/** At the top of the section: uWSGI knows `module` and `virtualenv` only once the plugin is there. */
function insertFirst(source: string, line: string): string {
  const header = new RegExp(`^[ \\t]*\\[${SECTION}\\][^\\r\\n]*`, 'm').exec(source);
  return insertLine(source, header ? header.index + header[0].length : undefined, line);
}
