import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Install, Way } from './installs.ts';
import { withMeasured } from './measured.ts';
import { page } from './page.ts';
import { type Results, verdicts } from './results.ts';

const MB = 1024;
const rest = { code: 0, firstOutput: 0.2, cpu: 30, ownCpu: 2, samples: [], load: 0.5, spans: [] };

const install = (way: Way, seconds: number, peak = 90): Install => ({
  ...rest,
  way,
  seconds,
  peakKb: peak * MB,
  path: [{ operation: 'requirements/tools', start: 0, end: 3 }],
});

const results = (change: Partial<Results> = {}): Results => ({
  installs: [
    ...[50, 60, 70].map((seconds) => install('document', seconds, 500)),
    ...[41, 42, 90].map((seconds) => install('product', seconds)),
    ...[63, 63, 63].map((seconds) => install('one at a time', seconds)),
  ],
  commands: {
    node: [0.04, 0.04],
    version: [0.1, 0.1],
    firstLine: [0.2, 0.2],
    planBare: [0.5],
    planInstalled: [1],
    secondRun: [2],
    peakKb: 100 * MB,
  },
  talk: {
    ...rest,
    seconds: 8,
    peakKb: 120 * MB,
    tenths: [20, 90, 95, 100, 105, 110, 112, 112, 113, 114, 115].map((mb) => mb * MB),
    logged: 1_000_000,
  },
  wizard: {
    firstFrame: [0.2, 0.21, 0.19],
    keys: [...Array.from({ length: 99 }, () => 5), 70],
    idle: 0.002,
    memory: [100 * MB, 104 * MB],
  },
  ...change,
});

const measured = (given: Results) =>
  Object.fromEntries(verdicts(given).map(({ what, measured, met }) => [what, [measured, met]]));

describe('the verdicts', () => {
  it('compare medians, and leave the memory of the document alone', () => {
    const found = measured(results());
    expect(found['Installation, of the time that the document takes']).toEqual(['0.70', true]);
    expect(found['Side by side: one at a time would take']).toEqual(['1.50 ×', true]);
    expect(found['`--version`, of `node -e 0`']).toEqual(['2.5 ×', true]);
    expect(found['Highest memory of the product']).toEqual(['120 MB', true]);
    expect(found['Wizard: first frame, of `node -e 0`']).toEqual(['5.0 ×', true]);
    expect(found['Wizard: key to frame at 10,000 lines a second, p99']).toEqual(['5 ms', true]);
    expect(found['Wizard: growth of memory over a million lines']).toEqual(['4 MB', true]);
    expect(Object.values(found).map(([, met]) => met)).not.toContain(false);
  });

  it('say so when a target is missed', () => {
    const slow = results({ installs: results().installs.map((each) => ({ ...each, seconds: 60 })) });
    expect(measured(slow)['Installation, of the time that the document takes']).toEqual(['1.00', false]);
    const talk = results().talk;
    const leaking = results({ talk: { ...talk, tenths: talk.tenths.map((_, tenth) => tenth * 16 * MB) } });
    const growth = measured(leaking)['Growth of memory from half a million lines of output to a million'];
    expect(growth).toEqual(['80 MB', false]);
    const wizard = {
      ...results().wizard,
      keys: [...Array.from({ length: 98 }, () => 5), 51, 51],
      idle: 0.02,
    };
    const busy = measured(results({ wizard }));
    expect(busy['Wizard: key to frame at 10,000 lines a second, p99']).toEqual(['51 ms', false]);
    expect(busy['Wizard: a processor while idle']).toEqual(['2.0 %', false]);
  });
});

describe('the page', () => {
  it('holds every verdict, every single time and the chain', () => {
    const text = page(results(), ['2 × processor'], '2026-01-31');
    for (const { what, measured: value } of verdicts(results()))
      expect(text).toContain(`| ${what} | ${value} |`);
    expect(text).toContain('| 60.0 | 50.0, 60.0, 70.0 |');
    expect(text).toContain('| requirements/tools | 0.0 | 3.0 |');
    expect(text).toContain('- 2 × processor\n- 2026-01-31\n');
  });
});

describe('the median installation', () => {
  it('goes into the product as the page has it', () => {
    const module = 'export const MEASURED: MeasuredInstall = { ms: 36_200, processors: 2 };\n';
    expect(withMeasured(module, results(), 4)).toBe(
      'export const MEASURED: MeasuredInstall = { ms: 42_000, processors: 4 };\n',
    );
  });

  it('has its place in the product, as it is shipped', () => {
    const file = path.join(import.meta.dirname, '../../src/app/measured-install.ts');
    expect(withMeasured(readFileSync(file, 'utf8'), results(), 4)).toContain('{ ms: 42_000, processors: 4 }');
    expect(() => withMeasured('nothing', results(), 4)).toThrow('no figures');
  });
});
