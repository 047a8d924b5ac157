import { isUtf8 } from 'node:buffer';
import { ProblemError } from '../output/problem.ts';

/** Bytes as text, or what encoding they seem to be in and the first line (from 1) that shows it. */
export type Decoded =
  | { readonly text: string }
  | { readonly encoding: string; readonly iconv: string | undefined; readonly line: number };

/**
 * Reads strictly: a decoder that puts a sign in the place of what it can't read loses it at the next write. A byte order mark of
 * UTF-8 stays in the text.
 */
export function decoded(bytes: Uint8Array): Decoded {
  const utf16 = utf16Of(bytes);
  if (utf16 !== undefined) return { ...utf16, line: 1 };
  if (isUtf8(bytes)) return { text: Buffer.from(bytes).toString('utf8') };
  return { ...eightBitOf(bytes), line: firstStrangeLine(bytes) };
}

/** Windows' editors begin UTF-16 with a mark; without one, Latin text has a zero for every other byte. */
function utf16Of(bytes: Uint8Array): { encoding: string; iconv: string } | undefined {
  const [first, second, third, fourth] = bytes;
  const little = { encoding: 'UTF-16 (little endian)', iconv: 'UTF-16LE' };
  const big = { encoding: 'UTF-16 (big endian)', iconv: 'UTF-16BE' };
  // With the mark iconv takes plain UTF-16, and leaves the mark out.
  if (first === 0xff && second === 0xfe) return { ...little, iconv: 'UTF-16' };
  if (first === 0xfe && second === 0xff) return { ...big, iconv: 'UTF-16' };
  if (first && second === 0 && third && fourth === 0) return little;
  return first === 0 && second && third === 0 && fourth ? big : undefined;
}

/** Windows-1252 has signs where Latin-1 has none; which of the many others it may be, nobody can tell from the bytes. */
function eightBitOf(bytes: Uint8Array): { encoding: string; iconv: string | undefined } {
  if (bytes.includes(0)) return { encoding: 'no text', iconv: undefined };
  return bytes.some((byte) => byte >= 0x80 && byte < 0xa0)
    ? { encoding: 'Windows-1252, by the look of it', iconv: 'WINDOWS-1252' }
    : { encoding: 'Latin-1, by the look of it', iconv: 'ISO-8859-1' };
}

function firstStrangeLine(bytes: Uint8Array): number {
  let line = 1;
  let from = 0;
  for (let at = 0; at <= bytes.length; at += 1) {
    if (at < bytes.length && bytes[at] !== 0x0a) continue;
    if (!isUtf8(bytes.subarray(from, at))) return line;
    line += 1;
    from = at + 1;
  }
  return 1;
}

/** @returns the bytes of a file as text @throws ProblemError that names the encoding when they are not UTF-8 */
export function decodedText(bytes: Uint8Array, file: string): string {
  const result = decoded(bytes);
  if ('text' in result) return result.text;
  throw new ProblemError({
    what: `${file} is not UTF-8 (line ${result.line}): ${result.encoding}. Nothing was changed: text that can't be read would be lost.`,
    remedy: howToConvert(file, result.iconv),
  });
}

/** @returns what makes UTF-8 of a file, and keeps the old one beside it */
export function howToConvert(file: string, iconv: string | undefined): string {
  if (iconv === undefined) return `Find out what ${file} is (file ${file}), then run again.`;
  return `Convert it, then run again: cp -p ${file} ${file}.old && iconv -f ${iconv} -t UTF-8 ${file}.old > ${file}`;
}
