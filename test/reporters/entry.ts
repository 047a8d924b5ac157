import type { PlanEntry } from '../../src/reporters/plan-view.ts';

/** A line of a plan, with what a test is about. */
export function entry(more: Partial<PlanEntry>): PlanEntry {
  return {
    type: 'planned',
    section: 'site',
    operation: 'site/x',
    title: 'x',
    kind: 'create',
    summary: '/etc/x',
    shell: [],
    departures: [],
    starts: [],
    restarts: [],
    reloads: [],
    ...more,
  };
}
