import type { Key } from '../kit/key.ts';
import { characters } from '../kit/width.ts';
import type { WizardState } from '../state/state.ts';
import { screenOf } from './screens.ts';

export function withoutSearch(state: WizardState): WizardState {
  return { ...state, search: { text: '', typing: false } };
}

/** What a key does while the text is typed that is searched. */
export function searching(state: WizardState, key: Key): WizardState {
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

/** @returns the state at the next place that has what is searched, or at the one before */
export function found(state: WizardState, step: 1 | -1): WizardState {
  const { find } = screenOf(state);
  const wanted = state.search.text.toLowerCase();
  if (find === undefined || wanted === '') return state;
  const texts = find.texts(state);
  const at = find.at(state);
  for (let count = 1; count <= texts.length; count += 1) {
    const index = (((at + step * count) % texts.length) + texts.length) % texts.length;
    if (texts[index]?.toLowerCase().includes(wanted)) return find.go(state, index);
  }
  return { ...withoutSearch(state), notice: `“${state.search.text}” not found.` };
}
