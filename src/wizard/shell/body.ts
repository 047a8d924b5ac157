import type { Size } from '../kit/line.ts';
import type { WizardState } from '../state/state.ts';
import { layOut, type Placed } from '../view/layout.ts';
import { screenOf } from './screens.ts';

/** @returns what the screen shows in the rows that it has; never more lines than rows */
export function bodyOfScreen(state: WizardState, size: Size): readonly Placed[] {
  const { view, lines } = screenOf(state);
  if (view !== undefined) return layOut(view(state), size);
  return [{ block: undefined, lines: lines?.(state, size) ?? [] }];
}
