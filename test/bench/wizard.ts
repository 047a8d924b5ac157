/**
 * The wizard's figures. As a program, `node test/bench/wizard.ts` prints those that need no throwaway host:
 * a minute, on a machine that has nothing else to do.
 */
import { Sample } from '../commands/sample/sample.ts';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import {
  FOOTER,
  flood,
  flooding,
  latencyScript,
  type Measured,
  measured,
  million,
  millionSaid,
  toTheRun,
} from '../wizard/latency.ts';
import { product } from './fresh-host.ts';
import { percentile } from './statistics.ts';

export interface WizardFigures {
  /** Seconds to the first frame of the executable, on the host; one value for each start. */
  readonly firstFrame: readonly number[];
  /** Milliseconds from a key to its frame while 10,000 lines a second stream. */
  readonly keys: readonly number[];
  /** Part of one processor while nothing happens, 0 to 1. */
  readonly idle: number;
  /** Resident memory in kilobytes after 200,000 lines, and after a million more. */
  readonly memory: readonly [number, number];
}

const starts = 10;
const keys = 400;

/** @param host installed by the product: the wizard looks at it in the background @returns seconds to its first frame, one value for each start */
export function firstFrames(host: Rehearsal): Promise<readonly number[]> {
  return firstSeen(host, FOOTER, product);
}

/** @param wanted what a program shows first, in a terminal @returns seconds until it does, one value for each start */
export async function firstSeen(
  host: Rehearsal,
  wanted: string,
  argv: readonly string[],
): Promise<readonly number[]> {
  const script = await latencyScript();
  const times: number[] = [];
  // The first one reads the program from the disk.
  for (let count = 0; count <= starts; count += 1) {
    const { code, stdout, stderr } = await host.exec(['python3', '-c', script, wanted, '-1', ...argv], {
      env: { TERM: 'xterm-256color', LANG: 'C.UTF-8' },
      input: '[]',
    });
    if (code !== 0) throw new Error(`Nothing was seen of ${argv.join(' ')}: ${stderr.trim()}`);
    times.push((JSON.parse(stdout) as Measured).first / 1000);
  }
  return times.slice(1);
}

/** Over sample sections, whose program says what is wanted of it. */
export async function wizardFigures(): Promise<Omit<WizardFigures, 'firstFrame'>> {
  const { times } = await withSample((sample) => measured(sample, keys, [...toTheRun, flooding]), flood);
  const { before, after } = await withSample(
    (sample) => measured(sample, 20, [...toTheRun, ...millionSaid]),
    million,
  );
  const { idleCpu } = await withSample((sample) => measured(sample, 0, [{ expect: 'continue' }]));
  return { keys: times, idle: idleCpu / 10, memory: [before, after] };
}

async function withSample<Result>(
  use: (sample: Sample) => Promise<Result>,
  program = 'true',
): Promise<Result> {
  const sample = await Sample.make();
  try {
    await sample.program(program);
    return await use(sample);
  } finally {
    await sample.remove();
  }
}

if (import.meta.main) {
  const { keys: times, idle, memory } = await wizardFigures();
  const at = (part: number) => percentile(times, part).toFixed(1);
  console.log(`key to frame at 10,000 lines a second: median ${at(0.5)}, p90 ${at(0.9)}, p99 ${at(0.99)} ms`);
  console.log(`idle: ${(100 * idle).toFixed(1)} % of a processor`);
  console.log(`memory: ${memory.map((kb) => (kb / 1024).toFixed(0)).join(' MB, a million lines later ')} MB`);
}
