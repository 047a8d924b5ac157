import { HERE, type NextStep } from '../../app/next-steps.ts';
import type { CheckResult } from '../../checks/check.ts';
import { passedByGroup } from '../../checks/examine.ts';
import { harmless } from '../../output/clean.ts';
import { count, duration } from '../../output/duration.ts';
import type { Fact } from '../../output/fact.ts';
import { servicedFacts } from '../../reporters/effects.ts';
import { goBack } from '../state/navigation.ts';
import type { WizardState } from '../state/state.ts';
import {
  type Block,
  factsBlock,
  GAP,
  type Paragraph,
  type TextBlock,
  text,
  type View,
} from '../view/block.ts';
import { asked } from './actions.ts';
import { findInText, type Scroll, scrolling } from './long-text.ts';
import { openMenu } from './menu.ts';
import type { Screen } from './screen.ts';

interface FinishState {
  readonly results: readonly {
    readonly title: string;
    readonly group?: string | undefined;
    readonly result: CheckResult;
  }[];
  /** The run that ended with it; absent: the site was only checked. */
  readonly run?: FinishedRun;
  readonly scroll: number;
}

interface FinishedRun {
  readonly changed: number;
  readonly restarts: readonly string[];
  readonly reloads: readonly string[];
  readonly warnings: readonly string[];
  readonly notDone: readonly string[];
  /** As the review had it: what the server says once it has a settings.py is told in other words. */
  readonly skipped: readonly { readonly what: string; readonly consequence: string }[];
  /** Milliseconds. */
  readonly ms: number;
  /** Absolute path; empty: nothing was run. */
  readonly log: string;
  /** What the site is now. */
  readonly facts: readonly Fact[];
  /** Left to do elsewhere. */
  readonly next: readonly NextStep[];
  /** Whether what has to be entered elsewhere is shown. */
  readonly revealed: boolean;
}

declare module '../state/state.ts' {
  interface ScreenParts {
    finish: { readonly finish: FinishState | undefined };
  }
}

const SCROLL: Scroll = {
  get: (state) => state.finish?.scroll ?? 0,
  set: (state, scroll) => (state.finish ? { ...state, finish: { ...state.finish, scroll } } : state),
};

/** The scorecard, and what comes next. */
export const finishScreen: Screen<'finish'> = {
  initial: () => ({ finish: undefined }),

  title: ({ finish: shown }) => {
    if (shown === undefined) return '';
    const failed = shown.results.filter(({ result }) => !result.ok).length;
    if (failed === 0) return `All checks passed: ${count(shown.results.length, 'check')}`;
    return `${failed} of ${count(shown.results.length, 'check')} failed`;
  },

  view: viewOf,

  bindings: [
    {
      on: ['enter'],
      does: 'say what to press',
      hint: 'never',
      press: (state) => ({ ...state, notice: 'Esc, then m, opens the menu. q quits.' }),
    },
    {
      on: ['m'],
      does: (state) => (isFailing(state) ? 'fix' : 'menu'),
      hint: (state) => (isFailing(state) ? 'always' : 'never'),
      press: (state, _, dispatch) =>
        isFailing(state)
          ? asked(state, dispatch, { type: 'task', request: { kind: 'fix' } })
          : openMenu(state),
    },
    {
      on: ['v'],
      does: ({ finish: shown }) => (shown?.run?.revealed ? 'hide secrets' : 'show secrets'),
      help: 'show, or hide, the secrets that have to be entered elsewhere',
      when: ({ finish: shown }) => shown?.run?.next.some(({ secret }) => secret !== undefined) === true,
      press: revealed,
    },
    { ...scrolling(viewOf, SCROLL), hint: 'always' },
    {
      on: ['d'],
      does: 'check again',
      press: (state, _, dispatch) => asked(state, dispatch, { type: 'check' }),
    },
    { on: ['escape'], does: 'back', press: goBack },
  ],

  find: findInText(viewOf, SCROLL),
};

function isFailing({ finish: shown }: WizardState): boolean {
  return shown?.results.some(({ result }) => !result.ok) === true;
}

type Shown = NonNullable<WizardState['finish']>;

function revealed(state: WizardState): WizardState {
  const { finish } = state;
  if (finish?.run === undefined) return state;
  return { ...state, finish: { ...finish, run: { ...finish.run, revealed: !finish.run.revealed } } };
}

/** After a run first what it is for, then what failed, then what passed, in few lines; of a check first what failed. */
function viewOf({ finish: shown }: WizardState): View {
  if (shown === undefined) return { blocks: [], scroll: 0 };
  const { results, run, scroll } = shown;
  const failed = results.filter(({ result }) => !result.ok).map(resultText);
  if (run === undefined) {
    const passed = results.filter(({ result }) => result.ok).map(resultText);
    return { blocks: [...failed, ...(failed.length === 0 ? [] : [GAP]), ...passed], scroll };
  }
  const blocks: readonly Block[] = [
    factsBlock([...run.facts, ...runFacts(run)]),
    GAP,
    ...nextBlocks(run),
    ...failed,
    text(
      run.notDone.map((each) => `Not done: ${each}`),
      { mark: 'open', tone: 'warn' },
    ),
    text(run.warnings, { mark: 'warning', tone: 'warn' }),
    text(passedByGroup(results.map((each) => [each, each.result])), { mark: 'done', tone: 'good' }),
    text(
      run.skipped.map(({ what, consequence }) => `Not set up: ${what}. ${consequence}`),
      { mark: 'open', tone: 'dim' },
    ),
    GAP,
    text(HERE, { mark: 'item', tone: 'dim' }),
  ];
  return { blocks, scroll };
}

function runFacts(run: FinishedRun): readonly Fact[] {
  const { changed, ms, log } = run;
  if (log === '') return [];
  return [
    { label: 'Took', value: `${duration(ms)}: ${count(changed, 'change')}` },
    ...servicedFacts(run),
    { label: 'Log', value: log },
  ];
}

function nextBlocks({ next, revealed }: FinishedRun): readonly Block[] {
  if (next.length === 0) return [];
  const steps = next.flatMap(({ text, secret }): readonly Paragraph[] => [
    { text, mark: 'item' },
    ...(secret === undefined
      ? []
      : [
          {
            text: revealed ? harmless(secret.reveal()) : 'Press v to show the secret.',
            level: 1,
            tone: 'accent' as const,
          },
        ]),
  ]);
  return [text('Left to do elsewhere', { tone: 'strong' }), { kind: 'text', paragraphs: steps }, GAP];
}

function resultText({ title, result }: Shown['results'][number]): TextBlock {
  const { ok, off, said, remedy } = result;
  const looks = off
    ? ({ mark: 'open', tone: 'dim' } as const)
    : ok
      ? ({ mark: 'done', tone: 'good' } as const)
      : ({ mark: 'failed', tone: 'bad' } as const);
  return {
    kind: 'text',
    paragraphs: [
      { text: `${title}: ${said}`, ...looks, hanging: 4 },
      ...(ok || remedy === undefined ? [] : [{ text: `What to do: ${remedy}`, level: 2 }]),
    ],
  };
}
