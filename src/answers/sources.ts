import type { Answers, AnswerValue } from './answers.ts';
import type { Question } from './question.ts';

/** Where an answers file says that a secret stands. */
export type SecretReference = { readonly env: string } | { readonly file: string };

/** One answer as the answers file or a person gave it. */
export type AnswerInput =
  | { readonly kind: 'value'; readonly value: AnswerValue; readonly reference?: SecretReference }
  | { readonly kind: 'generate' }
  | { readonly kind: 'skip' };

/** Where answers may come from, strongest first: file, host, saved. */
export interface Sources {
  readonly file: ReadonlyMap<string, AnswerInput>;
  readonly host: ReadonlyMap<string, AnswerValue>;
  readonly saved: ReadonlyMap<string, AnswerInput>;
  /** Groups that somebody sets up by name: silence skips none of their questions. */
  readonly wanted?: ReadonlySet<string>;
  /** Asked only of a question that has `alreadyOnHost`; absent: nothing is. */
  readonly alreadyOnHost?: (question: Question) => Promise<boolean>;
}

/** What came together, and what did not. */
export interface Collected {
  readonly answers: Answers;
  /** Nobody answered, and they can't be skipped. */
  readonly missing: readonly Question[];
  readonly skipped: readonly { readonly id: string; readonly what: string; readonly consequence: string }[];
  /** Of the missing ones: what the host has, and why it can't be taken. */
  readonly refused?: readonly RefusedOnHost[];
}

/** A value that a host has and that can't be taken as an answer. */
export interface RefusedOnHost {
  readonly id: string;
  /** As it stands there; of no secret. */
  readonly value: string;
  readonly why: string;
}
