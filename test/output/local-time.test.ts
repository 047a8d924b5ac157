import { afterEach, beforeEach, expect, test } from 'vitest';
import { localTime } from '../../src/output/local-time.ts';

let zone: string | undefined;
beforeEach(() => {
  zone = process.env.TZ;
});
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

const NOW = new Date('2026-12-24T12:00:00Z');

test.each([
  ['UTC', '2026-11-28T03:12:44.123Z', 'Nov 28 03:12'],
  ['Europe/Amsterdam', '2026-11-28T03:12:44.123Z', 'Nov 28 04:12'],
  ['America/New_York', '2026-11-28T03:12:44.123Z', 'Nov 27 22:12'],
  ['UTC', '2026-03-04T05:06:07Z', 'Mar 4 05:06'],
  ['UTC', '2025-11-28T03:12:44.123Z', 'Nov 28 2025'],
  ['UTC', '', '?'],
])('%s: %s is %s', (name, at, shown) => {
  process.env.TZ = name;
  expect(localTime(at, NOW)).toBe(shown);
});

test('takes milliseconds as well', () => {
  process.env.TZ = 'UTC';
  expect(localTime(Date.UTC(2026, 0, 2, 3, 4), NOW)).toBe('Jan 2 03:04');
});
