import { execFile } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Sample } from '../commands/sample/sample.ts';
import { flood, flooding, measured, million, millionSaid, toTheRun } from '../wizard/latency.ts';

// Wants a machine that is not busy with anything else. `npm run bench` tells the figures.
let sample: Sample;
beforeEach(async () => {
  sample = await Sample.make();
});
afterEach(() => sample.remove());

describe('while 10,000 lines a second come', () => {
  it('a key returnedin 50 ms (p99)', async () => {
    await sample.program(flood);
    const { times } = await measured(sample, 400, [...toTheRun, flooding]);
    const sorted = [...times].sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length * 0.99)]).toBeLessThanOrEqual(50);
  });

  it('a million lines leave the memory flat', async () => {
    await sample.program(million);
    const { before, after } = await measured(sample, 20, [...toTheRun, ...millionSaid]);
    expect(after).toBeLessThan(before + 20_000);
    expect(after).toBeLessThan(300_000);
  });
});

describe('at rest', () => {
  it('no CPU is used', async () => {
    const { idleCpu } = await measured(sample, 0, [{ expect: 'continue' }]);
    expect(idleCpu).toBeLessThan(0.2);
  });

  it('the first frame comes within 8 times an empty program of Node', async () => {
    const started = performance.now();
    for (let count = 0; count < 5; count += 1) await empty();
    const node = (performance.now() - started) / 5;
    const { first } = await measured(sample, 1, [{ expect: 'continue' }]);
    expect(first).toBeLessThanOrEqual(8 * node);
  });
});

function empty(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  execFile(process.execPath, ['-e', '0'], () => resolve());
  return promise;
}
