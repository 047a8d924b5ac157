import type { Edit } from '../text/edits.ts';
import type { UnitDirective } from './unit.ts';

/** One word of a directive's value, with its range in the source. */
export interface UnitWord {
  /** Quotes and escapes resolved; specifiers as written. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  s: ' ',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

/** A continued line's end, with the comment lines that may follow it, counts as a blank. */
const BLANK = /(?:\s|\\\r?\n(?:[ \t]*[#;][^\n]*\n)*)+/y;
const PIECE = /"((?:\\[\s\S]|[^"\\])*)"|'((?:\\[\s\S]|[^'\\])*)'|((?:\\(?!\r?\n)[\s\S]|[^\s"'\\])+)/y;

/**
 * Splits a value the way systemd does for `Environment=` and `ExecStart=` (systemd.syntax(7), "Quoting"). A quote that
 * is not closed ends the reading there; systemd logs it and ignores the rest too.
 */
export function unitWords(source: string, { valueStart, valueEnd }: UnitDirective): UnitWord[] {
  const words: UnitWord[] = [];
  let position = valueStart;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    return position < valueEnd ? pattern.exec(source.slice(0, valueEnd)) : null;
  };
  for (;;) {
    position += match(BLANK)?.[0].length ?? 0;
    const start = position;
    let text = '';
    for (let piece = match(PIECE); piece; piece = match(PIECE)) {
      text += resolved(piece[1] ?? piece[2] ?? piece[3] ?? '');
      position += piece[0].length;
    }
    if (position === start) return words;
    words.push({ text, start, end: position });
  }
}

function resolved(text: string): string {
  return text.replace(
    /\\(x[0-9a-fA-F]{2}|[0-7]{3}|u[0-9a-fA-F]{4}|[\s\S])/g,
    (whole, code: string) =>
      ESCAPES[code] ?? (code.length === 1 ? whole : String.fromCharCode(codeNumber(code))),
  );
}

function codeNumber(code: string): number {
  return /^[xu]/.test(code) ? Number.parseInt(code.slice(1), 16) : Number.parseInt(code, 8);
}

/** A word as it has to be written so that systemd reads it unchanged, `%` included. */
export function quoteWord(text: string): string {
  const escaped = text.replaceAll('%', '%%').replace(/["\\]/g, '\\$&');
  return /[\s"'\\;#]/.test(text) || text === '' ? `"${escaped}"` : escaped;
}

/** `%%` stands for `%`; other specifiers are left as they are, as only systemd knows what they stand for. */
export function withoutSpecifiers(text: string): string {
  return text.replaceAll('%%', '%');
}

/** Takes words out, each with the blank before it, or the whole directive when no word would be left. */
export function removeWords(
  source: string,
  directive: UnitDirective,
  gone: (word: UnitWord, index: number) => boolean,
): Edit[] {
  const words = unitWords(source, directive);
  const going = words.filter(gone);
  if (going.length === 0) return [];
  if (going.length === words.length) return [{ start: directive.start, end: directive.end, text: '' }];
  const firstKept = words.findIndex((word) => !going.includes(word));
  return going.map((word) => {
    const index = words.indexOf(word);
    return index < firstKept
      ? { start: word.start, end: words[index + 1]?.start ?? word.end, text: '' }
      : { start: words[index - 1]?.end ?? word.start, end: word.end, text: '' };
  });
}
