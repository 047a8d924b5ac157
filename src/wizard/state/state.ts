import { Answers, type AnswerValue } from '../../answers/answers.ts';
import type { Trial } from '../../answers/question.ts';
import type { AnswerInput } from '../../answers/sources.ts';
import type { ListedRun } from '../../app/listed-runs.ts';
import type { CheckResult } from '../../checks/check.ts';
import type { SectionOutline } from '../../engine/events.ts';
import type { Conflict, Departure } from '../../engine/operation.ts';
import type { Section } from '../../engine/section.ts';
import type { Problem } from '../../output/problem.ts';
import type { PlanEntry } from '../../reporters/plan-view.ts';
import type { Irreversible } from '../../undo/irreversible.ts';
import type { Size } from '../kit/line.ts';
import type { TextField } from '../kit/text-field.ts';
import { RunModel } from './run-model.ts';
import type { FailedStep, TaskOutcome, TaskRequest } from './task.ts';

export type ScreenName =
  | 'overview'
  | 'menu'
  | 'domain'
  | 'runs'
  | 'outcome'
  | 'questions'
  | 'review'
  | 'confirm'
  | 'conflict'
  | 'run'
  | 'log'
  | 'failure'
  | 'finish';

/** `waiting`: for answers. `looking`: not observed yet. */
export type SectionState =
  | 'looking'
  | 'done'
  | 'to do'
  | 'drifted'
  | 'edited'
  | 'blocked'
  | 'failed'
  | 'waiting';

export interface OperationStatus {
  readonly title: string;
  readonly state: 'done' | 'to do' | 'edited' | 'blocked';
  /** What is missing, or why it can't go on. */
  readonly note: string;
}

export interface SectionStatus {
  readonly state: SectionState;
  readonly operations: readonly OperationStatus[];
}

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
}

export interface FormState {
  /** Index among all sections. */
  readonly section: number;
  /** Key of the focused row. */
  readonly focus: string;
  readonly edit: TextField | undefined;
  /** Sections whose usual values are shown one by one. */
  readonly expanded: ReadonlySet<string>;
  /** Made here and shown on request. */
  readonly revealed: string | undefined;
  /** Failed trials that the operator goes on with all the same: the answer's id and what the trial said. */
  readonly accepted: ReadonlySet<string>;
  /** The answer that one more `g` replaces by another that is made. */
  readonly replacing: string | undefined;
  /** Sections gone through, for Back. */
  readonly trail: readonly number[];
}

export interface ConflictAt {
  readonly operation: string;
  readonly at: string;
  readonly conflict: Conflict;
}

export interface ReviewState {
  /** Ids of the sections it is about; empty: all. */
  readonly names: readonly string[];
  readonly entries: readonly PlanEntry[];
  readonly departures: ReadonlyMap<string, readonly Departure[]>;
  readonly problems: readonly { readonly at?: string | undefined; readonly problem: Problem }[];
  readonly conflicts: readonly ConflictAt[];
  /** Files of the operator's that stay as they are in this run. */
  readonly excluded: ReadonlySet<string>;
  /** Milliseconds by earlier runs; `undefined` when there were none. */
  readonly estimate: number | undefined;
  readonly folded: ReadonlySet<string>;
  readonly opened: ReadonlySet<string>;
  readonly selected: number;
  /** Absent: it is about the sections of the document. */
  readonly task?: ReviewedTask;
}

/** What stands in the review of a task besides its changes. */
interface ReviewedTask {
  readonly request: TaskRequest;
  readonly title: string;
  /** The headings of its changes. */
  readonly sections: readonly Pick<SectionOutline, 'id' | 'title'>[];
  readonly notices: readonly string[];
  readonly irreversible: readonly Irreversible[];
  readonly mayKeep: boolean;
  /** ScreenReaderItem where there is nothing to change. */
  readonly nothing: string;
  /** Whether Enter does something where there is nothing to change. */
  readonly mayDoNothing: boolean;
}

export interface RunState {
  readonly model: RunModel;
  /** What the run is about. */
  readonly heading: string;
  readonly selected: string | undefined;
  /** The selection goes with what is at work until the operator moves it. */
  readonly follow: boolean;
  readonly unfolded: ReadonlySet<string>;
  /** Milliseconds that the whole run takes by earlier ones. */
  readonly estimate: number | undefined;
  readonly stopping: boolean;
}

interface LogState {
  readonly operation: string;
  /** First line shown; `undefined`: the end, as it grows. */
  readonly from: number | undefined;
}

export interface FailureState {
  /** None: the operator asked to stop. */
  readonly failed: readonly FailedStep[];
  readonly selected: number;
  readonly scroll: number;
  readonly notDone: number;
  /** One of them is a file of the operator's: to be decided in the review. */
  readonly conflict: boolean;
  readonly log: string;
}

interface FinishState {
  readonly results: readonly { readonly title: string; readonly result: CheckResult }[];
  readonly changed: number;
  readonly restarts: readonly string[];
  readonly warnings: readonly string[];
  readonly notDone: readonly string[];
  readonly scroll: number;
}

/** The form that asks for another domain. */
export interface DomainState {
  /** The current domain. */
  readonly now: string;
  readonly name: TextField;
  /** What becomes of the current names. */
  readonly old: 'redirect' | 'remove';
  /** Further names of the site from now on, separated by spaces. */
  readonly extra: TextField;
  readonly focus: 'name' | 'old' | 'extra' | 'next';
}

export interface OutcomeState {
  readonly outcome: TaskOutcome;
  /** What doing it again asks for; `finish`: what is pending is gone on with. */
  readonly again: TaskRequest | 'finish';
  readonly scroll: number;
}

/** All that the screens draw. Replaced, never changed; only {@link RunModel} changes in place. */
export interface WizardState {
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
  readonly overview: { readonly selected: number; readonly details: number | undefined };
  readonly status: ReadonlyMap<string, SectionStatus>;
  readonly observing: boolean;
  readonly answered: Answered;
  readonly form: FormState;
  readonly review: ReviewState | undefined;
  /** Which of both is focused where the review is confirmed. */
  readonly confirm: { readonly yes: boolean };
  readonly conflict: { readonly at: ConflictAt; readonly scroll: number } | undefined;
  readonly run: RunState;
  readonly log: LogState;
  readonly failure: FailureState | undefined;
  readonly finish: FinishState | undefined;
  readonly menu: { readonly selected: number };
  readonly domain: DomainState | undefined;
  readonly runs: { readonly rows: readonly ListedRun[]; readonly selected: number };
  readonly outcome: OutcomeState | undefined;
  /** Names, as typed, of what was begun on this server and did not come to its end. */
  readonly pending: readonly string[];
  /** Whether there is a site: what is done for one that stands is then offered at the bottom. */
  readonly site: boolean;
}

/** What a key asks of the rest of the product. */
export type Intent =
  | { readonly type: 'quit' }
  | { readonly type: 'interrupt' }
  | { readonly type: 'continue' }
  | {
      readonly type: 'give';
      readonly id: string;
      readonly given: AnswerInput | undefined;
      /** It was generated, not typed. */
      readonly made?: true;
    }
  | { readonly type: 'give-file'; readonly id: string; readonly path: string }
  | { readonly type: 'want'; readonly group: string; readonly wanted: boolean }
  | { readonly type: 'try'; readonly id: string }
  | { readonly type: 'review'; readonly names: readonly string[] }
  | { readonly type: 'apply' }
  /** @param names makes the review of these sections first */
  | { readonly type: 'script'; readonly names?: readonly string[] }
  | { readonly type: 'task'; readonly request: TaskRequest }
  /** Goes on with what was begun and cut off. */
  | { readonly type: 'finish' }
  | { readonly type: 'ask-domain' }
  | { readonly type: 'list-runs' }
  | { readonly type: 'keep'; readonly operation: string }
  | { readonly type: 'replace'; readonly path: string }
  | { readonly type: 'edit-file'; readonly path: string }
  | { readonly type: 'open-file'; readonly path: string }
  | { readonly type: 'retry' }
  | { readonly type: 'skip' }
  | { readonly type: 'shell' }
  | { readonly type: 'check' };

export type Want = (intent: Intent) => void;

export function initialState(
  sections: readonly Section[],
  head: { readonly version: string; readonly place: string },
  size: Size,
): WizardState {
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
    overview: { selected: 0, details: undefined },
    status: new Map(),
    // Until it is known what the host says already.
    observing: true,
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
    },
    form: {
      section: 0,
      focus: '',
      edit: undefined,
      expanded: new Set(),
      revealed: undefined,
      accepted: new Set(),
      replacing: undefined,
      trail: [],
    },
    review: undefined,
    confirm: { yes: true },
    conflict: undefined,
    run: {
      model: new RunModel(),
      heading: 'Running',
      selected: undefined,
      follow: true,
      unfolded: new Set(),
      estimate: undefined,
      stopping: false,
    },
    log: { operation: '', from: undefined },
    failure: undefined,
    finish: undefined,
    menu: { selected: 0 },
    domain: undefined,
    runs: { rows: [], selected: 0 },
    outcome: undefined,
    pending: [],
    site: false,
  };
}
