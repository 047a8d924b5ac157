import type { Section } from '../../engine/section.ts';
import type { Size } from '../kit/line.ts';
import { goTo } from '../state/navigation.ts';
import { initialShared, type WizardState } from '../state/state.ts';
import { initialParts } from './screens.ts';

/**
 * @param first whether no run has been on this server: then the start page stands on the overview
 * @returns the wizard as it begins, before anything is known of the host
 */
export function initialState(
  sections: readonly Section[],
  head: { readonly version: string; readonly place: string },
  size: Size,
  first = false,
): WizardState {
  const state = { ...initialShared(sections, head, size), ...initialParts() };
  return first ? goTo(state, 'start') : state;
}
