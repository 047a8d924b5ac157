import type { Dispatch, Intent } from '../state/intent.ts';
import { goTo } from '../state/navigation.ts';
import type { WizardState } from '../state/state.ts';

/** Asks the rest of the product for something; what it changes is seen when it is done. */
export function asked(state: WizardState, dispatch: Dispatch, intent: Intent): WizardState {
  dispatch(intent);
  return state;
}

/** Opens what a step of the run said, or all steps of a section. @param id of either */
export function openLog(state: WizardState, id: string | undefined): WizardState {
  if (id === undefined) return state;
  return goTo({ ...state, log: { id, from: undefined } }, 'log');
}

/** Opens the file that a problem names in an editor. */
export function openFile(state: WizardState, path: string | undefined, dispatch: Dispatch): WizardState {
  if (path === undefined) return { ...state, notice: 'This problem names no file to edit.' };
  return asked(state, dispatch, { type: 'open-file', path });
}
