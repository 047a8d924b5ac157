import type { Answers } from '../answers/answers.ts';
import type { Host, HttpAnswer } from '../host/host.ts';

/**
 * What `doctor --fix` carries out: the id of an operation (`migrate/tables`) or of a whole section (`ownership`), or a
 * unit to start again, which no step of the document asks for: `restart:studio-background.service`, `reload:nginx.service`.
 */
export type Fix = string;

export interface CheckResult {
  readonly ok: boolean;
  /** What it is about is not set up, so nothing was looked at: nothing is wrong, and nothing passed. */
  readonly off?: true;
  /** What was found, in one line: `HTTPS answers 200 for studio.example.org`. */
  readonly said: string;
  /** What the failure means and what fixes it. */
  readonly remedy?: string;
  /** What `doctor --fix` carries out for it; absent or empty: a person has to. */
  readonly fixes?: readonly Fix[];
}

/** One proof that the site works, as a visitor or the operator would see it. Tiny, and only reads. */
export interface Check {
  /** Stable, as in `--json`: `https-answers`. */
  readonly id: string;
  readonly title: string;
  /** What it stands under where only a number of checks that passed is told: `Search`. */
  readonly group?: string;
  /** What it looks at, and how: a sentence for `docs/doctor.md`. */
  readonly asks: string;
  /** What it means for visitors or the operator when it fails: a sentence for `docs/doctor.md`. */
  readonly means: string;
  /** All that a failure of it may have `doctor --fix` carry out. */
  readonly fixes: readonly Fix[];
  /** Ids of the answers that it uses beside the site's names; others are not looked for on the host. */
  readonly answers?: readonly string[];
  /** It changes only when somebody changes something, and takes long: the watch makes it once a day. */
  readonly daily?: true;
  /** Milliseconds after which it counts as hung; {@link PATIENCE_MS} when absent. */
  readonly timeoutMs?: number;
  /** @returns whether it is made on this server; on every one when absent */
  applies?(answers: Answers): boolean;
  /** What takes long and needs no answers: begun while those are still being read. Its facts are kept by the host. */
  early?(host: Host): Promise<unknown>;
  run(host: Host, answers: Answers): Promise<CheckResult>;
}

/** How long a check may take before it counts as hung, in milliseconds; what it waits for gives up earlier. */
export const PATIENCE_MS = 12_000;

export function fine(said: string): CheckResult {
  return { ok: true, said };
}

/** @returns how a request ended, as the end of a sentence: `returned HTTP 502`, `got no answer (connect ECONNREFUSED …)` */
export function returned({ status, error, headers: { location } }: HttpAnswer): string {
  if (status === 0) return `got no answer (${error ?? 'no reason given'})`;
  return `returned HTTP ${status}${location === undefined ? '' : ` ${location}`}`;
}

/** @param said what is not there for that, and how to set it up */
export function notSetUp(said: string): CheckResult {
  return { ok: true, off: true, said: `Not set up: ${said}` };
}

/**
 * @param remedy what it means and what fixes it
 * @param fixes what `doctor --fix` carries out for it
 */
export function failing(said: string, remedy: string, fixes: readonly Fix[] = []): CheckResult {
  return { ok: false, said, remedy, ...(fixes.length === 0 ? {} : { fixes }) };
}
