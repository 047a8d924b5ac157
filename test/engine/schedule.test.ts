import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Node } from '../../src/engine/graph.ts';
import { schedule, type Verdict } from '../../src/engine/schedule.ts';
import { node, operation } from './nodes.ts';

const named = (id: string, ...needs: string[]) => node(operation(id), needs);

describe('schedule', () => {
  it('visits each once, after all that it needs', async () => {
    const order: string[] = [];
    const left = await schedule(
      [named('c', 'a', 'b'), named('a'), named('b', 'a')],
      async ({ operation: { id } }) => {
        await sleep(5);
        order.push(id);
        return 'done';
      },
      4,
    );
    expect(order).toEqual(['a', 'b', 'c']);
    expect(left).toEqual([]);
  });

  it('visits side by side what does not need each other, but no more than the limit', async () => {
    let running = 0;
    let most = 0;
    await schedule(
      Array.from({ length: 20 }, (_, index) => named(`n${index}`)),
      async () => {
        running += 1;
        most = Math.max(most, running);
        await sleep(2);
        running -= 1;
        return 'done';
      },
      3,
    );
    expect(most).toBe(3);
  });

  it.each<[string, Verdict, string[]]>([
    ['done', 'done', []],
    ['failed', 'failed', ['b', 'c']],
  ])('after a visit that is %s', async (_, verdict, expected) => {
    const left = await schedule(
      [named('a'), named('b', 'a'), named('c', 'b'), named('d')],
      async ({ operation: { id } }) => (id === 'a' ? verdict : 'done'),
      2,
    );
    expect(left.map((each) => each.operation.id)).toEqual(expected);
  });

  describe('a node that can be used before it is done', () => {
    const packages = { names: [], missing: async () => [] };
    /** What `a`, which is usable after 20 ms and ends after 60, lets begin before its end. */
    const begun = async (nodes: readonly Node[], verdict: Verdict = 'done') => {
      const order: string[] = [];
      const left = await schedule(
        nodes,
        async ({ operation: { id } }, usable) => {
          order.push(id);
          if (id === 'long') await sleep(100);
          if (id !== 'a') return 'done';
          await sleep(20);
          usable();
          await sleep(40);
          order.push('end of a');
          return verdict;
        },
        3,
      );
      return { order, left: left.map(({ operation: { id } }) => id) };
    };

    it('lets begin what needs it, at once', async () => {
      const { order } = await begun([named('a'), named('b', 'a'), named('c', 'b')]);
      expect(order).toEqual(['a', 'b', 'c', 'end of a']);
    });

    it.each([['a'], ['d']])(
      'lets wait what installs packages, and needs %s, and what needs that',
      async (needed) => {
        const installs = node(operation('b', { packages }), [needed]);
        const { order } = await begun([named('a'), installs, named('c', 'b'), named('d', 'a')]);
        expect(order).toEqual(['a', 'd', 'end of a', 'b', 'c']);
      },
    );

    it('keeps back what has not begun when it fails all the same', async () => {
      const nodes = [named('a'), named('long', 'a'), named('c', 'a', 'long')];
      const { order, left } = await begun(nodes, 'failed');
      expect([order, left]).toEqual([['a', 'long', 'end of a'], ['c']]);
    });
  });

  it('starts nothing more once stopped, and lets what runs end', async () => {
    let stopped = false;
    const ended: string[] = [];
    const left = await schedule(
      [named('a'), named('b'), named('c')],
      async ({ operation: { id } }) => {
        stopped = true;
        await sleep(5);
        ended.push(id);
        return 'done';
      },
      1,
      () => stopped,
    );
    expect(ended).toEqual(['a']);
    expect(left.map((each) => each.operation.id)).toEqual(['b', 'c']);
  });

  it('what a node needs outside of the nodes given counts as done', async () => {
    expect(await schedule([named('a', 'elsewhere')], async () => 'done', 1)).toEqual([]);
  });
});
