import { expect, test } from 'vitest';
import { timerTarget } from '../../src/configs/timer.ts';

const timer = (install: string): string =>
  `[Timer]\n# WantedBy=timer.target\nOnCalendar=hourly\n\n[Install]\n${install}\n`;

test.each([
  ['WantedBy=timer.target', 'WantedBy=timers.target'],
  ['WantedBy = timer.target  multi-user.target', 'WantedBy = timers.target  multi-user.target'],
  ['RequiredBy=timer.target', 'RequiredBy=timers.target'],
  ['WantedBy=timers.target', 'WantedBy=timers.target'],
  ['WantedBy=my-timer.target', 'WantedBy=my-timer.target'],
])('%j becomes %j and nothing else changes', (before, after) => {
  expect(timerTarget(timer(before))).toBe(timer(after));
});

test('only [Install] is fixed', () => {
  expect(timerTarget('[Unit]\nWantedBy=timer.target\n')).toBe('[Unit]\nWantedBy=timer.target\n');
});
