import { describe, expect, it } from 'vitest';
import { daysLeft } from '../../src/watch/trend.ts';

const HOUR_MS = 3_600_000;
const START = Date.UTC(2026, 10, 1);

/** @param left megabytes by the hour */
function samples(days: number, left: (day: number, hour: number) => number) {
  return Array.from({ length: days * 24 }, (_, index) => ({
    at: START + index * HOUR_MS,
    left: left(Math.floor(index / 24), index % 24),
  }));
}

describe('days until too little is left', () => {
  it.each([
    ['unknown before the fourth day', samples(3, (day) => 5000 - day * 1000), undefined],
    ['none foreseen while nothing changes', samples(10, () => 5000), undefined],
    ['none foreseen while it grows', samples(10, (day) => 5000 + day), undefined],
    ['by what goes each day', samples(10, (day) => 10_000 - day * 500), 10],
    ['now when less is left already', samples(10, (day) => 1400 - day * 100), 0],
    [
      'not moved by what a nightly job takes and gives back',
      samples(10, (_, hour) => (hour < 4 ? 1000 : 5000)),
      undefined,
    ],
    [
      'by the last two weeks, not by those before',
      samples(30, (day) => (day < 15 ? 50_000 - day * 3000 : 6000)),
      undefined,
    ],
    ['unknown without a sample', [], undefined],
  ])('%s', (_, all, expected) => {
    expect(daysLeft(all, 500)).toEqual(expected === undefined ? undefined : expect.closeTo(expected, 1));
  });
});
