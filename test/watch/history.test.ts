import { describe, expect, it } from 'vitest';
import { DAYS, daysOf, trendsOf } from '../../src/watch/history.ts';
import type { Round } from '../../src/watch/state.ts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** By this server's clock, as the days are. */
const NOW = new Date(2026, 10, 29, 18).getTime();

function round(daysAgo: number, more: Partial<Round> = {}): Round {
  return { at: NOW - daysAgo * DAY_MS, ms: 1, deep: false, checks: 3, failed: [], ...more };
}

describe('the days of the history', () => {
  it('are thirty, the oldest first, also where no round was made', () => {
    const days = daysOf([round(40), round(29), round(0)], NOW);
    expect(days).toHaveLength(DAYS);
    expect(days.map(({ rounds }) => rounds)).toEqual([1, ...Array.from({ length: 28 }, () => 0), 1]);
    expect([days[0]?.day, days.at(-1)?.day]).toEqual(['2026-10-31', '2026-11-29']);
  });

  it('have the median of the front page, the least of the disks, and the rounds in which something failed', () => {
    const rounds = [
      round(1, { page: 90, measures: { '/': 9000, '/var': 700, memory: 12 } }),
      round(1, { page: 5000, measures: { '/': 9000, '/var': 600, memory: 12 } }),
      round(1, { page: 110, failed: ['disk'] }),
      round(1, { failed: ['disk', 'nginx'] }),
    ];
    expect(daysOf(rounds, NOW).at(-2)).toEqual({
      day: '2026-11-28',
      rounds: 4,
      failed: 2,
      page: 110,
      disk: { target: '/var', left: 600 },
    });
  });
});

describe('the bars', () => {
  const rounds = [
    round(3, { page: 200, measures: { '/': 20_480 } }),
    round(2, { page: 2000, measures: { '/': 20_480 }, failed: ['disk'] }),
    round(2, { page: 2000, measures: { '/': 20_480 } }),
    round(0, { page: 250, measures: { '/': 5120 } }),
  ];

  it('stand for a day each, and what is not whole is never drawn so', () => {
    const none = '·'.repeat(26);
    expect(trendsOf(daysOf(rounds, NOW))).toEqual([
      { label: 'Checks', bars: `${none}▇▄·▇`, words: '2 of 3 days without a failure' },
      {
        label: 'Front page',
        bars: `${none}▁▇·▁`,
        words: '0.25 s, at most 2.00 s',
      },
      { label: 'Disk', bars: `${none}▇▇·▂`, words: '5.0 GB left on /' },
    ]);
    const [checks] = trendsOf(
      daysOf([...Array.from({ length: 95 }, () => round(0)), round(0, { failed: ['disk'] })], NOW),
    );
    expect(checks?.bars.at(-1)).toBe('▆');
  });

  it('stand for several days where there is less room, and show the worst', () => {
    expect(trendsOf(daysOf(rounds, NOW), 10).map(({ bars }) => bars)).toEqual([
      `${'·'.repeat(8)}▇▅`,
      `${'·'.repeat(8)}▁▇`,
      `${'·'.repeat(8)}▇▂`,
    ]);
  });

  it('of a page that is fast are low, however steady it is', () => {
    const [, page] = trendsOf(daysOf([round(1, { page: 150 }), round(0, { page: 140 })], NOW));
    expect(page?.bars.slice(-2)).toBe('▁▁');
  });

  it('are left out for what was never measured', () => {
    expect(trendsOf(daysOf([round(0)], NOW)).map(({ label }) => label)).toEqual(['Checks']);
  });
});
