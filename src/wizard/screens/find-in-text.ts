import type { Line } from '../kit/line.ts';
import type { Screen } from './screen.ts';
import type { State } from '../state/state.ts';
import { bodyOf } from '../kit/window.ts';

/**
 * `/` on a screen that is one long text: it goes to the lines that have what is searched.
 * @param lines all of the text, as wide as it is drawn
 * @param scroll its first line on the screen
 */
export function findInText(
  lines: (state: State, columns: number) => readonly Line[],
  scroll: { readonly get: (state: State) => number; readonly set: (state: State, to: number) => State },
): NonNullable<Screen['find']> {
  return {
    texts: (state) =>
      lines(state, bodyOf(state.size).columns).map((line) => line.map(({ text }) => text).join('')),
    at: scroll.get,
    go: scroll.set,
  };
}
