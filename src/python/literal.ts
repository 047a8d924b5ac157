import { isBytes, isDict, isExpression, isList, type PythonValue } from './value.ts';

/** How the literals around the place look; what is written there looks the same. */
export interface LiteralStyle {
  readonly quote: "'" | '"';
  /** Keep triple quotes even for a value of one line. */
  readonly triple?: boolean;
  /** A `b`, `B`, `u` or `U` that the literal in the file carries and that is kept where it fits the value. */
  readonly prefix?: string;
  /** The file's own line break, used inside triple quotes and between a dict's lines. */
  readonly lineBreak: string;
  /** Lists and dicts on several lines, the opening line being indented by `indent` and each level by `unit`; else on one line. */
  readonly block?: { readonly indent: string; readonly unit: string };
}

/**
 * Python source of a value, for any value: what `ast.literal_eval` makes of it is the value again.
 *
 * - A string keeps the style's quotes; what is not printable (control characters, lone surrogates, invisible and
 *   direction-changing characters) is escaped, everything else is written as it is.
 * - Text of two line breaks and more (a PEM) is triple-quoted, one line of it a line; else a line break is `\n`.
 * - Bytes get a `b` and `\x..` for what is not ASCII. Whole numbers beyond 2^53 are written as floats.
 * - An expression is copied.
 * @throws {TypeError} for `NaN` and infinities: Python has no literal for them
 */
export function renderLiteral(value: PythonValue, style: LiteralStyle): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return renderNumber(value);
  if (typeof value === 'string') return renderString(value, style);
  if (isExpression(value)) return value.source.trim();
  if (isBytes(value)) return renderBytes(value.bytes, style);
  if (isDict(value)) {
    const items = (inner: LiteralStyle) =>
      [...value].map(([key, own]) => `${renderKey(key, inner)}: ${renderLiteral(own, inner)}`);
    return renderItems('{', '}', items, style);
  }
  if (isList(value))
    return renderItems('[', ']', (inner) => value.map((own) => renderLiteral(own, inner)), style);
  throw new TypeError('not a Python value');
}

/** The source of a dict's key: always one plain string on one line. */
export function renderKey(key: string, style: LiteralStyle): string {
  return style.quote + escapeText(key, style.quote, '\\n') + style.quote;
}

function renderNumber(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`Python has no literal for ${value}`);
  if (Object.is(value, -0)) return '-0.0';
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : String(value);
}

function renderString(value: string, style: LiteralStyle): string {
  const prefix = /^u$/i.test(style.prefix ?? '') ? style.prefix : '';
  return prefix + quoted(value, style, (text, lineBreak) => escapeText(text, style.quote, lineBreak));
}

function renderBytes(bytes: Uint8Array, style: LiteralStyle): string {
  const prefix = style.prefix?.match(/b/i)?.[0] ?? 'b';
  const characters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return prefix + quoted(characters, style, (text, lineBreak) => escapeBytes(text, style.quote, lineBreak));
}

function quoted(
  value: string,
  style: LiteralStyle,
  encode: (text: string, lineBreak: string) => string,
): string {
  const long = style.triple === true || value.split('\n').length > 2;
  const quote = long ? style.quote.repeat(3) : style.quote;
  return quote + encode(value, long ? style.lineBreak : '\\n') + quote;
}

function escapeText(text: string, quote: string, lineBreak: string): string {
  // Python's own repr() escapes the same: Unicode categories "other" and "separator" but the plain space.
  return text.replace(/[\\'"]|[\p{C}\p{Z}]/gu, (character) => {
    if (character === ' ') return character;
    if (character === "'" || character === '"') return character === quote ? `\\${character}` : character;
    return namedEscape(character, lineBreak) ?? numericEscape(character.codePointAt(0) ?? 0);
  });
}

function escapeBytes(text: string, quote: string, lineBreak: string): string {
  return text.replace(/[^ !#-&(-[\]-~]/g, (character) => {
    if (character === "'" || character === '"') return character === quote ? `\\${character}` : character;
    return namedEscape(character, lineBreak) ?? numericEscape(character.charCodeAt(0));
  });
}

function namedEscape(character: string, lineBreak: string): string | undefined {
  if (character === '\n') return lineBreak;
  return { '\\': '\\\\', '\r': '\\r', '\t': '\\t' }[character];
}

function numericEscape(code: number): string {
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}

function renderItems(
  open: string,
  close: string,
  items: (inner: LiteralStyle) => readonly string[],
  { triple: _, prefix: __, block, ...plain }: LiteralStyle,
): string {
  if (block === undefined) return open + items(plain).join(', ') + close;
  const indent = block.indent + block.unit;
  const lines = items({ ...plain, block: { indent, unit: block.unit } });
  if (lines.length === 0) return open + close;
  return [open, ...lines.map((line) => `${indent}${line},`), block.indent + close].join(plain.lineBreak);
}
