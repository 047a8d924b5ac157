import { goBack } from '../state/navigation.ts';
import type { WizardState } from '../state/state.ts';
import { text, type View } from '../view/block.ts';
import { findInText, type Scroll, scrolling } from './long-text.ts';
import type { Screen } from './screen.ts';

declare module '../state/state.ts' {
  interface ScreenParts {
    warnings: { readonly warnings: { readonly scroll: number } };
  }
}

const SCROLL: Scroll = {
  get: ({ warnings }) => warnings.scroll,
  set: (state, scroll) => ({ ...state, warnings: { scroll } }),
};

/** What the run has warned of so far; at its end they stand on the finish page. */
export const warningsScreen: Screen<'warnings'> = {
  initial: () => ({ warnings: { scroll: 0 } }),

  title: () => 'Warnings of this run',

  view: viewOf,

  bindings: [
    { on: ['escape'], does: 'back', press: goBack },
    { on: ['enter'], does: 'back', hint: 'never', press: goBack },
    scrolling(viewOf, SCROLL),
  ],

  find: findInText(viewOf, SCROLL),
};

function viewOf({ run, warnings }: WizardState): View {
  return {
    blocks: [text([...run.model.warnings], { mark: 'warning', tone: 'warn' })],
    scroll: warnings.scroll,
  };
}
