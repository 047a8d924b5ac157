import { bodyOf } from '../../kit/window.ts';
import { logScreen } from '../../screens/log.ts';
import type { WizardState } from '../../state/state.ts';
import { EVERYTHING, itemsOf, type ScreenReaderItem } from './item.ts';

/** Lines that are said of an output that goes on. */
const LAST = 8;

/** The last lines, and each that comes; after an arrow the page that the operator went to. */
export function logItems(state: WizardState): readonly ScreenReaderItem[] {
  const follows = state.log.from === undefined;
  // One row is the head, which counts lines: it would be said with each.
  const rows = follows ? LAST + 1 : bodyOf(state.size).rows;
  const [, ...lines] = logScreen.lines(state, { columns: EVERYTHING.columns, rows });
  if (lines.length === 0) return [{ text: 'It said nothing yet.' }];
  return itemsOf(lines);
}
