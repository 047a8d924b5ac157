import { describe, expect, it } from 'vitest';
import { effectsOf } from '../../src/front/effects.ts';
import { counted, type PlanEntry } from '../../src/front/plan-view.ts';

const entry = (more: Partial<PlanEntry>): PlanEntry => ({
  type: 'planned',
  section: 'site',
  operation: 'site/x',
  title: 'x',
  kind: 'run',
  summary: 'x',
  shell: [],
  departures: [],
  starts: [],
  restarts: [],
  reloads: [],
  ...more,
});

describe('what becomes of services', () => {
  it('what is started is told, each unit once', () => {
    expect(
      effectsOf([
        entry({ starts: ['a.service', 'b.timer'] }),
        entry({ starts: ['a.service'], reloads: ['nginx.service'] }),
        entry({ restarts: ['c.service'] }),
      ]),
    ).toEqual(['Starts: a.service, b.timer.', 'Restarts: c.service.', 'Reloads: nginx.service.']);
  });

  it('nothing is said in words', () => {
    expect(effectsOf([entry({})])).toEqual(['No service is started, restarted or reloaded.']);
  });
});

it('a proof is no change: a run reports the changes alone', () => {
  const proof = entry({ kind: 'later', proves: true });
  expect(counted([entry({}), entry({}), proof])).toBe('2 changes, then a proof');
  expect(counted([entry({})])).toBe('1 change');
});
