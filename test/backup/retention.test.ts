import { expect, it } from 'vitest';
import { outdated } from '../../src/backup/retention.ts';

/** One at noon of each of so many days, up to 2026-03-31, a Tuesday. */
function days(count: number): readonly { readonly made: string }[] {
  const last = Date.parse('2026-03-31T12:00:00Z');
  return Array.from({ length: count }, (_, ago) => ({
    made: new Date(last - ago * 86_400_000).toISOString(),
  }));
}

const kept = (
  backups: readonly { readonly made: string }[],
  daily: number,
  weekly: number,
  monthly: number,
) => {
  const gone = new Set(outdated(backups, { daily, weekly, monthly }));
  return backups.filter((each) => !gone.has(each)).map(({ made }) => made.slice(0, 10));
};

// The same numbers by `restic forget --dry-run` of 0.14.0, with snapshots of these times.
it.each([
  [3, 0, 0, ['2026-03-31', '2026-03-30', '2026-03-29']],
  [0, 3, 0, ['2026-03-31', '2026-03-29', '2026-03-22']],
  [0, 0, 3, ['2026-03-31', '2026-02-28', '2026-01-31']],
  [2, 2, 2, ['2026-03-31', '2026-03-30', '2026-03-29', '2026-02-28']],
  [
    7,
    5,
    12,
    [
      ...['2026-03-31', '2026-03-30', '2026-03-29', '2026-03-28', '2026-03-27', '2026-03-26', '2026-03-25'],
      ...['2026-03-22', '2026-03-15', '2026-03-08', '2026-02-28', '2026-01-31'],
    ],
  ],
])('keeps %i days, %i weeks and %i months', (daily, weekly, monthly, wanted) => {
  expect(kept(days(90), daily, weekly, monthly)).toEqual(wanted);
});

it('keeps the newest of all in any case', () => {
  expect(kept(days(3), 0, 0, 0)).toEqual(['2026-03-31']);
});

it('counts periods in which there is one, and of several the newest', () => {
  const backups = ['2026-03-31T12:00:00Z', '2026-03-31T01:00:00Z', '2026-01-05T12:00:00Z'].map((made) => ({
    made,
  }));
  expect(kept(backups, 2, 0, 0)).toEqual(['2026-03-31', '2026-01-05']);
  expect(outdated(backups, { daily: 2, weekly: 0, monthly: 0 })).toEqual([backups[1]]);
});
