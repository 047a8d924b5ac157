import type { CheckResult } from '../../checks/check.ts';
import { count } from '../../output/duration.ts';
import { goBack } from '../state/navigation.ts';
import type { WizardState } from '../state/state.ts';
import { type Block, GAP, type TextBlock, text, type View } from '../view/block.ts';
import { asked } from './actions.ts';
import { findInText, type Scroll, scrolling } from './long-text.ts';
import type { Screen } from './screen.ts';

interface FinishState {
  readonly results: readonly { readonly title: string; readonly result: CheckResult }[];
  readonly changed: number;
  readonly restarts: readonly string[];
  readonly warnings: readonly string[];
  readonly notDone: readonly string[];
  readonly scroll: number;
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
      press: (state) => ({ ...state, notice: 'All is done. q quits.' }),
    },
    {
      on: ['m'],
      does: 'fix',
      hint: ({ finish: shown }) => (shown?.results.some(({ result }) => !result.ok) ? 'always' : 'never'),
      press: (state, _, want) => asked(state, want, { type: 'task', request: { kind: 'fix' } }),
    },
    { ...scrolling(viewOf, SCROLL), hint: 'always' },
    { on: ['d'], does: 'check again', press: (state, _, want) => asked(state, want, { type: 'check' }) },
    { on: ['escape'], does: 'back', press: goBack },
  ],

  find: findInText(viewOf, SCROLL),
};

type Shown = NonNullable<WizardState['finish']>;

function viewOf({ finish: shown, answered: { skipped } }: WizardState): View {
  if (shown === undefined) return { blocks: [], scroll: 0 };
  const blocks: readonly Block[] = [
    ...changedBlocks(shown),
    ...shown.results.map(resultText),
    text(shown.warnings, { mark: 'warning', tone: 'warn' }),
    text(
      shown.notDone.map((each) => `Not done: ${each}`),
      { mark: 'open', tone: 'warn' },
    ),
    text(
      skipped.map(({ what, consequence }) => `Not set up: ${what}. ${consequence}`),
      { mark: 'open', tone: 'dim' },
    ),
    GAP,
    text('What next', { tone: 'strong' }),
    text(NEXT, { mark: 'item' }),
  ];
  return { blocks, scroll: shown.scroll };
}

function changedBlocks({ changed, restarts }: Shown): readonly Block[] {
  if (changed === 0 && restarts.length === 0) return [];
  const restarted = restarts.length === 0 ? ', nothing restarted.' : `. Restarted: ${restarts.join(', ')}`;
  return [text(`${count(changed, 'change')}${restarted}`, { tone: 'dim' })];
}

function resultText({ title, result }: Shown['results'][number]): TextBlock {
  const { ok, said, remedy } = result;
  return {
    kind: 'text',
    paragraphs: [
      { text: `${title}: ${said}`, mark: ok ? 'done' : 'failed', tone: ok ? 'good' : 'bad', hanging: 4 },
      ...(ok || remedy === undefined ? [] : [{ text: `What to do: ${remedy}`, level: 2 }]),
    ],
  };
}

const NEXT = [
  'Look at the site in a browser and log in to /admin/.',
  'Set up backups of the database, settings.py, /etc/blender-studio/meilisearch.env and uploaded files: studio-setup makes none.',
  'Reboot once while nobody visits, then run studio-setup doctor: all of it comes back by itself.',
  'The certificate renews itself; the renewal was tried.',
  'Start studio-setup again at any time: it shows what drifted and what was skipped.',
];
