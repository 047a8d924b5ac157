import type { Node } from '../engine/graph.ts';
import { duration } from '../output/duration.ts';
import type { MeasuredInstall } from './measured-install.ts';

/** How long a run takes, and how that is known. */
export interface Estimate {
  readonly ms: number;
  /** Absent: earlier runs on this server. */
  readonly measured?: MeasuredInstall;
}

/**
 * @param nodes each after all that it needs
 * @param planned ids of what would change
 * @param times by operation, milliseconds of an earlier run
 * @param measured of an installation elsewhere: absent where the run is about a part of the site
 * @returns the longest chain by earlier runs; where most of it was never timed and most of the site is to be made, what was
 *   measured elsewhere; else `undefined`
 */
export function estimateOf(
  nodes: readonly Node[],
  planned: ReadonlySet<string>,
  times: ReadonlyMap<string, number>,
  measured?: MeasuredInstall,
): Estimate | undefined {
  const timed = [...planned].filter((id) => times.has(id)).length;
  if (timed > 0 && timed * 2 >= planned.size) return { ms: longestChain(nodes, planned, times) };
  return measured !== undefined && planned.size * 2 > nodes.length
    ? { ms: measured.ms, measured }
    : undefined;
}

function longestChain(
  nodes: readonly Node[],
  planned: ReadonlySet<string>,
  times: ReadonlyMap<string, number>,
): number {
  const ends = new Map<string, number>();
  for (const { operation, needs } of nodes) {
    const begins = Math.max(0, ...[...needs].map((id) => ends.get(id) ?? 0));
    ends.set(operation.id, begins + (planned.has(operation.id) ? (times.get(operation.id) ?? 0) : 0));
  }
  return Math.max(...ends.values());
}

/** @returns the estimate in words, with its source; `undefined` for what is over at once */
export function estimateWords(estimate: Estimate | undefined): string | undefined {
  if (estimate === undefined || estimate.ms < 1000) return undefined;
  const about = `about ${duration(estimate.ms)}`;
  return estimate.measured === undefined
    ? `${about}, by earlier runs on this server`
    : `${about} plus the downloads (measured on ${estimate.measured.processors} processors)`;
}
