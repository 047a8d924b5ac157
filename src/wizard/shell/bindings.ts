import { type Binding, type Hint, hintsOf } from '../screens/binding.ts';
import type { WizardState } from '../state/state.ts';
import { screenOf } from './screens.ts';
import { found, withoutSearch } from './search.ts';

/** Works everywhere, also where every character is typed. */
const HELP: Binding = {
  on: ['help'],
  does: 'help',
  press: (state) => ({ ...state, help: true, overlay: 0 }),
};

/** Keys that work on every screen, before the screen's own; not where every character is typed. */
const EVERYWHERE: readonly Binding[] = [
  {
    on: ['/'],
    does: 'search',
    help: 'search; Enter jumps to the match',
    when: isSearchable,
    hint: searchHint,
    press: (state) => ({ ...state, search: { text: '', typing: true } }),
  },
  {
    on: ['n', 'N'],
    does: 'next, previous',
    help: 'next or previous match; Esc clears the search',
    when: isSearchable,
    hint: searchHint,
    press: (state, { text }) => (state.search.text === '' ? state : found(state, text === 'n' ? 1 : -1)),
  },
  {
    on: ['escape'],
    does: 'clear the search',
    when: ({ search }) => search.text !== '',
    hint: 'never',
    press: withoutSearch,
  },
  { ...HELP, on: ['?', 'help'], keys: '?' },
  {
    on: ['q'],
    does: 'save and quit',
    help: 'save and quit; your answers are kept, secrets are not',
    when: (state) => !screenOf(state).bindings.some(({ on }) => on.includes('q')),
    press(state, _, dispatch) {
      dispatch({ type: 'quit' });
      return state;
    },
  },
];

/** @returns what keys do on the screen that is shown, in the order in which they are asked */
export function bindingsOf(state: WizardState): readonly Binding[] {
  const { bindings, typing } = screenOf(state);
  return typing?.(state) ? [HELP, ...bindings] : [...EVERYWHERE, ...bindings];
}

/** @returns what is said of these keys: the screen's own first, those that work everywhere last */
export function screenHints(state: WizardState): readonly Hint[] {
  const { bindings, typing } = screenOf(state);
  return hintsOf([...bindings, ...(typing?.(state) ? [HELP] : EVERYWHERE)], state);
}

function isSearchable(state: WizardState): boolean {
  return screenOf(state).find !== undefined;
}

function searchHint(state: WizardState): 'always' | 'rare' {
  return screenOf(state).find?.hinted ? 'always' : 'rare';
}
