import { applyEdits, type Edit } from '../text/edits.ts';
import { behindLine, indentation, lineBreak } from './lines.ts';

/** One `Key=value` of a systemd unit; offsets are UTF-16 code units in the source. */
export interface UnitDirective {
  readonly section: string;
  readonly key: string;
  /** As systemd reads it: continued lines joined by a space, no blanks around. Specifiers and quotes as written. */
  readonly value: string;
  /** From the beginning of the first line to behind the line break of the last. */
  readonly start: number;
  readonly end: number;
  /** Range of the value as written, continuations included. */
  readonly valueStart: number;
  readonly valueEnd: number;
}

interface Unit {
  readonly directives: readonly UnitDirective[];
  /** By section: where a new directive goes, behind the last one or the header. */
  readonly ends: ReadonlyMap<string, number>;
}

const COMMENT = /^\s*[#;]/;

/** Reads a unit by the rules of systemd.syntax(7). */
function read(source: string): Unit {
  const directives: UnitDirective[] = [];
  const ends = new Map<string, number>();
  let section = '';
  let position = 0;
  while (position < source.length) {
    const start = position;
    position = logicalEnd(source, start);
    const text = source.slice(start, position);
    const header = /^\s*\[([^\]]*)\]/.exec(text)?.[1];
    section = header ?? section;
    const assignment =
      header === undefined && !COMMENT.test(text) ? /^(\s*([^=\s]+)[ \t]*=[ \t]*)/.exec(text) : null;
    if (assignment) {
      const [, prefix = '', key = ''] = assignment;
      const written = text.slice(prefix.length).trimEnd();
      const valueStart = start + prefix.length;
      const value = joined(written);
      directives.push({
        section,
        key,
        value,
        start,
        end: position,
        valueStart,
        valueEnd: valueStart + written.length,
      });
    }
    if (assignment || header !== undefined) ends.set(section, position);
  }
  return { directives, ends };
}

/** Behind the line at `start`, or behind all lines that it is continued on; comments among those do not end it. */
function logicalEnd(source: string, start: number): number {
  let end = behindLine(source, start);
  if (COMMENT.test(source.slice(start, end))) return end;
  let continued = isContinued(source.slice(start, end));
  while (continued && end < source.length) {
    const next = behindLine(source, end);
    const line = source.slice(end, next);
    end = next;
    continued = COMMENT.test(line) || isContinued(line);
  }
  return end;
}

function isContinued(line: string): boolean {
  return /(?<!\\)(?:\\\\)*\\\r?\n?$/.test(line);
}

function joined(written: string): string {
  const lines = written.split(/\r?\n/).filter((line, index) => index === 0 || !COMMENT.test(line));
  return lines
    .map((line) => line.replace(/\\$/, ' '))
    .join('')
    .trim();
}

/** All directives of a unit, in order, those that a later empty one takes back included. */
export function unitDirectives(source: string): readonly UnitDirective[] {
  return read(source).directives;
}

/** The directives that count: an empty assignment takes back all earlier ones of its key. */
export function effective(source: string, section: string, key: string): UnitDirective[] {
  const all = read(source).directives.filter(
    (directive) => directive.section === section && directive.key === key,
  );
  return all.slice(all.findLastIndex(({ value }) => value === '') + 1);
}

/** The values of a key that count, in order; of a key with a single value systemd takes the last. */
export function unitValues(source: string, section: string, key: string): string[] {
  return effective(source, section, key).map(({ value }) => value);
}

/**
 * Leaves one assignment of the key, with the given value: in place of the last one that is there, else at the end of
 * the section, else in a new section.
 * @throws {TypeError} for a value of several lines.
 */
export function setUnitValue(source: string, section: string, key: string, value: string): string {
  checkLine(value);
  const found = read(source).directives.filter(
    (directive) => directive.section === section && directive.key === key,
  );
  const last = found.pop();
  if (!last) return addUnitValue(source, section, key, value);
  return applyEdits(source, [
    ...found.map(({ start, end }) => ({ start, end, text: '' })),
    { start: last.valueStart, end: last.valueEnd, text: value },
  ]);
}

/**
 * Adds one more assignment of the key at the end of the section (a new one if need be).
 * @throws {TypeError} for a value of several lines.
 */
export function addUnitValue(source: string, section: string, key: string, value: string): string {
  checkLine(value);
  const newline = lineBreak(source);
  const end = read(source).ends.get(section);
  const at = end ?? source.length;
  const gap = at > 0 && !source.slice(0, at).endsWith('\n') ? newline : '';
  const header = end === undefined ? `${source.trim() === '' ? '' : newline}[${section}]${newline}` : '';
  return applyEdits(source, [{ start: at, end: at, text: `${gap}${header}${key}=${value}${newline}` }]);
}

/** Removes the assignments of a key, whole lines; with a test only those whose value passes it. */
export function removeUnitValue(
  source: string,
  section: string,
  key: string,
  test?: (value: string) => boolean,
): string {
  return editMatching(source, section, key, test, ({ start, end }) => [{ start, end, text: '' }]);
}

/** Puts `# ` before the assignments of a key, on each of their lines; with a test only where the value passes it. */
export function commentOutUnitValue(
  source: string,
  section: string,
  key: string,
  test?: (value: string) => boolean,
): string {
  return editMatching(source, section, key, test, ({ start, end }) => {
    const edits: Edit[] = [];
    for (let line = start; line < end; line = behindLine(source, line)) {
      const at = line + indentation(source, line).length;
      edits.push({ start: at, end: at, text: '# ' });
    }
    return edits;
  });
}

function editMatching(
  source: string,
  section: string,
  key: string,
  test: ((value: string) => boolean) | undefined,
  edit: (directive: UnitDirective) => Edit[],
): string {
  const found = read(source).directives.filter(
    (directive) =>
      directive.section === section && directive.key === key && (test?.(directive.value) ?? true),
  );
  return applyEdits(source, found.flatMap(edit));
}

function checkLine(value: string): void {
  if (/[\r\n\0]/.test(value)) throw new TypeError('the value of a unit directive has a line break in it');
}
