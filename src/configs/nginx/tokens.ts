/** A piece of an nginx config; offsets are UTF-16 code units in the source, lines count from 1. */
export interface Token {
  readonly kind: 'word' | 'comment' | 'semicolon' | 'open' | 'close';
  /** For a word: its value, quotes and escapes resolved the way nginx does it. Otherwise the text as it stands. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

/** Thrown for a config that nginx would not read either. */
export class NginxSyntaxError extends Error {
  override readonly name = 'NginxSyntaxError';
  readonly line: number;

  constructor(problem: string, line: number) {
    super(`nginx configuration, line ${line}: ${problem}`);
    this.line = line;
  }
}

const PUNCTUATION = new Map<string, Token['kind']>([
  [';', 'semicolon'],
  ['{', 'open'],
  ['}', 'close'],
]);

/**
 * `${` belongs to a variable, with each further `{` (ngx_conf_file.c, ngx_conf_read_token: `variable` stays set); a backslash takes the next character with it; `}` and `#` end nothing
 * inside a word.
 */
const BARE_WORD = /(?:\\[\s\S]|\$\{+|[^\s;{\\])+/y;
const QUOTED_WORD = /"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'/y;
const SPACE = /\s+/y;
const COMMENT = /#[^\n]*/y;

/**
 * Splits a config by nginx's own rules (quotes and `#` count only where a word begins).
 * @throws {NginxSyntaxError} for a quote that is not closed, or closed in the middle of a word.
 */
export function* tokens(source: string): Generator<Token> {
  let position = 0;
  let line = 1;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = position;
    return pattern.exec(source)?.[0];
  };

  while (position < source.length) {
    const space = match(SPACE);
    const raw = space ?? match(COMMENT) ?? wordAt(source, position, line, match);
    const start = position;
    const startLine = line;
    position += raw.length;
    line += raw.split('\n').length - 1;
    if (space !== undefined) continue;
    yield { ...meaning(raw), start, end: position, line: startLine };
  }
}

function wordAt(
  source: string,
  position: number,
  line: number,
  match: (pattern: RegExp) => string | undefined,
): string {
  const first = source.charAt(position);
  if (PUNCTUATION.has(first)) return first;
  if (first !== '"' && first !== "'") return match(BARE_WORD) ?? unfinished(line);
  const quoted = match(QUOTED_WORD);
  if (quoted === undefined) throw new NginxSyntaxError(`the quote ${first} is never closed`, line);
  const next = source.charAt(position + quoted.length);
  if (!/^[\s;{)]?$/.test(next)) throw new NginxSyntaxError(`unexpected "${next}" after a quoted text`, line);
  return quoted;
}

function unfinished(line: number): never {
  throw new NginxSyntaxError('a backslash at the end of the file', line);
}

function meaning(raw: string): Pick<Token, 'kind' | 'text'> {
  const punctuation = PUNCTUATION.get(raw);
  if (punctuation !== undefined) return { kind: punctuation, text: raw };
  if (raw.startsWith('#')) return { kind: 'comment', text: raw };
  const inner = /^["']/.test(raw) ? raw.slice(1, -1) : raw;
  return {
    kind: 'word',
    text: inner.replace(/\\(["'\\trn])/g, (_, letter: string) => ESCAPES[letter] ?? letter),
  };
}

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', r: '\r', n: '\n' };
