import { describe, expect, it } from 'vitest';
import { criticalPath, needsOfProduct, spansOf } from './critical-path.ts';

const finished = (operation: string, at: number, ms: number) =>
  JSON.stringify({ type: 'operation-finished', operation, at, ms, outcome: 'changed' });

describe('the spans of a run', () => {
  it('come from its events, in seconds since it began', () => {
    const events = [
      '{"type":"planned","operation":"a/one"}',
      '{"type":"run-started","at":5000}',
      'a line that is no event',
      finished('a/one', 6500, 500),
    ];
    expect(spansOf(events.join('\n'))).toEqual([{ operation: 'a/one', start: 1, end: 1.5 }]);
  });
});

describe('the critical path', () => {
  const needs = new Map([
    ['root', new Set<string>()],
    ['short', new Set(['root'])],
    ['long', new Set(['root'])],
    ['last', new Set(['short', 'long'])],
    ['aside', new Set(['root'])],
  ]);
  const span = (operation: string, start: number, end: number) => ({ operation, start, end });

  it('goes through what each waited for longest', () => {
    const spans = [
      span('root', 0, 1),
      span('short', 1, 2),
      span('aside', 1, 4),
      span('long', 1, 5),
      span('last', 5, 6),
    ];
    expect(criticalPath(spans, needs).map(({ operation }) => operation)).toEqual(['root', 'long', 'last']);
  });

  it('ends with whatever ended last, and is empty without a run', () => {
    const spans = [span('root', 0, 1), span('aside', 1, 9), span('short', 1, 2)];
    expect(criticalPath(spans, needs).map(({ operation }) => operation)).toEqual(['root', 'aside']);
    expect(criticalPath([], needs)).toEqual([]);
  });

  it('knows what the operations of the product wait for', () => {
    const product = needsOfProduct();
    expect(product.get('virtualenv/dependencies')).toContain('virtualenv/poetry');
    for (const before of product.values()) {
      for (const id of before) expect([...product.keys()]).toContain(id);
    }
  });
});
