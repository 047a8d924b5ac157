import { describe, expect, it } from 'vitest';
import type { Node } from '../../../src/engine/graph.ts';
import { estimateOf } from '../../../src/wizard/runtime/estimate.ts';
import { beginning } from '../states.ts';

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
    expect(estimateOf(chain, planned, times)).toBe(6100);
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
    ).toBe(1500);
    expect(estimateOf(chain, planned, new Map([['a', 1000]]))).toBeUndefined();
    expect(estimateOf(chain, planned, new Map())).toBeUndefined();
  });

  it('leaves out what is up to date', () => {
    const times = new Map([
      ['a', 1000],
      ['b', 5000],
      ['d', 100],
    ]);
    expect(estimateOf(chain, new Set(['a', 'd']), times)).toBe(1100);
  });
});
