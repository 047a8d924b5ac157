import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { V8_OPTIONS } from '../../scripts/v8-options.ts';
import type { Sample } from '../commands/sample/sample.ts';

/** How the wizard answers keys, as a terminal sees it. */
export interface Measured {
  /** Milliseconds from the start to the first frame with its keys. */
  readonly first: number;
  /** Milliseconds from a key to the frame that answers it. */
  readonly times: readonly number[];
  /** Resident memory in kB. */
  readonly before: number;
  readonly after: number;
  /** Seconds of CPU in ten seconds without a key. */
  readonly idleCpu: number;
}

export type Step = { readonly expect: string } | { readonly send: string };

const ENTER = '\r';

/** Stands at the foot of every overview, also of one on which Enter has nothing to do. */
export const FOOTER = 'help';

/** From the start of the wizard over the sample's sections to its run. */
export const toTheRun: readonly Step[] = [
  { expect: 'continue' },
  { send: ENTER },
  { expect: 'missing' },
  { send: 'studio.example.org' },
  { expect: 'studio.example.org' },
  { send: ENTER },
  { expect: '  your answer' },
  { send: ENTER + ENTER + ENTER + ENTER },
  { expect: 'Review:' },
  { send: ENTER },
  { expect: 'apply them now' },
  { send: ENTER },
];

/** What the sample runs for ever: a thousand lines ten times a second. */
export const flood = 'for turn in $(seq 600); do seq 1000001 1001000; sleep 0.1; done';
/** Of {@link flood}: it has begun. */
export const flooding: Step = { expect: '1001000' };

/** What the sample runs once: enough to warm up, then a million lines. */
export const million = 'seq 1 200000; echo warm; sleep 1; seq 1 1000000; echo all-said; sleep 5';
export const millionSaid: readonly Step[] = [{ expect: 'warm' }, { expect: 'all-said' }];

/**
 * @param keys how many are measured; 0 measures ten idle seconds
 * @param steps what leads to where they are
 */
export async function measured(sample: Sample, keys: number, steps: readonly Step[]): Promise<Measured> {
  const { argv, env } = sample.command(V8_OPTIONS);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = execFile(
    '/usr/bin/python3',
    ['-c', await latencyScript(), FOOTER, String(keys), ...argv],
    { env: { ...env, LANG: 'C.UTF-8', TERM: 'xterm-256color' }, encoding: 'utf8' },
    (error, stdout) => (error ? reject(error) : resolve(stdout)),
  );
  child.stdin?.end(JSON.stringify(steps));
  return JSON.parse(await promise) as Measured;
}

/** The program that holds the terminal: a text of the first frame, number of keys (-1: the first frame alone), then the program to start; the steps by standard input. */
export function latencyScript(): Promise<string> {
  return readFile(path.join(import.meta.dirname, 'latency.py'), 'utf8');
}
