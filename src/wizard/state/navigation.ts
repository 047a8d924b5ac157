import type { ScreenName, WizardState } from './state.ts';

/** @returns the state on another screen, from which {@link goBack} points here; on one that led here, as if it had been gone back to */
export function goTo(state: WizardState, screen: ScreenName): WizardState {
  if (state.screen === screen) return state;
  const at = state.stack.indexOf(screen);
  const stack = at < 0 ? [...state.stack, state.screen] : state.stack.slice(0, at);
  return { ...state, screen, stack };
}

/** @returns the state on the screen that led here; on the first one it stays */
export function goBack(state: WizardState): WizardState {
  const screen = state.stack.at(-1);
  return screen === undefined ? state : { ...state, screen, stack: state.stack.slice(0, -1) };
}

/** @returns the state on the first screen */
export function goHome(state: WizardState): WizardState {
  return { ...state, screen: state.stack[0] ?? state.screen, stack: [] };
}

/** @returns the state on a screen that leads back to the first one alone: what led here is over */
export function startAt(state: WizardState, screen: ScreenName): WizardState {
  return goTo(goHome(state), screen);
}
