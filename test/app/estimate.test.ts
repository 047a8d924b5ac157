import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { estimateOf, estimateWords } from '../../src/app/estimate.ts';
import { MEASURED_INSTALL } from '../../src/app/measured-install.ts';
import type { Node } from '../../src/engine/graph.ts';
import { beginning } from '../wizard/states.ts';

const [section] = beginning({ columns: 80, rows: 24 }).sections;

function node(id: string, ...needs: readonly string[]): Node {
  if (section === undefined) throw new Error('no section');
  return { section, operation: { id, title: id, observe: async () => undefined }, needs: new Set(needs) };
}

const chain = [node('a'), node('b', 'a'), node('c', 'a'), node('d', 'b', 'c')];
const planned = new Set(['a', 'b', 'c', 'd']);

describe('how long a run takes, by earlier ones', () => {
  it('is its longest chain: what runs side by side counts once', () => {
    const times = new Map([
      ['a', 1000],
      ['b', 5000],
      ['c', 2000],
      ['d', 100],
    ]);
    expect(estimateOf(chain, planned, times)).toEqual({ ms: 6100 });
  });

  it('is told when half of the changes were timed, not when fewer were', () => {
    expect(
      estimateOf(
        chain,
        planned,
        new Map([
          ['a', 1000],
          ['b', 500],
        ]),
      ),
    ).toEqual({ ms: 1500 });
    expect(estimateOf(chain, planned, new Map([['a', 1000]]))).toBeUndefined();
    expect(estimateOf(chain, planned, new Map())).toBeUndefined();
  });

  it('leaves out what is up to date', () => {
    const times = new Map([
      ['a', 1000],
      ['b', 5000],
      ['d', 100],
    ]);
    expect(estimateOf(chain, new Set(['a', 'd']), times)).toEqual({ ms: 1100 });
  });
});

describe('how long the first run takes', () => {
  const measured = { ms: 36_000, processors: 2 };

  it('is what the benchmark took, where most of the site is to be made', () => {
    expect(estimateOf(chain, planned, new Map(), measured)).toEqual({ ms: 36_000, measured });
    expect(estimateOf(chain, new Set(['a', 'b']), new Map(), measured)).toBeUndefined();
  });

  it('gives way to what this server timed itself', () => {
    const times = new Map([...planned].map((id) => [id, 1000]));
    expect(estimateOf(chain, planned, times, measured)).toEqual({ ms: 3000 });
  });

  it('says where it comes from', () => {
    expect(estimateWords({ ms: 36_000, measured })).toBe(
      'about 36 s plus the downloads (measured on 2 processors)',
    );
    expect(estimateWords({ ms: 80_000 })).toBe('about 1 min 20 s, by earlier runs on this server');
    expect(estimateWords({ ms: 200 })).toBeUndefined();
  });

  it('is the median on the page of the benchmark', () => {
    const page = readFileSync(path.join(import.meta.dirname, '../../docs/benchmarks.md'), 'utf8');
    const [, seconds] = /^\| studio-setup run \| ([\d.]+) \|/m.exec(page) ?? [];
    const [, processors] = /^- (\d+) × /m.exec(page) ?? [];
    expect(MEASURED_INSTALL).toEqual({
      ms: Math.round(Number(seconds) * 1000),
      processors: Number(processors),
    });
  });
});
