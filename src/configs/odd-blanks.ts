/** Every control character but tab and line breaks, and every blank that is not ASCII. */
const ODD = /(?![\t\n\r])\p{Cc}|[\p{Zl}\p{Zp}\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\ufeff]/u;

/**
 * Whether a text holds a character of which readers differ: a blank to one, part of a word to the other. With one of them,
 * what looks like a comment here may be a directive to the program that reads the file.
 */
export function hasOddBlanks(text: string): boolean {
  return ODD.test(text);
}
