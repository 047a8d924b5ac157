import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/output/secret.ts';
import type { Size } from '../../../src/wizard/kit/line.ts';
import { press } from '../../../src/wizard/shell/press.ts';
import type { WizardState } from '../../../src/wizard/state/state.ts';
import type { TaskOutcome } from '../../../src/wizard/state/task.ts';
import { answeredState, frameFile, rowsOf, SIZES, saidOf } from './frames.ts';

const [, usual] = SIZES as readonly [Size, Size, Size];
const remedy = 'Make room there, or take a larger disk.';

const outcome: TaskOutcome = {
  end: 'failed',
  title: 'Some checks failed',
  said: ['What was fixed is kept. Try again to fix the rest.'],
  proved: [],
  fixed: ['nginx.service'],
  passed: ['Web: 6 checks passed', 'Search: 3 checks passed'],
  changes: ['start nginx.service'],
  restarts: [],
  reloads: [],
  irreversible: [],
  failed: [
    { operation: 'disk', at: 'Disk', problem: { what: '12 MB are free.', remedy }, logLine: undefined },
  ],
  log: '/var/log/studio-setup/run-0002.log',
};

function ended(size: Size): WizardState {
  return {
    ...answeredState(size),
    screen: 'outcome',
    outcome: { outcome, again: { kind: 'fix' }, scroll: 0 },
  };
}

describe('what fixing came to', () => {
  it.each(SIZES)('in $columns by $rows', async (size) => {
    await expect(`${rowsOf(ended(size)).join('\n')}\n`).toMatchFileSnapshot(frameFile('outcome', size));
  });

  it('what still fails comes first, then by name what was fixed, then what passed', () => {
    for (const lines of [rowsOf(ended(usual)), saidOf(ended(usual))]) {
      const text = lines.join('\n');
      const order = ['12 MB are free', 'Fixed: nginx.service', 'Web: 6 checks passed'].map((each) =>
        text.indexOf(each),
      );
      expect(order).not.toContain(-1);
      expect(order).toEqual(order.toSorted((one, other) => one - other));
    }
  });
});

describe('a password that is shown once', () => {
  const shownOnce = { label: 'Password', value: new Secret('generated-for-ada') };
  const made = (): WizardState => ({
    ...ended(usual),
    outcome: {
      outcome: { ...outcome, end: 'well', failed: [], shownOnce },
      again: { kind: 'fix' },
      scroll: 0,
    },
  });
  const named = (name: 'enter' | 'escape') => ({ name, text: '' }) as const;

  it('is still there after one Enter more, and after a second; Esc, which the page names, leaves it', () => {
    let state = made();
    expect(rowsOf(state).join('\n')).toContain('Esc overview');
    for (let each = 0; each < 2; each += 1) state = press(state, named('enter'), () => {});
    expect(rowsOf(state).join('\n')).toContain('generated-for-ada');
    expect(state.notice).toContain('press Esc');
    expect(press(state, named('escape'), () => {}).screen).toBe('overview');
  });
});
