import type { Section } from '../../engine/section.ts';
import type { Size } from '../kit/line.ts';
import { initialShared, type WizardState } from '../state/state.ts';
import { initialParts } from './screens.ts';

/** @returns the wizard as it begins: the overview, before anything is known of the host */
export function initialState(
  sections: readonly Section[],
  head: { readonly version: string; readonly place: string },
  size: Size,
): WizardState {
  return { ...initialShared(sections, head, size), ...initialParts() };
}
