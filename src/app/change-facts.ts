import type { Fact } from '../output/fact.ts';
import { effectFacts, irreversibleWords, NO_EFFECT } from '../reporters/effects.ts';
import type { PlanEntry } from '../reporters/plan-view.ts';
import { type Estimate, estimateWords } from './estimate.ts';

/**
 * @param entries what would change @param downloads in words
 * @returns what applying them means: services, time, downloads, and what can't be undone; nothing where nothing changes
 */
export function changeFacts(
  entries: readonly PlanEntry[],
  estimate: Estimate | undefined,
  downloads: string | undefined,
): readonly Fact[] {
  if (entries.length === 0) return [];
  const effects = effectFacts(entries);
  return [
    ...(effects.length === 0 ? [{ label: 'Services', value: NO_EFFECT }] : effects),
    ...fact('Takes', estimateWords(estimate)),
    ...fact('Downloads', downloads),
    ...fact("Can't be undone", irreversibleWords(entries)),
  ];
}

function fact(label: string, value: string | undefined): readonly Fact[] {
  return value === undefined ? [] : [{ label, value }];
}
