import { count } from '../../output/duration.ts';
import type { Problem } from '../../output/problem.ts';
import { namedFile } from '../state/named-file.ts';
import { goBack, goHome } from '../state/navigation.ts';
import type { WizardState } from '../state/state.ts';
import type { FailedStep } from '../state/task.ts';
import { type Block, GAP, text, type View } from '../view/block.ts';
import { asked, openFile, openLog } from './actions.ts';
import { findInText, type Scroll, scrolling } from './long-text.ts';
import type { Screen } from './screen.ts';

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

declare module '../state/state.ts' {
  interface ScreenParts {
    failure: { readonly failure: FailureState | undefined };
  }
}

const SCROLL: Scroll = {
  get: (state) => state.failure?.scroll ?? 0,
  set: (state, scroll) => (state.failure ? { ...state, failure: { ...state.failure, scroll } } : state),
};

/** Why a run stopped, and what the operator can do about it. */
export const failureScreen: Screen<'failure'> = {
  initial: () => ({ failure: undefined }),

  title: ({ failure: shown }) => {
    if (shown === undefined) return '';
    if (shown.failed.length === 0) return 'Stopped';
    const which =
      shown.failed.length > 1 ? ` (${shown.selected + 1} of ${shown.failed.length}; Tab for the next)` : '';
    return `${shown.failed.length === 1 ? 'A step' : `${shown.failed.length} steps`} failed${which}`;
  },

  view: viewOf,

  bindings: [
    {
      on: ['enter'],
      does: 'resume',
      when: isStopped,
      press: (state, _, dispatch) => asked(state, dispatch, { type: 'retry' }),
    },
    {
      on: ['enter'],
      does: 'say what to press',
      hint: 'never',
      press: (state) => ({
        ...state,
        notice: 'r retries the step, s continues without it, e edits answers.',
      }),
    },
    {
      on: ['d'],
      does: 'decide',
      when: ({ failure: shown }) => shown?.conflict === true,
      press: (state, _, dispatch) =>
        asked(state, dispatch, { type: 'review', names: state.review?.names ?? [] }),
    },
    {
      on: ['r'],
      does: 'retry',
      hint: unlessStopped,
      press: (state, _, dispatch) => asked(state, dispatch, { type: 'retry' }),
    },
    {
      on: ['s'],
      does: 'skip',
      when: hasFailed,
      press: (state, _, dispatch) => asked(state, dispatch, { type: 'skip' }),
    },
    { on: ['e'], does: 'edit answers', when: hasFailed, press: editAnswers },
    {
      on: ['!'],
      does: 'shell',
      hint: unlessStopped,
      press: (state, _, dispatch) => asked(state, dispatch, { type: 'shell' }),
    },
    {
      on: ['l'],
      does: 'log',
      when: hasFailed,
      press: (state) => openLog(state, failedAt(state)?.operation),
    },
    {
      on: ['tab'],
      does: 'next failure',
      when: ({ failure: shown }) => (shown?.failed.length ?? 0) > 1,
      press: nextFailure,
    },
    {
      on: ['o'],
      does: ({ failure: shown }) => `edit ${fileAt(shown)}`,
      when: hasFailed,
      hint: ({ failure: shown }) => (fileAt(shown) === undefined ? 'never' : 'rare'),
      press: (state, _, dispatch) => openFile(state, fileAt(state.failure), dispatch),
    },
    {
      on: ['escape'],
      does: 'overview',
      hint: (state) => (isStopped(state) ? 'always' : 'rare'),
      press: goBack,
    },
    scrolling(viewOf, SCROLL),
  ],

  find: findInText(viewOf, SCROLL),
};

function isStopped({ failure: shown }: WizardState): boolean {
  return shown?.failed.length === 0;
}

function unlessStopped(state: WizardState): 'always' | 'never' {
  return isStopped(state) ? 'never' : 'always';
}

function failedAt({ failure: shown }: WizardState): FailedStep | undefined {
  return shown?.failed[shown.selected];
}

function hasFailed(state: WizardState): boolean {
  return failedAt(state) !== undefined;
}

function nextFailure(state: WizardState): WizardState {
  const { failure: shown } = state;
  if (shown === undefined) return state;
  const selected = (shown.selected + 1) % shown.failed.length;
  return { ...state, failure: { ...shown, selected, scroll: 0 } };
}

/** By way of the overview: an answer of another section may be the cause. */
function editAnswers(state: WizardState): WizardState {
  const section = failedAt(state)?.operation.split('/')[0];
  const selected = Math.max(
    0,
    state.sections.findIndex(({ id }) => id === section),
  );
  const notice = 'Select the section whose answers you want to change, then press e. Enter resumes the run.';
  return { ...goHome(state), overview: { selected, details: undefined }, notice };
}

function fileAt(shown: FailureState | undefined): string | undefined {
  const failed = shown?.failed[shown.selected];
  return failed === undefined ? undefined : namedFile(failed.problem);
}

function viewOf({ failure: shown }: WizardState): View {
  if (shown === undefined) return { blocks: [], scroll: 0 };
  const failed = shown.failed[shown.selected];
  const blocks = failed === undefined ? stoppedBlocks(shown) : failedBlocks(shown, failed);
  return { blocks, scroll: shown.scroll };
}

function restOf({ notDone }: FailureState): string {
  return `${count(notDone, 'step')} not done. Completed steps are kept: a new run resumes from here.`;
}

function stoppedBlocks(shown: FailureState): readonly Block[] {
  return [
    text('Stopped, as you asked.', { tone: 'strong' }),
    text(restOf(shown)),
    GAP,
    text(`Log: ${shown.log}`, { tone: 'dim' }),
  ];
}

function failedBlocks(shown: FailureState, { at, problem, logLine }: FailedStep): readonly Block[] {
  const file = fileAt(shown);
  return [
    text(at, { mark: 'failed', tone: 'bad' }),
    text(withoutCommand(problem), { level: 1 }),
    // Above all that the command said: in a small terminal that would push it out of sight.
    text(`What to do: ${problem.remedy}`, { level: 1, tone: 'accent' }),
    GAP,
    ...(problem.command === undefined
      ? []
      : [text(problem.command, { level: 1, mark: 'command', tone: 'strong' })]),
    text(problem.detail ?? [], { level: 2, tone: 'dim' }),
    ...(problem.exitCode === undefined ? [] : [text(`exit code ${problem.exitCode}`, { level: 1 })]),
    GAP,
    ...(file === undefined
      ? []
      : [text(`o opens ${file} in your editor; then r retries.`, { level: 1, tone: 'dim' })]),
    text(restOf(shown), { level: 1, tone: 'dim' }),
    text(`Log: ${shown.log}${logLine === undefined ? '' : `, line ${logLine}`}`, { level: 1, tone: 'dim' }),
  ];
}

/** The command stands below it, as it can be typed. */
function withoutCommand({ what, command }: Problem): string {
  return command !== undefined && what.endsWith(`: ${command}`)
    ? `${what.slice(0, -command.length - 2)}.`
    : what;
}
