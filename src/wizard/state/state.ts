import { Answers, type AnswerValue } from '../../answers/answers.ts';
import type { Trial } from '../../answers/question.ts';
import type { AnswerInput, RefusedOnHost } from '../../answers/sources.ts';
import type { Section } from '../../engine/section.ts';
import type { Problem } from '../../output/problem.ts';
import type { Size } from '../kit/line.ts';

/** Answers as they are now, and where each comes from. */
export interface Answered {
  /** Not before the host was asked what it already says. */
  readonly ready: boolean;
  readonly answers: Answers;
  readonly missing: ReadonlySet<string>;
  readonly skipped: readonly { readonly id: string; readonly what: string; readonly consequence: string }[];
  /** What was given here: stronger than everything else. */
  readonly given: ReadonlyMap<string, AnswerInput>;
  /** Integrations that the operator switched on or off here. */
  readonly wanted: ReadonlyMap<string, boolean>;
  readonly trials: ReadonlyMap<string, Trial | 'trying'>;
  /** What the host says itself. */
  readonly host: ReadonlyMap<string, AnswerValue>;
  /** Ids of secrets that were made here. */
  readonly made: ReadonlySet<string>;
  /** Ids of what the host has without telling the answer: nothing is asked about these. */
  readonly alreadyOnHost: ReadonlySet<string>;
  /** By id, the command that alone changes the answer on this server. */
  readonly ownedByCommand: ReadonlyMap<string, string>;
  /** By id, what the host has and why it can't be taken: it stays there until something else is answered. */
  readonly refused: ReadonlyMap<string, RefusedOnHost>;
}

/** By the name of each screen, its own part of the state: the screen's file adds it (`declare module`). */
// biome-ignore lint/suspicious/noEmptyInterface: it is empty but for what the screens add.
export interface ScreenParts {}

export type ScreenName = keyof ScreenParts;

/** What several screens have in common. */
export interface SharedState {
  readonly size: Size;
  /** Milliseconds since the epoch, for spinners and elapsed times. */
  readonly now: number;
  readonly version: string;
  /** Host and system, for the head line. */
  readonly place: string;
  readonly sections: readonly Section[];
  readonly screen: ScreenName;
  /** The screens that led here, the first one first. */
  readonly stack: readonly ScreenName[];
  readonly help: boolean;
  /** First line shown of the help or of an alert, when it is longer than the screen. */
  readonly overlay: number;
  readonly search: { readonly text: string; readonly typing: boolean };
  readonly notice: string;
  /** Something went wrong that no screen is for; any key takes it away. */
  readonly alert: Problem | undefined;
  /** What is awaited now; keys are answered meanwhile. */
  readonly busy: string;
  readonly answered: Answered;
  /** Names, as typed, of what was begun on this server and did not come to its end. */
  readonly pending: readonly string[];
  /** Whether there is a site: what is done for one that stands is then offered at the bottom. */
  readonly site: boolean;
}

/** All parts together. */
type Together<Part> = (Part extends unknown ? (part: Part) => void : never) extends (all: infer All) => void
  ? All
  : never;

/** All that the screens draw. Replaced, never changed; only the model of a run changes in place. */
export type WizardState = SharedState & Together<ScreenParts[ScreenName]>;

export function initialShared(
  sections: readonly Section[],
  head: { readonly version: string; readonly place: string },
  size: Size,
): SharedState {
  return {
    size,
    now: Date.now(),
    ...head,
    sections,
    screen: 'overview',
    stack: [],
    help: false,
    overlay: 0,
    search: { text: '', typing: false },
    notice: '',
    alert: undefined,
    busy: '',
    answered: {
      ready: false,
      answers: new Answers(),
      missing: new Set(),
      skipped: [],
      given: new Map(),
      wanted: new Map(),
      trials: new Map(),
      host: new Map(),
      made: new Set(),
      alreadyOnHost: new Set(),
      ownedByCommand: new Map(),
      refused: new Map(),
    },
    pending: [],
    site: false,
  };
}
