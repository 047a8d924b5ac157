import type { Line, Size } from '../kit/line.ts';
import type { WizardState } from '../state/state.ts';
import { layOut } from '../view/layout.ts';
import { screenOf } from './screens.ts';

/** @returns what the screen shows in the rows that it has; never more lines than rows */
export function bodyOfScreen(state: WizardState, size: Size): readonly Line[] {
  return layOut(screenOf(state).view(state), size);
}
