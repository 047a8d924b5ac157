import { describe, expect, it } from 'vitest';
import { afterCheck, type CheckState } from '../../src/watch/transitions.ts';

const START = Date.UTC(2026, 10, 29);
const QUARTER_MS = 15 * 60_000;

/**
 * @param rounds a sign for each round, a quarter of an hour apart: `.` passes, `x` fails
 * @returns the same length: what is told in each round, by its first letter
 */
function told(rounds: string): string {
  let state: CheckState | undefined;
  return [...rounds]
    .map((sign, index) => {
      const after = afterCheck(state, { title: 'Disk', ok: sign === '.' }, START + index * QUARTER_MS);
      state = after.state;
      return after.tell?.[0] ?? ' ';
    })
    .join('');
}

describe('a check is told', () => {
  it.each([
    ['not at all while it passes', '....', '    '],
    ['once when it begins to fail', '..xxxxxx', '  f     '],
    ['at once when it fails the first time that it is made', 'xxx', 'f  '],
    ['once when it is well again', 'xx....', 'f w   '],
    ['again when it fails again after a while', `x.${'.'.repeat(30)}x`, `fw${' '.repeat(30)}f`],
    ['as one that comes and goes from the fourth change in six hours on', '.x.x.x.x.x.', ' fwfu      '],
    [
      'as well once one that came and went passes for two hours',
      `.x.x.${'.'.repeat(8)}..`,
      ` fwfu${' '.repeat(7)}w  `,
    ],
    [
      'as failing once one that came and went fails for two hours',
      `x.x.x${'x'.repeat(8)}xx`,
      `fwfu ${' '.repeat(7)}f  `,
    ],
    [
      'nothing while one that comes and goes changes within two hours',
      '.x.x.x......x......x',
      ' fwfu               ',
    ],
  ])('%s', (_, rounds, expected) => {
    expect(told(rounds)).toBe(expected);
  });

  it('with a bounded memory of its changes', () => {
    let state: CheckState | undefined;
    for (let index = 0; index < 10_000; index += 1)
      state = afterCheck(state, { title: 'x', ok: index % 2 === 0 }, START + index * QUARTER_MS).state;
    expect(state?.changes.length).toBeLessThanOrEqual(24);
  });
});
