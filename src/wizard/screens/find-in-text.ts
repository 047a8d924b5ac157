import type { Line } from '../kit/line.ts';
import { bodyOf } from '../kit/window.ts';
import type { WizardState } from '../state/state.ts';
import type { Screen } from './screen.ts';

/**
 * `/` on a screen that is one long text: it goes to the lines that have what is searched.
 * @param lines all of the text, as wide as it is drawn
 * @param scroll its first line on the screen
 */
export function findInText(
  lines: (state: WizardState, columns: number) => readonly Line[],
  scroll: {
    readonly get: (state: WizardState) => number;
    readonly set: (state: WizardState, to: number) => WizardState;
  },
): NonNullable<Screen['find']> {
  return {
    texts: (state) =>
      lines(state, bodyOf(state.size).columns).map((line) => line.map(({ text }) => text).join('')),
    at: scroll.get,
    go: scroll.set,
  };
}
