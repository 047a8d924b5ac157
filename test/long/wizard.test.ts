import { execFile } from 'node:child_process';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Sample } from '../commands/sample/sample.ts';

/** How the wizard answers while a program floods it; wants a machine that is not busy with anything else. */
interface Measured {
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

const ENTER = '\r';
const toTheRun = [
  { expect: 'continue' },
  { send: ENTER },
  { expect: 'missing' },
  { send: 'studio.example.org' },
  { expect: 'studio.example.org' },
  { send: ENTER },
  { expect: 'yours' },
  { send: ENTER + ENTER + ENTER + ENTER },
  { expect: 'Review:' },
  { send: ENTER },
];

let sample: Sample;
beforeEach(async () => {
  sample = await Sample.make();
});
afterEach(() => sample.remove());

async function measured(keys: number, steps: readonly object[]): Promise<Measured> {
  const { argv, env } = sample.command();
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const script = path.join(import.meta.dirname, '..', 'wizard', 'latency.py');
  const child = execFile(
    '/usr/bin/python3',
    [script, String(keys), ...argv],
    { env: { ...env, LANG: 'C.UTF-8', TERM: 'xterm-256color' }, encoding: 'utf8' },
    (error, stdout) => (error ? reject(error) : resolve(stdout)),
  );
  child.stdin?.end(JSON.stringify(steps));
  return JSON.parse(await promise) as Measured;
}

describe('while 10,000 lines a second come', () => {
  it('a key is answered within 50 ms (p99)', async () => {
    await sample.program('for turn in $(seq 600); do seq 1000001 1001000; sleep 0.1; done');
    const { times } = await measured(400, [...toTheRun, { expect: '1001000' }]);
    const sorted = [...times].sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length * 0.99)]).toBeLessThanOrEqual(50);
  });

  it('a million lines leave the memory flat', async () => {
    await sample.program('seq 1 200000; echo warm; sleep 1; seq 1 1000000; echo all-said; sleep 5');
    const { before, after } = await measured(20, [...toTheRun, { expect: 'warm' }, { expect: 'all-said' }]);
    expect(after).toBeLessThan(before + 20_000);
    expect(after).toBeLessThan(300_000);
  });
});

describe('at rest', () => {
  it('no CPU is used', async () => {
    const { idleCpu } = await measured(0, [{ expect: 'continue' }]);
    expect(idleCpu).toBeLessThan(0.2);
  });

  it('the first frame comes within 8 times an empty program of Node', async () => {
    const started = performance.now();
    for (let count = 0; count < 5; count += 1) await empty();
    const node = (performance.now() - started) / 5;
    const { first } = await measured(1, [{ expect: 'continue' }]);
    expect(first).toBeLessThanOrEqual(8 * node);
  });
});

function empty(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  execFile(process.execPath, ['-e', '0'], () => resolve());
  return promise;
}
