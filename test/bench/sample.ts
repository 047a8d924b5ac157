import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';

/** What `sample.py` measured of one program. */
export interface Sample {
  readonly code: number;
  /** From its start to its end. */
  readonly seconds: number;
  /** Seconds until its first byte of output; `null` when it printed nothing. */
  readonly firstOutput: number | null;
  /** Seconds of processor time, of all that it started and waited for too. */
  readonly cpu: number;
  /** Seconds of processor time of itself alone; 0 when it was not sampled. */
  readonly ownCpu: number;
  /** Its own highest resident memory in kilobytes, without its children's; 0 when it was not sampled. */
  readonly peakKb: number;
  /** Its own resident memory over time: seconds since its start, kilobytes. */
  readonly samples: readonly (readonly [number, number])[];
}

export interface SampleOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Seconds between two looks at its memory; 0, when not given, looks never and disturbs nothing. */
  readonly interval?: number;
  /** Exit codes that are no failure; 0 when not given. */
  readonly accept?: readonly number[];
}

/** Where a sampled program's standard output and error go on the host. */
export const outputFile = '/root/bench-output';

/**
 * Runs a program on the host and measures it there: the way into the host takes no part in the time.
 * @throws {Error} with the end of its output when it fails
 */
export async function sample(
  host: Rehearsal,
  argv: readonly string[],
  { env = {}, interval = 0, accept = [0] }: SampleOptions = {},
): Promise<Sample> {
  const script = await readFile(join(import.meta.dirname, 'sample.py'), 'utf8');
  const wrapped = ['python3', '-c', script, outputFile, String(interval), ...argv];
  const { code, stdout, stderr } = await host.exec(wrapped, { env, timeoutMs: 1_800_000 });
  if (code !== 0) throw new Error(`sample.py ended with ${code}: ${stderr.trim()}`);
  const measured = JSON.parse(stdout) as Sample;
  if (accept.includes(measured.code)) return measured;
  const output = (await host.read(outputFile)).trim().split('\n').slice(-25).join('\n');
  throw new Error(`${argv.join(' ')} ended with ${measured.code}:\n${output}`);
}
