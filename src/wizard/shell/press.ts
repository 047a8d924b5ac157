import { type Key, motionOf } from '../kit/key.ts';
import { bodyOf, textMoved } from '../kit/window.ts';
import { bindingOf } from '../screens/binding.ts';
import type { Dispatch } from '../state/intent.ts';
import type { WizardState } from '../state/state.ts';
import { linesOf } from '../view/layout.ts';
import { bindingsOf } from './bindings.ts';
import { overlayOf } from './overlay.ts';
import { screenOf } from './screens.ts';
import { searching } from './search.ts';

/** What a key does: first what it does everywhere, then what the screen makes of it. */
export function press(before: WizardState, key: Key, dispatch: Dispatch): WizardState {
  const state = before.notice === '' ? before : { ...before, notice: '' };
  if (key.name === 'ctrl' && key.text === 'c') {
    dispatch({ type: 'interrupt' });
    return state;
  }
  if (state.alert || state.help) return overOverlay(state, key);
  if (state.search.typing) return searching(state, key);
  const screen = screenOf(state);
  const now = screen.anyKey?.(state, key) ?? state;
  const binding = bindingOf(bindingsOf(now), now, key);
  return binding?.press(now, key, dispatch) ?? screen.type?.(now, key) ?? now;
}

/** Keys that move scroll what is longer than the screen; every other one takes it away. */
function overOverlay(state: WizardState, key: Key): WizardState {
  const { columns, rows } = bodyOf(state.size);
  const total = linesOf({ blocks: overlayOf(state, screenOf(state)) ?? [] }, columns).length;
  const motion = motionOf(key);
  if (motion !== undefined && total > rows)
    return { ...state, overlay: textMoved(state.overlay, motion, total, rows) };
  return { ...state, help: state.alert !== undefined && state.help, alert: undefined, overlay: 0 };
}
