import { cleaned } from './clean.ts';

/** Grows when a field changes its meaning or goes away; new fields and types may come at any time. */
const VERSION = 1;

/** Writes one record as one line: `{"v":1,"type":…}`. */
export function writeRecord(record: { readonly type: string }): void {
  process.stdout.write(`${JSON.stringify({ v: VERSION, ...cleaned(record) })}\n`);
}

/** @returns what the text says as JSON, `undefined` when it is none */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether it is a map of names to values, and neither `null` nor a list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
