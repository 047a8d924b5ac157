import type { Line } from '../../kit/line.ts';
import { bodyOf } from '../../kit/window.ts';
import type { Hint } from '../../screens/binding.ts';
import type { ScreenName, WizardState } from '../../state/state.ts';
import type { View } from '../../view/block.ts';
import { footHints } from '../frame.ts';
import { overlayOf } from '../overlay.ts';
import { screenOf } from '../screens.ts';
import { typedItems, viewItems } from './blocks.ts';
import { formItems, typingItems } from './form.ts';
import { EVERYTHING, itemsOf, type ScreenReaderItem } from './item.ts';
import { reviewItems } from './review.ts';
import { inScreenReaderWords, keyWords } from './words.ts';

const SCREENS: Partial<Readonly<Record<ScreenName, (state: WizardState) => readonly ScreenReaderItem[]>>> = {
  questions: formItems,
  review: reviewItems,
};

/**
 * A whole screen as a screen reader says it. Its first line names the screen: another one means that all is said; else what
 * changed. What is typed stands last, so that a character that is typed follows the one before.
 */
export function screenReaderItems(state: WizardState): readonly ScreenReaderItem[] {
  const overlay = overlayOf(state, screenOf(state), EVERYTHING.columns);
  if (overlay !== undefined)
    return [
      { text: state.alert ? 'This did not work' : 'Help' },
      ...(state.alert ? itemsOf(overlay) : helpItems(overlay)),
      toolbar([{ keys: 'Esc', does: 'back' }]),
    ];
  return [
    { text: headingOf(state) },
    ...(SCREENS[state.screen]?.(state) ?? viewItems(viewOf(state), bodyOf(state.size).rows - 1)),
    ...(state.notice === '' ? [] : [{ text: `Note: ${inScreenReaderWords(state.notice)}` }]),
    ...(state.busy === '' ? [] : [{ text: `Working: ${state.busy}`, states: ['busy' as const] }]),
    ...toolbars(state),
    ...typingOf(state),
  ];
}

function viewOf(state: WizardState): View {
  return screenOf(state).view?.(state) ?? { blocks: [] };
}

/** Without what counts on by itself: it would be said at each change. */
function headingOf(state: WizardState): string {
  if (state.screen === 'overview') return 'Overview';
  if (state.screen === 'run') return inScreenReaderWords(state.run.heading);
  return inScreenReaderWords(screenOf(state).title(state));
}

function typingOf(state: WizardState): readonly ScreenReaderItem[] {
  if (state.search.typing)
    return [{ role: 'textbox', text: `Search: ${inScreenReaderWords(state.search.text)}` }];
  return state.screen === 'questions' ? typingItems(state) : typedItems(viewOf(state));
}

/** Keys of the screen change from row to row; those that work everywhere are said once. */
function toolbars(state: WizardState): readonly ScreenReaderItem[] {
  const hints = footHints(state);
  const everywhere = hints.filter(({ keys }) => keys === '?' || keys === 'q');
  const own = hints.filter((hint) => !everywhere.includes(hint));
  return [
    ...(own.length === 0 ? [] : [toolbar(own)]),
    toolbar([...everywhere, { keys: 'Ctrl-L', does: 'say all of it again' }]),
  ];
}

/** Each key with what it does; no legend of marks, none is said. */
function helpItems(lines: readonly Line[]): readonly ScreenReaderItem[] {
  return lines.flatMap((line): readonly ScreenReaderItem[] => {
    const [keys, does] = line;
    if (keys?.tone === 'strong' && does !== undefined)
      return [{ text: `${keyWords(keys.text.trim())}: ${inScreenReaderWords(does.text)}` }];
    return keys?.text.startsWith('✓') ? [] : itemsOf([line]);
  });
}

function toolbar(hints: readonly Pick<Hint, 'keys' | 'does'>[]): ScreenReaderItem {
  return {
    role: 'toolbar',
    text: hints.map(({ keys, does }) => `${keyWords(keys)}: ${inScreenReaderWords(does)}`).join('; '),
  };
}
