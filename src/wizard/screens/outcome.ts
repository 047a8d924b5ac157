import { servicedFacts } from '../../reporters/effects.ts';
import type { Key } from '../kit/key.ts';
import type { Dispatch } from '../state/intent.ts';
import { namedFile } from '../state/named-file.ts';
import { goBack } from '../state/navigation.ts';
import type { WizardState } from '../state/state.ts';
import type { FailedStep, TaskOutcome, TaskRequest } from '../state/task.ts';
import { type Block, GAP, type TextBlock, text, type View } from '../view/block.ts';
import { asked, openFile, openLog } from './actions.ts';
import { findInText, type Scroll, scrolling } from './long-text.ts';
import type { Screen } from './screen.ts';

export interface OutcomeState {
  readonly outcome: TaskOutcome;
  /** What doing it again asks for; `finish`: what is pending is gone on with. */
  readonly again: TaskRequest | 'finish';
  readonly scroll: number;
}

declare module '../state/state.ts' {
  interface ScreenParts {
    outcome: { readonly outcome: OutcomeState | undefined };
  }
}

const SCROLL: Scroll = {
  get: (state) => state.outcome?.scroll ?? 0,
  set: (state, scroll) => (state.outcome ? { ...state, outcome: { ...state.outcome, scroll } } : state),
};

/** How a task ended: how the site is now, what was proved, what was changed, and what went wrong. */
export const outcomeScreen: Screen<'outcome'> = {
  initial: () => ({ outcome: undefined }),

  title: ({ outcome: shown }) => shown?.outcome.title ?? '',

  view: viewOf,

  bindings: [
    { on: ['enter'], does: 'overview', when: (state) => !showsOnce(state), press: goBack },
    {
      on: ['enter'],
      does: 'say what to press',
      hint: 'never',
      when: showsOnce,
      press: (state) => ({ ...state, notice: 'Write it down, then press Esc: it is not shown again.' }),
    },
    {
      on: ['escape'],
      does: 'overview',
      hint: (state) => (showsOnce(state) ? 'always' : 'never'),
      press: goBack,
    },
    {
      on: ['r'],
      does: ({ outcome: shown }) => (shown?.again === 'finish' ? 'resume' : 'try again'),
      when: ({ outcome: shown }) => shown !== undefined && shown.outcome.end !== 'well',
      press: again,
    },
    {
      on: ['!'],
      does: 'shell',
      hint: ifFailed,
      press: (state, _, dispatch) => asked(state, dispatch, { type: 'shell' }),
    },
    {
      on: ['l'],
      does: 'log',
      hint: ifFailed,
      press: (state) => openLog(state, state.outcome?.outcome.failed.at(-1)?.operation),
    },
    {
      on: ['o'],
      does: 'edit the file',
      hint: ({ outcome: shown }) => (fileAt(shown) === undefined ? 'never' : 'rare'),
      press: (state, _, dispatch) => openFile(state, fileAt(state.outcome), dispatch),
    },
    {
      on: ['d'],
      does: 'check the site',
      press: (state, _, dispatch) => asked(state, dispatch, { type: 'check' }),
    },
    scrolling(viewOf, SCROLL),
  ],

  find: findInText(viewOf, SCROLL),
};

/** Whether one Enter too many would lose something. */
function showsOnce({ outcome: shown }: WizardState): boolean {
  return shown?.outcome.shownOnce !== undefined;
}

function ifFailed({ outcome: shown }: WizardState): 'always' | 'never' {
  return shown?.outcome.failed.length ? 'always' : 'never';
}

function again(state: WizardState, _: Key, dispatch: Dispatch): WizardState {
  if (state.outcome === undefined) return state;
  const request = state.outcome.again;
  return asked(state, dispatch, request === 'finish' ? { type: 'finish' } : { type: 'task', request });
}

function fileAt(shown: OutcomeState | undefined): string | undefined {
  return shown?.outcome.failed.map(({ problem }) => namedFile(problem)).find((path) => path !== undefined);
}

const END_TONES = { well: 'good', stopped: 'strong', failed: 'bad' } as const;

function viewOf({ outcome: shown }: WizardState): View {
  if (shown === undefined) return { blocks: [], scroll: 0 };
  const { end, said, shownOnce, proved, fixed, passed, changes, irreversible, failed, log } = shown.outcome;
  const well = (words: readonly string[]) => text(words, { mark: 'done', tone: 'good' });
  const blocks: readonly Block[] = [
    text(said, { tone: END_TONES[end] }),
    ...(shownOnce === undefined
      ? []
      : [
          GAP,
          text(shownOnce.value.reveal(), { tone: 'strong' }),
          text(`${shownOnce.label}: shown only once and stored nowhere. Write it down.`, { tone: 'warn' }),
          GAP,
        ]),
    ...failed.flatMap((each) => [failedText(each), GAP]),
    well(fixed.map((each) => `Fixed: ${each}`)),
    well(proved.map((each) => `Proved: ${each}`)),
    well(passed),
    ...headed('Changes', changes),
    text(changes, { mark: 'done' }),
    ...servicedFacts(shown.outcome).map(({ label, value }) => text(`${label}: ${value}`, { hanging: 2 })),
    ...headed("Can't be undone", irreversible),
    text(
      irreversible.map(({ what, why }) => `${what}: ${why}`),
      { mark: 'item' },
    ),
    GAP,
    ...(log === '' ? [] : [text(`Log: ${log}`, { tone: 'dim' })]),
  ];
  return { blocks, scroll: shown.scroll };
}

/** A heading, where there is something below it. */
function headed(words: string, below: readonly unknown[]): readonly Block[] {
  return below.length === 0 ? [] : [GAP, text(words, { tone: 'strong' })];
}

function failedText({ at, problem, logLine }: FailedStep): TextBlock {
  return {
    kind: 'text',
    paragraphs: [
      { text: at, mark: 'failed', tone: 'bad' },
      { text: problem.what, level: 1 },
      ...(problem.command === undefined
        ? []
        : [{ text: problem.command, level: 1, mark: 'command' as const, tone: 'strong' as const }]),
      ...(problem.detail ?? []).map((each) => ({ text: each, level: 2, tone: 'dim' as const })),
      { text: `What to do: ${problem.remedy}`, level: 1, tone: 'accent' },
      ...(logLine === undefined ? [] : [{ text: `Log, line ${logLine}`, level: 1, tone: 'dim' as const }]),
    ],
  };
}
