import { type Key, motionOf } from '../kit/key.ts';
import { characters } from '../kit/line.ts';
import { overlayOf } from './overlay.ts';
import type { Screen } from '../screens/screen.ts';
import { confirm } from '../screens/confirm.ts';
import { conflict } from '../screens/conflict.ts';
import { domain } from '../screens/domain.ts';
import { failure } from '../screens/failure.ts';
import { finish } from '../screens/finish.ts';
import { log } from '../screens/log.ts';
import { menu } from '../screens/menu.ts';
import { outcome } from '../screens/outcome.ts';
import { overview } from '../screens/overview.ts';
import { questions } from '../screens/questions.ts';
import { review } from '../screens/review.ts';
import { run } from '../screens/run.ts';
import { runs } from '../screens/runs.ts';
import type { ScreenName, State, Want } from '../state/state.ts';
import { bodyOf, textMoved } from '../kit/window.ts';

const SCREENS: Readonly<Record<ScreenName, Screen>> = {
  overview,
  menu,
  domain,
  runs,
  outcome,
  questions,
  review,
  confirm,
  conflict,
  run,
  log,
  failure,
  finish,
};

export function screenOf(state: State): Screen {
  return SCREENS[state.screen];
}

/** What a key does: first what it does everywhere, then what the screen makes of it. */
export function press(before: State, key: Key, want: Want): State {
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

function withoutSearch(state: State): State {
  return { ...state, search: { text: '', typing: false } };
}

/** Keys that move scroll what is longer than the screen; every other one takes it away. */
function overOverlay(state: State, key: Key): State {
  const { columns, rows } = bodyOf(state.size);
  const total = overlayOf(state, screenOf(state), columns)?.length ?? 0;
  const motion = motionOf(key);
  if (motion !== undefined && total > rows)
    return { ...state, overlay: textMoved(state.overlay, motion, total, rows) };
  return { ...state, help: state.alert !== undefined && state.help, alert: undefined, overlay: 0 };
}

function searching(state: State, key: Key): State {
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

function found(state: State, step: 1 | -1): State {
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
