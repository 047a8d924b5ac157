import type { Answers } from '../answers/answers.ts';
import type { Host } from '../host/host.ts';

export interface CheckResult {
  readonly ok: boolean;
  /** What was found, in one line: `HTTPS answers 200 for studio.example.org`. */
  readonly said: string;
  /** What the failure means and what mends it. */
  readonly remedy?: string;
}

/** One proof that the site works, as a visitor or the operator would see it. Tiny, and only reads. */
export interface Check {
  /** Stable, as in `--json`: `https-answers`. */
  readonly id: string;
  readonly title: string;
  run(host: Host, answers: Answers): Promise<CheckResult>;
}

export function fine(said: string): CheckResult {
  return { ok: true, said };
}

/** @param remedy what it means and what mends it */
export function failing(said: string, remedy: string): CheckResult {
  return { ok: false, said, remedy };
}
