import { quote } from '../host/shell.ts';

/**
 * The one way by which a value gets into an exported script. What passes a rule of a question passes it because it is a
 * possible value, not because shell or Python would take it for text: `o'brien@example.org` is an address.
 * Python and SQL get their values as data, on standard input or as a variable, and never as a part of their own text.
 */

/** What the script's last filter would change on its way to the file, or a terminal obey. */
const UNPRINTABLE = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/**
 * @returns the value as one word of bash: bare, in quotes, or byte by byte where it holds what is not shown
 * @throws {TypeError} for a NUL, which no argument can hold (execve(2))
 */
export function word(value: string): string {
  if (value.includes('\0')) throw new TypeError('a value with a NUL can be no argument of a program');
  if (!UNPRINTABLE.test(value)) return quote(value);
  const bytes = [...Buffer.from(value)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`);
  return `$'${bytes.join('')}'`;
}

/** @returns the values as words, with blanks between them */
export function words(values: readonly string[]): string {
  return values.map(word).join(' ');
}

/** @returns the bash that prints values for a program to read, each ended by a NUL. @param values words of bash, quoted already */
export function fields(...values: readonly string[]): string {
  return `printf '%s\\0' ${values.join(' ')}`;
}
