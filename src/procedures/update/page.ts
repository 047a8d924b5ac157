import type { Observation, Operation } from '../../engine/operation.ts';
import type { Host } from '../../host/host.ts';
import { maintenanceOff, maintenanceOn } from '../../operations/maintenance.ts';
import { ProblemError } from '../../output/problem.ts';
import { CHECKOUT, MAINTENANCE, STAGE, VENV } from '../../site/layout.ts';
import { answerHere, isMaintenancePage } from '../../site/maintenance.ts';
import { proof } from '../proof.ts';
import { difference, plannedBy } from './database.ts';
import { databaseState } from './database-state.ts';
import { siteWorks } from './proof.ts';
import type { Release, Way } from './state.ts';

/** Seconds that clients are told to wait: an update takes minutes. */
const RETRY_AFTER = 120;

/** @returns whether the page is needed, or why that can't be told yet */
type Needed = (host: Host) => Promise<boolean | { readonly later: string }>;

/** Before migrations that code which serves meanwhile does not work with. @param by the newer release, whose migrations they are */
export function aheadOf(by: Release): Needed {
  return async (host) => {
    if (host.willChange(STAGE) || (await host.status(STAGE)) === undefined)
      return { later: 'needs the new code: only where a migration does not suit the code that serves' };
    const { planned, disruptive } = await plannedBy(host, by, []);
    return disruptive.some((each) => planned.includes(each));
  };
}

/**
 * Before the database goes back to an earlier state, and where it may come from a dump, whose tables are dropped first.
 * @param applied migrations of that state
 * @param by the newer release; absent: the dump is taken
 */
export function backFrom(applied: readonly string[], by?: Release): Needed {
  return async (host) => {
    if (host.willChange(STAGE))
      return { later: 'needs the newer code: only where a migration does not suit the older' };
    if (difference((await databaseState(host)).applied, applied) === undefined) return false;
    if (by === undefined || (await host.status(STAGE)) === undefined) return true;
    try {
      const { since, disruptive, lasting } = await plannedBy(host, by, applied);
      return since.some((each) => disruptive.includes(each) || lasting.includes(each));
    } catch (error) {
      // Then its migrations can't be taken back by it either.
      if (error instanceof ProblemError) return true;
      throw error;
    }
  };
}

/** Visitors get the maintenance page where it is needed, unless the operator decided. */
export function pageOn(prefix: string, { page }: Way, needed: Needed): readonly Operation[] {
  if (page === 'never' || page === 'stays') return [];
  return maintenanceOn(prefix, RETRY_AFTER).map((operation) => ({
    ...operation,
    async observe(host): Promise<Observation> {
      const due = page === 'always' || (await needed(host));
      if (due === false) return undefined;
      if (due === true) return operation.observe(host);
      return { ...due, summary: operation.title, shell: [], touches: [MAINTENANCE] };
    },
  }));
}

/** Visitors get the site again, once it is proved to work behind the page. @param name of the site */
export function pageOff(prefix: string, { page }: Way, name: string): readonly Operation[] {
  if (page === 'stays') return [];
  const behind = proof({
    id: `${prefix}/behind`,
    title: 'the site works behind the maintenance page',
    after: [CHECKOUT, VENV],
    wrong: (host) => siteWorks(host, name),
    remedy: 'See what else is wrong: studio-setup doctor, and journalctl -u studio -n 50',
  });
  return [behind, ...maintenanceOff(prefix)].map((operation) => ({
    ...operation,
    async observe(host): Promise<Observation> {
      if (host.willChange(MAINTENANCE))
        return { later: 'after the switch', summary: operation.title, shell: [] };
      const there = (await host.status(MAINTENANCE)) !== undefined;
      return there || isMaintenancePage(await answerHere(host, name)) ? operation.observe(host) : undefined;
    },
  }));
}
