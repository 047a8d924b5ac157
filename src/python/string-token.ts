import { type PythonBytes, pythonBytes } from './value.ts';

/** One string literal, taken apart. */
export interface StringToken {
  /** As written: `''`, `b`, `rb`, `u` … */
  readonly prefix: string;
  readonly quote: "'" | '"';
  readonly triple: boolean;
  readonly body: string;
}

const WHOLE =
  /^([A-Za-z]{0,2})(?:('''|""")((?:(?!\2)[^\\]|\\[\s\S])*)\2|'((?:[^'\\\r\n]|\\(?:\r\n|[\s\S]))*)'|"((?:[^"\\\r\n]|\\(?:\r\n|[\s\S]))*)")$/;

/** Takes a literal apart; `undefined` when it is not closed (the parser lets `'abc` at a line's end pass). */
export function splitString(token: string): StringToken | undefined {
  const match = WHOLE.exec(token);
  if (match === null) return undefined;
  const [, prefix = '', triple, long, single, double] = match;
  const quote = triple === undefined ? (single === undefined ? '"' : "'") : triple === "'''" ? "'" : '"';
  return { prefix, quote, triple: triple !== undefined, body: long ?? single ?? double ?? '' };
}

/**
 * The value of a literal by Python's rules; `undefined` when it cannot be told here (`\N{name}` needs Unicode's name list).
 * Rules: Python language reference, "String and Bytes literals".
 */
export function stringValue({ prefix, body }: StringToken): string | PythonBytes | undefined {
  // Python reads source with every line break turned into \n, inside literals too.
  const text = body.replace(/\r\n?/g, '\n');
  const isBytes = /b/i.test(prefix);
  if (isBytes && /[^\x00-\x7f]/.test(text)) return undefined;
  const value = /r/i.test(prefix) ? text : decodeEscapes(text, isBytes);
  if (value === undefined || !isBytes) return value;
  return pythonBytes(Uint8Array.from(value, (character) => character.charCodeAt(0)));
}

const SIMPLE: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const ESCAPE = /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g;

function decodeEscapes(text: string, isBytes: boolean): string | undefined {
  let unknown = false;
  const value = text.replace(ESCAPE, (whole, octal, hex, short, long, simple) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & (isBytes ? 0xff : 0x1ff));
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (short !== undefined || long !== undefined) {
      if (isBytes) return whole;
      const code = Number.parseInt(short ?? long, 16);
      if (code <= 0x10ffff) return String.fromCodePoint(code);
      unknown = true;
      return '';
    }
    // \x, \u, \U without their digits are errors in Python, \N names a character.
    if (simple === 'x' || (!isBytes && /[NuU]/.test(simple))) unknown = true;
    return SIMPLE[simple] ?? whole;
  });
  return unknown ? undefined : value;
}
