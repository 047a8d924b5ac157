import { describe, expect, it } from 'vitest';
import { effectsOf, servicedFacts } from '../../src/reporters/effects.ts';
import { counted, type PlanEntry } from '../../src/reporters/plan-view.ts';
import { entry } from './entry.ts';

const run = (more: Partial<PlanEntry>) => entry({ kind: 'run', summary: 'x', ...more });

describe('what becomes of services', () => {
  it('what is started is told, each unit once', () => {
    expect(
      effectsOf([
        run({ starts: ['a.service', 'b.timer'] }),
        run({ starts: ['a.service'], reloads: ['nginx.service'] }),
        run({ restarts: ['c.service'] }),
      ]),
    ).toEqual(['Starts: a.service, b.timer.', 'Restarts: c.service.', 'Reloads: nginx.service.']);
  });

  it('files that are deleted are named first, of many the first ones', () => {
    const files = (count: number) => Array.from({ length: count }, (_, at) => `/etc/${at}`);
    const said = (count: number) => effectsOf(files(count).map((file) => run({ removes: [file] })))[0];
    expect(effectsOf([run({ stops: ['a.timer'], removes: ['/etc/a'] })])).toEqual([
      'Removes: /etc/a.',
      'Stops: a.timer.',
    ]);
    expect(said(5)).toBe('Removes: /etc/0, /etc/1, /etc/2, /etc/3, /etc/4.');
    expect(said(6)).toBe('Removes: /etc/0, /etc/1, /etc/2, /etc/3, and 2 more files.');
  });

  it('what was reloaded only is not told as restarted', () => {
    const restarts = ['meilisearch.service', 'studio.service'];
    expect(servicedFacts({ restarts, reloads: ['studio.service'] })).toEqual([
      { label: 'Restarted', value: 'meilisearch.service' },
      { label: 'Reloaded', value: 'studio.service' },
    ]);
    expect(servicedFacts({ restarts: [], reloads: [] })).toEqual([]);
  });

  it('nothing is said in words', () => {
    expect(effectsOf([run({})])).toEqual(['No service is started, restarted or reloaded.']);
  });
});

it('a proof is no change: a run reports the changes alone', () => {
  const proof = run({ kind: 'later', proves: true });
  expect(counted([run({}), run({}), proof])).toBe('2 changes, then a proof');
  expect(counted([run({})])).toBe('1 change');
});
