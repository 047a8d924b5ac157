import { count } from '../../output/duration.ts';
import type { Problem } from '../../output/problem.ts';
import { namedFile } from '../state/named-file.ts';
import { goBack, goHome } from '../state/navigation.ts';
import type { WizardState } from '../state/state.ts';
import type { FailedStep } from '../state/task.ts';
import { type Block, GAP, text, type View } from '../view/block.ts';
import { asked, openFile, openLog } from './actions.ts';
import { findInText, type Scroll, scrolling } from './long-text.ts';
import { openForm } from './questions/moves.ts';
import { askingSections } from './questions/rows.ts';
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

/** The form of what failed; where it asks nothing, by way of the overview: an answer of another section may be the cause. */
function editAnswers(state: WizardState): WizardState {
  const failed = failedAt(state);
  const found = state.sections.findIndex(({ id }) => id === failed?.operation.split('/')[0]);
  const [named] = namedAnswers(state, failed);
  if (named !== undefined) return openForm(goHome(state), named.section, []);
  if (askingSections(state).includes(found)) return openForm(goHome(state), found, []);
  const notice = 'Select the section whose answers you want to change, then press e. Enter resumes the run.';
  return { ...goHome(state), overview: { selected: Math.max(0, found), details: undefined }, notice };
}

/** @returns the answers that a failure names as the answers file does, and the form that each stands in */
function namedAnswers(
  { sections }: WizardState,
  failed: FailedStep | undefined,
): readonly { readonly section: number; readonly words: string }[] {
  if (failed === undefined) return [];
  const { what, remedy } = failed.problem;
  const words = new Set(`${what} ${remedy}`.match(/[a-z][a-z0-9.-]*[a-z0-9]/g));
  return sections.flatMap(({ title, questions }, section) =>
    questions
      .filter(({ id, hidden }) => !hidden && id.includes('.') && words.has(id))
      .map(({ id, label }) => ({ section, words: `${id} is “${label}” in the form ${title}: press e.` })),
  );
}

function fileAt(shown: FailureState | undefined): string | undefined {
  const failed = shown?.failed[shown.selected];
  return failed === undefined ? undefined : namedFile(failed.problem);
}

function viewOf(state: WizardState): View {
  const { failure: shown } = state;
  if (shown === undefined) return { blocks: [], scroll: 0 };
  const failed = shown.failed[shown.selected];
  const blocks = failed === undefined ? stoppedBlocks(shown) : failedBlocks(state, shown, failed);
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

function failedBlocks(state: WizardState, shown: FailureState, failed: FailedStep): readonly Block[] {
  const { at, problem, logLine } = failed;
  const file = fileAt(shown);
  return [
    text(at, { mark: 'failed', tone: 'bad' }),
    text(withoutCommand(problem), { level: 1 }),
    // Above all that the command said: in a small terminal that would push it out of sight.
    text(`What to do: ${problem.remedy}`, { level: 1, tone: 'accent' }),
    ...namedAnswers(state, failed).map(({ words }) => text(words, { level: 1, tone: 'dim' })),
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
