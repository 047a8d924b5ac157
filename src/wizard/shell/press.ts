import { type Key, motionOf } from '../kit/key.ts';
import { characters } from '../kit/line.ts';
import { bodyOf, textMoved } from '../kit/window.ts';
import { confirmScreen } from '../screens/confirm.ts';
import { conflictScreen } from '../screens/conflict.ts';
import { domainScreen } from '../screens/domain.ts';
import { failureScreen } from '../screens/failure.ts';
import { finishScreen } from '../screens/finish.ts';
import { logScreen } from '../screens/log.ts';
import { menuScreen } from '../screens/menu.ts';
import { outcomeScreen } from '../screens/outcome.ts';
import { overviewScreen } from '../screens/overview.ts';
import { questionsScreen } from '../screens/questions.ts';
import { reviewScreen } from '../screens/review.ts';
import { runScreen } from '../screens/run.ts';
import { runsScreen } from '../screens/runs.ts';
import type { Screen } from '../screens/screen.ts';
import type { ScreenName, Want, WizardState } from '../state/state.ts';
import { overlayOf } from './overlay.ts';

const SCREENS: Readonly<Record<ScreenName, Screen>> = {
  overview: overviewScreen,
  menu: menuScreen,
  domain: domainScreen,
  runs: runsScreen,
  outcome: outcomeScreen,
  questions: questionsScreen,
  review: reviewScreen,
  confirm: confirmScreen,
  conflict: conflictScreen,
  run: runScreen,
  log: logScreen,
  failure: failureScreen,
  finish: finishScreen,
};

export function screenOf(state: WizardState): Screen {
  return SCREENS[state.screen];
}

/** What a key does: first what it does everywhere, then what the screen makes of it. */
export function press(before: WizardState, key: Key, want: Want): WizardState {
  const state = before.notice === '' ? before : { ...before, notice: '' };
  if (key.name === 'ctrl' && key.text === 'c') {
    want({ type: 'interrupt' });
    return state;
  }
  if (state.alert || state.help) return overOverlay(state, key);
  if (state.search.typing) return searching(state, key);
  // While an answer is typed every character belongs to it.
  if (screenOf(state).typing?.(state)) return screenOf(state).press(state, key, want);
  if (key.name === 'char') {
    if (key.text === '?') return { ...state, help: true, overlay: 0 };
    if (key.text === 'q' && state.screen !== 'run') {
      want({ type: 'quit' });
      return state;
    }
    const { find } = screenOf(state);
    if (find && key.text === '/') return { ...state, search: { text: '', typing: true } };
    if (find && state.search.text !== '' && key.text === 'n') return found(state, 1);
    if (find && state.search.text !== '' && key.text === 'N') return found(state, -1);
  }
  if (key.name === 'escape' && state.search.text !== '') return withoutSearch(state);
  // Ctrl-O is no o, and a pasted letter none either: it would replace a file, or try a step again.
  const isLetter = key.name !== 'ctrl' && (key.name !== 'paste' || state.screen === 'questions');
  if (!isLetter && motionOf(key) === undefined) return state;
  return screenOf(state).press(state, key, want);
}

function withoutSearch(state: WizardState): WizardState {
  return { ...state, search: { text: '', typing: false } };
}

/** Keys that move scroll what is longer than the screen; every other one takes it away. */
function overOverlay(state: WizardState, key: Key): WizardState {
  const { columns, rows } = bodyOf(state.size);
  const total = overlayOf(state, screenOf(state), columns)?.length ?? 0;
  const motion = motionOf(key);
  if (motion !== undefined && total > rows)
    return { ...state, overlay: textMoved(state.overlay, motion, total, rows) };
  return { ...state, help: state.alert !== undefined && state.help, alert: undefined, overlay: 0 };
}

function searching(state: WizardState, key: Key): WizardState {
  const { text } = state.search;
  switch (key.name) {
    case 'enter':
      return found({ ...state, search: { text, typing: false } }, 1);
    case 'escape':
      return withoutSearch(state);
    case 'backspace':
    case 'delete':
      return { ...state, search: { text: characters(text).slice(0, -1).join(''), typing: true } };
    case 'char':
    case 'paste':
      return {
        ...state,
        search: { text: (text + key.text.replace(/\s+/g, ' ')).slice(0, 100), typing: true },
      };
    default:
      return state;
  }
}

function found(state: WizardState, step: 1 | -1): WizardState {
  const { find } = screenOf(state);
  const wanted = state.search.text.toLowerCase();
  if (find === undefined || wanted === '') return state;
  const texts = find.texts(state);
  const at = find.at(state);
  for (let count = 1; count <= texts.length; count += 1) {
    const index = (((at + step * count) % texts.length) + texts.length) % texts.length;
    if (texts[index]?.toLowerCase().includes(wanted)) return find.go(state, index);
  }
  return { ...withoutSearch(state), notice: `“${state.search.text}” is nowhere here.` };
}
