import type { PlanEntry } from './plan-view.ts';

/**
 * @param entries what would change
 * @returns what becomes of services, a sentence each: what is started is as much felt on a server as what is restarted
 */
export function effectsOf(entries: readonly PlanEntry[]): readonly string[] {
  const units = (of: 'starts' | 'restarts' | 'reloads') => [
    ...new Set(entries.flatMap((entry) => entry[of])),
  ];
  const sentence = (verb: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`${verb}: ${names.join(', ')}.`];
  const restarts = units('restarts');
  const all = [
    ...sentence(
      'Starts',
      units('starts').filter((unit) => !restarts.includes(unit)),
    ),
    ...sentence('Restarts', restarts),
    ...sentence('Reloads', units('reloads')),
  ];
  return all.length === 0 ? ['No service is started, restarted or reloaded.'] : all;
}
