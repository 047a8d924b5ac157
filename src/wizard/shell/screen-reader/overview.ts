import { detailsOf, EXPLAINED, pendingLines, WORDS } from '../../screens/overview.ts';
import type { WizardState } from '../../state/state.ts';
import { EVERYTHING, itemsOf, type ScreenReaderItem } from './item.ts';

/** The sections as they become known, and what the selected one is about; Tab says all of its details. */
export function overviewItems(state: WizardState): readonly ScreenReaderItem[] {
  const { selected, details } = state.overview;
  const sections = state.sections.map((section, index): ScreenReaderItem | undefined => {
    const found = state.status.get(section.id)?.state ?? 'looking';
    if (found === 'looking' && index !== selected) return undefined;
    const word = found === 'done' ? 'as wanted' : found === 'looking' ? 'being looked at' : WORDS[found];
    return {
      role: 'listitem',
      text: `${section.title}: ${word}`,
      states: index === selected ? ['selected'] : [],
    };
  });
  const section = state.sections[selected];
  return [
    // Without the rule below it.
    ...itemsOf(pendingLines(state, EVERYTHING.columns).slice(0, -1)),
    { role: 'list', text: 'Sections', items: sections.filter((each) => each !== undefined) },
    ...(state.observing ? [{ text: 'Looking at the host', states: ['busy' as const] }] : []),
    ...(section === undefined ? [] : aboutItems(state, section, details !== undefined)),
  ];
}

function aboutItems(
  state: WizardState,
  section: WizardState['sections'][number],
  whole: boolean,
): readonly ScreenReaderItem[] {
  const place = `Section ${state.sections.indexOf(section) + 1} of ${state.sections.length}`;
  if (whole) return [{ text: place }, ...itemsOf(detailsOf(state, section, EVERYTHING.columns))];
  const found = state.status.get(section.id)?.state;
  return [
    { text: place },
    { text: section.summary },
    ...(found === undefined ? [] : [{ text: EXPLAINED[found] }]),
    { text: 'Tab says its details.' },
  ];
}
