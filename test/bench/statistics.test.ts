import fc from 'fast-check';
import { expect, it } from 'vitest';
import { median, percentile } from './statistics.ts';

it('is the middle one, in whatever order, or half way between the two in the middle', () => {
  expect(median([3, 10, 1])).toBe(3);
  expect(median([4, 1, 3, 10])).toBe(3.5);
  expect(median([10, 9, 100])).toBe(10);
  expect(() => median([])).toThrow(RangeError);
});

it('has as many values on either side, and does not reorder what it was given', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
      const given = [...values];
      const middle = median(values);
      expect(values).toEqual(given);
      const below = values.filter((value) => value < middle).length;
      const above = values.filter((value) => value > middle).length;
      expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2);
    }),
  );
});

it('percentile: so many of the values are not above it', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(percentile(hundred, 0.99)).toBe(99);
  expect(percentile(hundred, 0.5)).toBe(50);
  expect(percentile(hundred, 1)).toBe(100);
  expect(percentile([7], 0.01)).toBe(7);
  expect(() => percentile([], 0.5)).toThrow(RangeError);
});
