import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import { startReporter } from './reporter.ts';

/** What became of a steady trickle of visitors. */
export interface Trickled {
  readonly asked: number;
  /** When, since the first one, and what each of those was told that got no page. */
  readonly failed: readonly string[];
  /** How many were told by HTTP 503 with Retry-After to come again. */
  readonly maintenance: number;
  /** The longest that one of them waited for an answer. */
  readonly slowestMs: number;
  /** The longest time in which nobody got a page. */
  readonly longestGapMs: number;
}

export interface TrickleOptions {
  /** `studio.example.org` when not given. */
  readonly name?: string;
  /** The front page, which reads the database, when not given. */
  readonly path?: string;
  /** 10 when not given. */
  readonly perSecond?: number;
  /** A redirect to the page is a page too; one that is not followed is a failure when not given. */
  readonly follow?: boolean;
  /** HTTP 503 with Retry-After is no failure; one when not given. */
  readonly maintenance?: boolean;
}

/**
 * Begins to ask for a page over HTTPS, by name and with its certificate verified, each time on a connection of its own.
 * Whatever is not a 200 counts as failed.
 */
async function trickle(
  host: Rehearsal,
  options: TrickleOptions = {},
): Promise<{ stop(): Promise<Trickled> }> {
  const {
    name = 'studio.example.org',
    path = '/',
    perSecond = 10,
    follow = false,
    maintenance = false,
  } = options;
  const args = [
    name,
    path,
    String(perSecond),
    ...(follow ? ['follow'] : []),
    ...(maintenance ? ['maintenance'] : []),
  ];
  const visitors = await startReporter(host, 'trickle.py', args);
  await visitors.ready;
  return { stop: async () => JSON.parse((await visitors.stop()).at(-1) ?? '') as Trickled };
}

/** @returns what the trickle saw while `work` was done, in words, and what `work` returned */
export async function underTrickle<Result>(
  host: Rehearsal,
  work: () => Promise<Result>,
  options: TrickleOptions = {},
): Promise<{ readonly result: Result; readonly seen: Trickled; readonly words: string }> {
  const visitors = await trickle(host, options);
  let result: Result;
  try {
    result = await work();
  } catch (error) {
    await visitors.stop();
    throw error;
  }
  const seen = await visitors.stop();
  const { asked, failed, maintenance, slowestMs, longestGapMs } = seen;
  const words = `${asked} pages asked for, ${failed.length} failed${maintenance === 0 ? '' : `, ${maintenance} told to come again`}, longest wait ${slowestMs} ms, longest gap ${longestGapMs} ms`;
  return { result, seen, words };
}
