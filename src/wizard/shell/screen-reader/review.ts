import { reviewScreen } from '../../screens/review.ts';
import type { WizardState } from '../../state/state.ts';
import { EVERYTHING, itemOf, type ScreenReaderItem } from './item.ts';

/** A change, its difference, or what belongs to it: below a section's row. */
const INSIDE = /^[› ] {2}/;

/** The sections with changes, and of what is in them the selected line: the arrows read the rest, line by line. */
export function reviewItems(state: WizardState): readonly ScreenReaderItem[] {
  const lines = reviewScreen.lines?.(state, EVERYTHING) ?? [];
  const blocked = (state.review?.problems.length ?? 0) > 0;
  const items = lines.flatMap((line): readonly ScreenReaderItem[] => {
    const raw = line.map(({ text }) => text).join('');
    const said = itemOf(line);
    const selected = raw.startsWith('›');
    if (said.text === '' || (!selected && !blocked && INSIDE.test(raw))) return [];
    return [{ ...said, role: 'listitem' }];
  });
  const at = lines.findIndex(([first]) => first?.text.startsWith('›'));
  return [
    { role: 'list', text: 'Changes', items },
    ...(at < 0 ? [] : [{ text: `Line ${at + 1} of ${lines.length}` }]),
  ];
}
