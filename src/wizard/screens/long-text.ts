import { motionOf } from '../kit/key.ts';
import { bodyOf, textMoved } from '../kit/window.ts';
import type { WizardState } from '../state/state.ts';
import type { View } from '../view/block.ts';
import { linesOf } from '../view/layout.ts';
import type { Binding } from './binding.ts';
import type { Screen } from './screen.ts';

type ViewOf = (state: WizardState) => View;

/** Its first line on the screen. */
export interface Scroll {
  readonly get: (state: WizardState) => number;
  readonly set: (state: WizardState, to: number) => WizardState;
}

/** Keys that move on a screen that is one long text. */
export function scrolling(view: ViewOf, scroll: Scroll): Binding {
  return {
    on: ['move'],
    does: 'scroll',
    hint: 'never',
    press(state, key) {
      const motion = motionOf(key);
      if (motion === undefined) return state;
      const { columns, rows } = bodyOf(state.size);
      const { length } = linesOf(view(state), columns);
      return scroll.set(state, textMoved(scroll.get(state), motion, length, rows));
    },
  };
}

/** `/` on a screen that is one long text: it goes to the lines that have what is searched. */
export function findInText(view: ViewOf, scroll: Scroll): NonNullable<Screen['find']> {
  return {
    texts: (state) =>
      linesOf(view(state), bodyOf(state.size).columns).map((line) => line.map(({ text }) => text).join('')),
    at: scroll.get,
    go: scroll.set,
  };
}
