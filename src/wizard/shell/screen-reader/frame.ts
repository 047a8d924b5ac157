import { bodyOf } from '../../kit/window.ts';
import type { Hint } from '../../screens/binding.ts';
import type { WizardState } from '../../state/state.ts';
import { footHints } from '../frame.ts';
import { overlayOf } from '../overlay.ts';
import { screenOf } from '../screens.ts';
import { typedItems, viewItems } from './blocks.ts';
import type { ScreenReaderItem } from './item.ts';
import { inScreenReaderWords, keyWords } from './words.ts';

/**
 * A whole screen as a screen reader says it. Its first line names the screen: another one means that all is said; else what
 * changed. What is typed stands last, so that a character that is typed follows the one before.
 */
export function screenReaderItems(state: WizardState): readonly ScreenReaderItem[] {
  const rows = bodyOf(state.size).rows - 1;
  const overlay = overlayOf(state, screenOf(state));
  if (overlay !== undefined)
    return [
      { text: state.alert ? 'Error' : 'Help' },
      ...viewItems({ blocks: overlay }, rows),
      toolbar([{ keys: 'Esc', does: 'back' }]),
    ];
  const view = screenOf(state).view(state);
  return [
    { text: headingOf(state) },
    ...viewItems(view, rows),
    ...(state.notice === '' ? [] : [{ text: `Note: ${inScreenReaderWords(state.notice)}` }]),
    ...(state.busy === '' ? [] : [{ text: `Working: ${state.busy}`, states: ['busy' as const] }]),
    ...toolbars(state),
    ...(state.search.typing ? [searchItem(state)] : typedItems(view)),
  ];
}

/** Without what counts on by itself: it would be said at each change. */
function headingOf(state: WizardState): string {
  if (state.screen === 'overview') return 'Overview';
  if (state.screen === 'run') return inScreenReaderWords(state.run.heading);
  return inScreenReaderWords(screenOf(state).title(state));
}

function searchItem({ search }: WizardState): ScreenReaderItem {
  return { role: 'textbox', text: `Search: ${inScreenReaderWords(search.text)}` };
}

/** Keys of the screen change from row to row; those that work everywhere are said once. */
function toolbars(state: WizardState): readonly ScreenReaderItem[] {
  const hints = footHints(state);
  const everywhere = hints.filter(({ keys }) => keys === '?' || keys === 'q');
  const own = hints.filter((hint) => !everywhere.includes(hint));
  return [
    ...(own.length === 0 ? [] : [toolbar(own)]),
    toolbar([...everywhere, { keys: 'Ctrl-L', does: 'repeat everything' }]),
  ];
}

function toolbar(hints: readonly Pick<Hint, 'keys' | 'does'>[]): ScreenReaderItem {
  return {
    role: 'toolbar',
    text: hints.map(({ keys, does }) => `${keyWords(keys)}: ${inScreenReaderWords(does)}`).join('; '),
  };
}
