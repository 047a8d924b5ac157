import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { GrowthFigures } from './growth-figures.ts';
import type { Install, Way } from './installs.ts';
import { withMeasured } from './measured.ts';
import { itemsOfAnsible, itemsOfProduct, itemsOfPyinfra } from './no-op.ts';
import { page } from './page.ts';
import { growthVerdict, type Results, verdicts } from './results.ts';

const MB = 1024;

const install = (way: Way, seconds: number, peak = 90): Install => ({
  way,
  seconds,
  cpu: 30,
  load: 0.5,
  peakKb: peak * MB,
  path: [{ operation: 'requirements/tools', start: 0, end: 3 }],
});

const results = (change: Partial<Results> = {}): Results => ({
  installs: [
    ...[50, 60, 70].map((seconds) => install('document', seconds, 500)),
    ...[31, 35, 90].map((seconds) => install('product', seconds)),
    ...[63, 63, 63].map((seconds) => install('one at a time', seconds)),
  ],
  commands: {
    node: [0.04, 0.04],
    version: [0.1, 0.1],
    firstLine: [0.2, 0.2],
    planBare: [0.5],
    planInstalled: [0.7],
    secondRun: [1],
    doctor: [0.6],
    peakKb: 100 * MB,
  },
  noOps: [
    { tool: 'studio-setup', version: '0.1.0', items: 120, seconds: [1, 1.1], cpu: [2, 2] },
    { tool: 'Ansible', version: '2.19.14', items: 57, seconds: [24, 26], cpu: [20, 22] },
    { tool: 'pyinfra', version: '3.10.0', items: 57, seconds: [3, 4], cpu: [2, 2] },
  ],
  talk: {
    seconds: 8,
    peakKb: 120 * MB,
    tenths: [20, 90, 95, 100, 105, 110, 112, 112, 113, 114, 115].map((mb) => mb * MB),
    logged: 1_000_000,
  },
  wizard: {
    firstFrame: [0.16, 0.18, 0.16],
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
    expect(found['Installation, of the time that the document takes']).toEqual(['0.58', true]);
    expect(found['Side by side: one at a time would take']).toEqual(['1.80 ×', true]);
    expect(found['`--version`, of `node -e 0`']).toEqual(['2.5 ×', true]);
    expect(found['Highest memory of the product']).toEqual(['120 MB', true]);
    expect(found['Wizard: first frame, of `node -e 0`']).toEqual(['4.0 ×', true]);
    expect(found['Wizard: key to frame at 10,000 lines a second, p99']).toEqual(['5 ms', true]);
    expect(found['Wizard: growth of memory over a million lines']).toEqual(['4 MB', true]);
    expect(found['Wizard: memory after a million lines']).toEqual(['104 MB', true]);
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
      keys: [...Array.from({ length: 98 }, () => 5), 26, 26],
      idle: 0.02,
      memory: [120 * MB, 121 * MB] as const,
    };
    const busy = measured(results({ wizard }));
    expect(busy['Wizard: key to frame at 10,000 lines a second, p99']).toEqual(['26 ms', false]);
    expect(busy['Wizard: a processor while idle']).toEqual(['2.0 %', false]);
    expect(busy['Wizard: memory after a million lines']).toEqual(['121 MB', false]);
  });
});

const cost = (seconds: number) => ({ plan: seconds, planCpu: seconds, doctor: 1, doctorCpu: 1 });
const growth = (...seconds: readonly number[]): GrowthFigures => ({
  none: cost(1),
  growths: [
    { what: 'names', sizes: [] },
    {
      what: 'media files',
      sizes: seconds.map((each, index) => ({ size: 1000 * 10 ** index, cost: cost(each) })),
    },
  ],
});

describe('growth', () => {
  it('is worse than linear where ten times as much takes more than ten times as long, at any size', () => {
    expect(growthVerdict(growth(1, 2, 20))).toMatchObject({ measured: '1.00', met: true });
    expect(growthVerdict(growth(1, 2, 20.2))).toMatchObject({ measured: '1.01', met: false });
    expect(growthVerdict(growth(1, 11, 11))).toMatchObject({ measured: '1.10', met: false });
  });
});

describe('that nothing was to be done', () => {
  const recap = (changed: number) =>
    `ok: [localhost]\nok: [localhost] => (item=a)\nPLAY RECAP ****\nlocalhost                  : ok=2    changed=${changed}    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0   \n`;
  const total = (success: string, unchanged: string) =>
    `--> Results:\n    Operation   Hosts   Success   Error   No Change   \n    Grand total   57      ${success}         -       ${unchanged}          \n`;

  it('is read from what each prints, with the number of things that it looked at', () => {
    const record = (changed: number) =>
      `{"type":"check"}\n{"type":"check"}\n{"type":"run-finished","changed":${changed},"unchanged":70}\n`;
    expect(itemsOfProduct(record(0))).toBe(72);
    expect(() => itemsOfProduct(record(1))).toThrow('had something to do');
    expect(() => itemsOfProduct('')).toThrow('had something to do');
    expect(itemsOfAnsible(recap(0))).toBe(2);
    expect(() => itemsOfAnsible(recap(1))).toThrow('had something to do');
    expect(itemsOfPyinfra(total('-', '57'))).toBe(57);
    expect(() => itemsOfPyinfra(total('1', '56'))).toThrow('had something to do');
    expect(() => itemsOfPyinfra('')).toThrow('had something to do');
  });
});

describe('the page', () => {
  const measured = <Part>(figures: Part, day: string, facts = ['2 × processor']) => ({ day, facts, figures });

  it('holds every verdict, every single time and the chain', () => {
    const text = page({ bench: measured(results(), '2026-01-31') });
    for (const { what, measured: value } of verdicts(results()))
      expect(text).toContain(`| ${what} | ${value} |`);
    expect(text).toContain('| 60.0 | 50.0, 60.0, 70.0 |');
    expect(text).toContain('| requirements/tools | 0.0 | 3.0 |');
    expect(text).toContain('- 2 × processor\n- 2026-01-31\n');
    expect(text).toContain('| Ansible 2.19.14 | 25.00 | 24.0, 26.0 | 21.0 | 57 |');
    expect(text).not.toContain('slower link');
    expect(text).not.toContain('media files');
  });

  it('dates what was measured on another day, or another machine', () => {
    const link = {
      asked: { mbit: 50, roundTripMs: 20 },
      measured: { mbit: 47, roundTripMs: 20.4 },
      installs: [install('document', 100), install('product', 80)],
    };
    const parts = {
      bench: measured(results(), '2026-01-31'),
      link: measured(link, '2026-01-30'),
      growth: measured(growth(1, 2, 30), '2026-02-01', ['8 × processor']),
    };
    const text = page(parts);
    expect(text).toContain('- 2 × processor\n- 2026-01-30, 2026-01-31\n- 8 × processor\n- 2026-02-01\n');
    expect(text).toContain("Seconds. The product takes 0.80 of the document's time. Measured on 2026-01-30.");
    expect(text).toContain('| 1,000 media files | 1.00 | 1.00 | 1.00 | 1.00 |  |');
    expect(text).toContain('| 100,000 media files | 30.00 | 30.00 | 1.00 | 1.00 | 1.50 |');
    expect(text).toContain('of linear growth | 1.50 | at most 1 | ✗ |');
  });
});

describe('the median installation', () => {
  it('goes into the product as the page has it', () => {
    const module = 'export const MEASURED: MeasuredInstall = { ms: 36_200, processors: 2 };\n';
    expect(withMeasured(module, results(), 4)).toBe(
      'export const MEASURED: MeasuredInstall = { ms: 35_000, processors: 4 };\n',
    );
  });

  it('has its place in the product, as it is shipped', () => {
    const file = path.join(import.meta.dirname, '../../src/app/measured-install.ts');
    expect(withMeasured(readFileSync(file, 'utf8'), results(), 4)).toContain('{ ms: 35_000, processors: 4 }');
    expect(() => withMeasured('nothing', results(), 4)).toThrow('no figures');
  });
});
