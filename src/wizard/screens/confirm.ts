import { estimateWords } from '../../app/estimate.ts';
import { count } from '../../output/duration.ts';
import { effectsOf, irreversibleWords } from '../../reporters/effects.ts';
import { counted } from '../../reporters/plan-view.ts';
import { type Motion, motionOf } from '../kit/key.ts';
import type { Dispatch } from '../state/intent.ts';
import { goBack } from '../state/navigation.ts';
import type { WizardState } from '../state/state.ts';
import { GAP, type Paragraph, type TextBlock, text } from '../view/block.ts';
import { applied, type ReviewState } from './review/state.ts';
import type { Screen } from './screen.ts';

declare module '../state/state.ts' {
  interface ScreenParts {
    confirm: {
      /** Which of both is focused where the review is confirmed; at first no where something would be gone or stop. */
      readonly confirm: { readonly yes: boolean };
    };
  }
}

/** The one question before anything is changed: what will happen, and yes or no. */
export const confirmScreen: Screen<'confirm'> = {
  initial: () => ({ confirm: { yes: true } }),

  title: () => 'Before anything is changed',

  view({ review: shown, confirm }) {
    if (shown === undefined) return { blocks: [] };
    const choices = [{ text: 'Yes, apply them now' }, { text: 'No, back to the review' }];
    return {
      blocks: [
        text(questionOf(shown), { tone: 'strong' }),
        GAP,
        { kind: 'list', items: choices, selected: confirm.yes ? 0 : 1 },
        GAP,
        { ...consequencesOf(shown), most: 'rest', rest: '  ? shows all' },
      ],
    };
  },

  about: ({ review: shown }) => (shown === undefined ? [] : [consequencesOf(shown)]),

  bindings: [
    {
      on: ['enter'],
      does: ({ confirm }) => (confirm.yes ? 'apply' : 'back'),
      press: (state, _, dispatch) => (state.confirm.yes ? agreed(state, dispatch) : goBack(state)),
    },
    {
      on: ['move'],
      does: 'yes or no',
      press: (state, key) => ({ ...state, confirm: { yes: UPWARDS.has(motionOf(key)) } }),
    },
    {
      on: ['tab', 'backtab'],
      does: 'the other answer',
      hint: 'rare',
      press: (state) => ({ ...state, confirm: { yes: !state.confirm.yes } }),
    },
    { on: ['escape'], does: 'back', press: goBack },
    { on: ['y'], does: 'yes', hint: 'rare', press: (state, _, dispatch) => agreed(state, dispatch) },
    { on: ['n'], does: 'no', hint: 'rare', press: goBack },
  ],
};

const UPWARDS: ReadonlySet<Motion | undefined> = new Set(['up', 'home', 'pageup']);

function agreed(state: WizardState, dispatch: Dispatch): WizardState {
  if (state.review === undefined) return goBack(state);
  dispatch({ type: 'apply' });
  return state;
}

function questionOf(shown: ReviewState): string {
  const entries = applied(shown);
  if (shown.task) return `${shown.task.title}: ${counted(entries)}. Apply to this server?`;
  const sections = new Set(entries.map(({ section }) => section)).size;
  return `Apply ${count(entries.length, 'change')} in ${count(sections, 'section')} to this server?`;
}

function consequencesOf(shown: ReviewState): TextBlock {
  const entries = applied(shown);
  const left = shown.entries.length - entries.length;
  const time = estimateWords(shown.estimate);
  const lasting = irreversibleWords(entries);
  const plain = (words: string): Paragraph => ({ text: words, hanging: 2 });
  return {
    kind: 'text',
    paragraphs: [
      ...effectsOf(entries).map(plain),
      ...(time === undefined ? [] : [plain(`It takes ${time}.`)]),
      ...(left === 0 ? [] : [plain(`Not touched in this run: ${count(left, 'file')} that you keep.`)]),
      ...(lasting === undefined ? [] : [plain(`Can't be undone: ${lasting}`)]),
      ...(shown.task?.notices ?? []).map(plain),
      plain(wayBack(shown, lasting !== undefined)),
    ],
  };
}

/** @param told whether `undo` was named already */
function wayBack({ task }: ReviewState, told: boolean): string {
  if (task?.request.kind === 'procedure')
    return 'If a step or the proof fails, or if you press Ctrl-C, the old state is restored.';
  const undo = told ? '' : 'To revert: `studio-setup undo`. ';
  return `${undo}Ctrl-C stops after the current step.`;
}
