import { detailsOf, EXPLAINED, pendingLines, WORDS } from '../../screens/overview.ts';
import type { State } from '../../state/state.ts';
import { EVERYTHING, type Said, saidLines } from './item.ts';

/** The sections as they become known, and what the selected one is about; Tab says all of its details. */
export function overviewSaid(state: State): readonly Said[] {
  const { selected, details } = state.overview;
  const sections = state.sections.map((section, index): Said | undefined => {
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
    ...saidLines(pendingLines(state, EVERYTHING.columns).slice(0, -1)),
    { role: 'list', text: 'Sections', items: sections.filter((each) => each !== undefined) },
    ...(state.observing ? [{ text: 'Looking at the host', states: ['busy' as const] }] : []),
    ...(section === undefined ? [] : aboutSaid(state, section, details !== undefined)),
  ];
}

function aboutSaid(state: State, section: State['sections'][number], whole: boolean): readonly Said[] {
  const place = `Section ${state.sections.indexOf(section) + 1} of ${state.sections.length}`;
  if (whole) return [{ text: place }, ...saidLines(detailsOf(state, section, EVERYTHING.columns))];
  const found = state.status.get(section.id)?.state;
  return [
    { text: place },
    { text: section.summary },
    ...(found === undefined ? [] : [{ text: EXPLAINED[found] }]),
    { text: 'Tab says its details.' },
  ];
}
