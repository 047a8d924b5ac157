import { cleaned } from './clean.ts';

/** Grows when a field changes its meaning or goes away; new fields and types may come at any time. */
const VERSION = 1;

/** Writes one record as one line: `{"v":1,"type":…}`. */
export function writeRecord(record: { readonly type: string }): void {
  process.stdout.write(`${JSON.stringify({ v: VERSION, ...cleaned(record) })}\n`);
}
