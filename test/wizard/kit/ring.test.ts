import { describe, expect, it } from 'vitest';
import { Ring } from '../../../src/wizard/kit/ring.ts';

describe('the last lines of an output', () => {
  it('are kept in order, the earlier ones counted', () => {
    const ring = new Ring();
    for (let index = 0; index < 2500; index += 1) ring.push(`line ${index}`);
    expect(ring.length).toBe(1000);
    expect(ring.dropped).toBe(1500);
    expect(ring.slice(0, 2)).toEqual(['line 1500', 'line 1501']);
    expect(ring.last(2)).toEqual(['line 2498', 'line 2499']);
  });

  it('one line is cut', () => {
    const ring = new Ring();
    ring.push('x'.repeat(5000));
    expect(ring.last(1)[0]?.length).toBeLessThan(500);
  });
});
