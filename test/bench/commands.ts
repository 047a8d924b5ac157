import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import { node, product, unattended } from './fresh-host.ts';
import { type Sample, sample } from './sample.ts';
import { firstSeen } from './wizard.ts';

/** Seconds, one value for each time that it was tried. */
export interface Commands {
  readonly node: readonly number[];
  readonly version: readonly number[];
  /** Until `plan` says on the screen what is awaited. */
  readonly firstLine: readonly number[];
  readonly planBare: readonly number[];
  readonly planInstalled: readonly number[];
  readonly secondRun: readonly number[];
  readonly doctor: readonly number[];
  /** Highest resident memory in kilobytes of `plan`, of the second run and of `doctor`. */
  readonly peakKb: number;
}

const times = 10;

/** Measures `plan` on a host that lacks everything. */
export async function planOnBareHost(host: Rehearsal): Promise<readonly Sample[]> {
  return repeat(() => sample(host, [...product, 'plan', ...unattended], { interval: 0.02, accept: [3] }));
}

/** Measures the starts, and the commands that find nothing to do, on a host that the product installed. */
export async function onInstalledHost(host: Rehearsal): Promise<Omit<Commands, 'planBare'>> {
  const bare = await repeat(() => sample(host, [...node, '-e', '0']));
  const version = await repeat(() => sample(host, [...product, '--version']));
  const plan = await repeat(() => sample(host, [...product, 'plan', ...unattended], { interval: 0.02 }));
  const run = await repeat(() => sample(host, [...product, 'run', ...unattended], { interval: 0.02 }));
  const doctor = await repeat(() => sample(host, [...product, 'doctor'], { interval: 0.02 }));
  return {
    node: seconds(bare),
    version: seconds(version),
    firstLine: await firstSeen(host, 'Checking this server', [...product, 'plan', ...unattended]),
    planInstalled: seconds(plan),
    secondRun: seconds(run),
    doctor: seconds(doctor),
    peakKb: Math.max(...[...plan, ...run, ...doctor].map(({ peakKb }) => peakKb)),
  };
}

export function seconds(samples: readonly Sample[]): number[] {
  return samples.map((each) => each.seconds);
}

async function repeat(measure: () => Promise<Sample>): Promise<Sample[]> {
  // The first one reads the program from the disk, which is not what is measured.
  await measure();
  const measured: Sample[] = [];
  for (let index = 0; index < times; index++) measured.push(await measure());
  return measured;
}
