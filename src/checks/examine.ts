import type { Answers } from '../answers/answers.ts';
import { LinuxHost, type LinuxHostOptions } from '../host/linux-host.ts';
import { cleaned } from '../output/clean.ts';
import { count } from '../output/duration.ts';
import { NoAnswer, ProblemError, problemOf } from '../output/problem.ts';
import { type Check, type CheckResult, failing, PATIENCE_MS } from './check.ts';

/** A check with what it found. */
export type Examined = readonly [Check, CheckResult];

export function failures(examined: readonly Examined[]): readonly Examined[] {
  return examined.filter(([, { ok }]) => !ok);
}

/** @returns those that passed, without what is not set up, a line for each group: `Search: 3 checks passed` */
export function passedByGroup(
  examined: readonly (readonly [{ readonly group?: string | undefined }, CheckResult])[],
): readonly string[] {
  const passed = new Map<string, number>();
  for (const [{ group = 'Site' }, { ok, off }] of examined)
    if (ok && !off) passed.set(group, (passed.get(group) ?? 0) + 1);
  return [...passed].map(([group, number]) => `${group}: ${count(number, 'check')} passed`);
}

/** @returns titles of the checks that failed before and pass now */
export function fixedBetween(before: readonly Examined[], after: readonly Examined[]): readonly string[] {
  const failed = new Set(failures(before).map(([{ id }]) => id));
  return after.flatMap(([{ id, title }, { ok }]) => (ok && failed.has(id) ? [title] : []));
}

/**
 * Makes all checks at the same time, on the host as it is now, but for what `options` bring of it. One that hangs holds up no other, and ends by itself.
 * @param answers called when what takes long and needs none of them is under way
 * @returns each check that this server is to pass with what it found, cleaned, in the order given
 */
export async function examine(
  checks: readonly Check[],
  options: LinuxHostOptions,
  answers: () => Promise<Answers>,
): Promise<readonly Examined[]> {
  const over = new AbortController();
  const signals = [over.signal, ...(options.signal ? [options.signal] : [])];
  // Its own memory of facts: what was true before a run, or while answers were read, may not be any more.
  const host = new LinuxHost({ ...options, signal: AbortSignal.any(signals) });
  try {
    for (const check of checks) check.early?.(host).catch(() => {});
    const given = await answers();
    const first = await Promise.all(
      checks
        .filter((check) => check.applies?.(given) ?? true)
        .map(async (check) => [check, await resultOf(check, host, given)] as const),
    );
    const until = performance.now() + AGAIN_MS;
    const results: Examined[] = [];
    for (const [check, result] of first) {
      const left = until - performance.now();
      const again = result === 'hung' && left > 0 ? await resultOf(check, host, given, left) : result;
      results.push([check, again === 'hung' ? unanswered(check) : cleaned(again)]);
    }
    return results;
  } finally {
    // Programs that hung are ended with the checks that gave up on them.
    over.abort();
  }
}

/**
 * Milliseconds in which checks that got no answer are made again, one after the other: all at once, they may have asked more of a
 * small or busy server than it can do. What really hangs takes that much longer to be said.
 */
const AGAIN_MS = 30_000;

/** @param most milliseconds that are left for it @returns `hung` when there was no answer in its time */
async function resultOf(
  check: Check,
  host: LinuxHost,
  answers: Answers,
  most = Number.POSITIVE_INFINITY,
): Promise<CheckResult | 'hung'> {
  const hung = Promise.withResolvers<'hung'>();
  const timer = setTimeout(() => hung.resolve('hung'), Math.min(patienceOf(check), most));
  try {
    return await Promise.race([check.run(host, answers), hung.promise]);
  } catch (error) {
    return notMade(check, error);
  } finally {
    clearTimeout(timer);
  }
}

function patienceOf({ timeoutMs = PATIENCE_MS }: Check): number {
  return timeoutMs;
}

function unanswered(check: Check): CheckResult {
  return failing(
    `This check got no answer within ${Math.round(patienceOf(check) / 1000)} s.`,
    'Something that this check asks hangs, or this server is very busy. Fix the other failures first, then run studio-setup doctor again.',
  );
}

/** A check that can't be made is a failed one: what kept it from being made is what to fix. */
function notMade({ title }: Check, error: unknown): CheckResult {
  if (error instanceof NoAnswer)
    return failing(
      'This check could not run: an answer that it needs can no longer be read from this server.',
      'Give the answers that the site was set up with: studio-setup doctor --answers FILE',
    );
  const { what, remedy } = problemOf(error);
  return error instanceof ProblemError ? failing(what, remedy) : failing(`${title}: ${what}`, remedy);
}
