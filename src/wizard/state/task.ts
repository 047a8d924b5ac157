import type { Answers } from '../../answers/answers.ts';
import type { Problem } from '../../output/problem.ts';
import type { Secret } from '../../output/secret.ts';
import type { Irreversible } from '../../undo/irreversible.ts';

/** Something that is done for a site that stands, as the menu asks for it. */
export type TaskRequest =
  | { readonly kind: 'procedure'; readonly id: string; readonly given: Readonly<Record<string, string>> }
  | { readonly kind: 'undo'; readonly run: string }
  | { readonly kind: 'fix' }
  /** Recipients that are to be remembered: the first time nobody could open it else. */
  | { readonly kind: 'backup'; readonly recipients: readonly string[] }
  /** Answers to the questions of `watch enable`. A secret that is not among them stays as it is. */
  | { readonly kind: 'watch'; readonly answers: Answers }
  | { readonly kind: 'restart'; readonly services: readonly string[] }
  | {
      readonly kind: 'admin';
      readonly username: string;
      readonly email: string;
      /** Absent: one is made, and shown once. */
      readonly password: Secret | undefined;
    };

/** A step of a run that failed, and where its output stands in the log. */
export interface FailedStep {
  readonly operation: string;
  readonly at: string;
  readonly problem: Problem;
  readonly logLine: number | undefined;
}

/** How a task ended, in words. */
export interface TaskOutcome {
  readonly end: 'well' | 'stopped' | 'failed';
  readonly title: string;
  /** How the site is now, each a whole sentence. */
  readonly said: readonly string[];
  /** What the operator sees here and nowhere else. */
  readonly shownOnce?: { readonly label: string; readonly value: Secret };
  /** Titles of what was proved. */
  readonly proved: readonly string[];
  /** Titles of the checks that failed before and pass now. */
  readonly fixed: readonly string[];
  /** What else was looked at and passed, in as few lines as it takes. */
  readonly passed: readonly string[];
  readonly changes: readonly string[];
  readonly restarts: readonly string[];
  /** Those of the restarts that were no more than a reload. */
  readonly reloads: readonly string[];
  readonly irreversible: readonly Irreversible[];
  readonly failed: readonly FailedStep[];
  readonly log: string;
}
