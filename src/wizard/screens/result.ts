import type { Fact } from '../../output/fact.ts';
import { goBack } from '../state/navigation.ts';
import type { WizardState } from '../state/state.ts';
import { GAP, text, type View } from '../view/block.ts';
import { findInText, type Scroll, scrolling } from './long-text.ts';
import type { Screen } from './screen.ts';

interface ResultState {
  readonly title: string;
  /** What is there to be copied: the value on rows of its own, below what it is. */
  readonly values: readonly Fact[];
  /** What came of it, each a whole sentence. */
  readonly said: readonly string[];
  readonly scroll: number;
}

declare module '../state/state.ts' {
  interface ScreenParts {
    result: { readonly result: ResultState };
  }
}

const SCROLL: Scroll = {
  get: ({ result }) => result.scroll,
  set: (state, scroll) => ({ ...state, result: { ...state.result, scroll } }),
};

/** What came of something that changed nothing on this server. */
export const resultScreen: Screen<'result'> = {
  initial: () => ({ result: { title: '', values: [], said: [], scroll: 0 } }),

  title: ({ result }) => result.title,

  view: viewOf,

  bindings: [
    { on: ['enter'], does: 'back', press: goBack },
    { on: ['escape'], does: 'back', hint: 'never', press: goBack },
    scrolling(viewOf, SCROLL),
  ],

  find: findInText(viewOf, SCROLL),
};

function viewOf({ result: { values, said, scroll } }: WizardState): View {
  return {
    blocks: [
      ...values.flatMap(({ label, value }) => [
        text(label, { tone: 'dim' }),
        text(value, { tone: 'strong' }),
        GAP,
      ]),
      ...said.map((each) => text(each)),
    ],
    scroll,
  };
}
