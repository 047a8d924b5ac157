import { stripVTControlCharacters } from 'node:util';
import { redactor } from './redaction.ts';

/** C0 and C1 control characters except newline and tab, and the marks that turn the reading direction round. */
const HARMFUL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * @param text what a program, a file or a server said
 * @returns it without secrets, and without anything that could move the cursor, recolour or rename the
 *   operator's terminal: a package's output or a log line must not be able to fake what is on the screen.
 */
export function clean(text: string): string {
  const plain = harmless(redactor.redact(text));
  // What was taken out may have stood in the middle of a secret.
  return plain === text ? plain : redactor.redact(plain);
}

/** @returns a text without anything that a terminal would obey, secrets as they are: what the operator typed or asked to see */
export function harmless(text: string): string {
  return stripVTControlCharacters(text).replace(HARMFUL, '').replaceAll('\t', '  ');
}

/** @returns plain data with every text in it passed through {@link clean}. */
export function cleaned<T>(value: T): T {
  if (typeof value === 'string') return clean(value) as T;
  if (Array.isArray(value)) return value.map((each) => cleaned(each as unknown)) as T;
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cleaned(each)])) as T;
  }
  return value;
}
