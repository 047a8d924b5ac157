import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { daysOf } from '../../../src/watch/history.ts';
import type { Round } from '../../../src/watch/state.ts';
import { asciiOf } from '../../../src/wizard/kit/glyphs.ts';
import type { Size } from '../../../src/wizard/kit/line.ts';
import type { WizardState } from '../../../src/wizard/state/state.ts';
import { answeredState, frameFile, rowsOf, SIZES, saidOf } from './frames.ts';

const DAY_MS = 24 * 60 * 60_000;
const NOW = new Date(2026, 10, 29, 18).getTime();
const [, usual] = SIZES as readonly [Size, Size, Size];

// A moment of another year is told with its year.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW }));
afterEach(() => void vi.useRealTimers());

/** Three weeks of a site that became slower, filled its disk, and failed on two days. */
function watched(size: Size): WizardState {
  const rounds = Array.from({ length: 21 }, (_, index): Round => {
    const day = 20 - index;
    return {
      at: NOW - day * DAY_MS,
      ...{ ms: 4000, deep: false, checks: 40, failed: day === 3 || day === 12 ? ['disk'] : [] },
      ...{ page: 120 + index * 20, measures: { '/': 40_000 - index * 1000, memory: 2000 } },
    };
  });
  const state = answeredState(size);
  return {
    ...state,
    status: new Map(state.sections.map(({ id }) => [id, { state: 'done', operations: [] }])),
    screen: 'overview',
    glance: {
      days: daysOf(rounds, NOW),
      runs: [
        {
          run: '0012',
          command: 'update',
          at: new Date(NOW - DAY_MS).toISOString(),
          ...{ by: 'anna', changes: 9, state: 'done' },
        },
      ],
    },
  };
}

describe('the overview with a history of the watch', () => {
  it.each(SIZES)('in $columns by $rows', async (size) => {
    const rows = rowsOf(watched(size));
    expect(rows).toHaveLength(size.rows);
    await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot(frameFile('overview-watched', size));
  });

  it('has bars that are digits where only ASCII can be drawn', () => {
    const rows = rowsOf(watched(usual)).map(asciiOf).join('\n');
    expect(rows).toContain('Checks ----77774777747  Front page ----11222233334  Disk ----76665554444');
  });

  it.each(SIZES)('is as before without one, in $columns by $rows', (size) => {
    const rows = rowsOf({ ...watched(size), glance: { runs: [] } });
    expect(rows.join('\n')).not.toMatch(/[▁-▇]|Done last/);
  });

  it('says it in words to a screen reader, without bars', () => {
    const said = saidOf(watched(usual)).join('\n');
    expect(said).toContain(
      'Last 30 days: Checks: 19 of 21 days without a failure. Front page: 0.52 s, at most 0.52 s. Disk: 19.5 GB left on /.',
    );
    expect(said).toMatch(/Done last: Nov 28 .*, update \(9 changes\), by anna/);
    expect(said).not.toMatch(/[▁-▇]/);
  });
});

it.each(SIZES)('says since when the maintenance page is on, in $columns by $rows', async (size) => {
  const state = { ...watched(size), maintained: NOW - DAY_MS / 2 };
  const rows = rowsOf(state);
  expect(rows).toHaveLength(size.rows);
  await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot(frameFile('overview-maintenance', size));
  expect(saidOf(state).join('\n')).toMatch(
    /The maintenance page is on since Nov 29 06:00: visitors get HTTP 503\./,
  );
});
