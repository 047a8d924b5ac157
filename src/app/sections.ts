import { didYouMean } from '../answers/nearest.ts';
import { exampleAnswers } from '../engine/example-answers.ts';
import type { Section } from '../engine/section.ts';
import { UsageError } from './usage.ts';

/**
 * @param ids as typed
 * @param commands what else may have been meant; none where a command was typed before it
 * @throws UsageError for the first id that no section has
 */
export function refuseUnknownSections(
  ids: readonly string[],
  sections: readonly Section[],
  commands: readonly string[] = [],
): void {
  const known = sections.map(({ id }) => id);
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown === undefined) return;
  const kind = commands.length > 0 ? 'command or section' : 'section';
  throw new UsageError({
    what: `There is no ${kind} called ${unknown}.${didYouMean(unknown, [...commands, ...known])}`,
    remedy: 'See studio-setup --help, which lists commands and sections.',
  });
}

/**
 * @param ids as typed; none means all
 * @returns the named sections, all that they need, and those whose answers they use, in the document's order: only their
 *   questions matter
 * @throws UsageError for an unknown id
 */
export function sectionsFor(ids: readonly string[], sections: readonly Section[]): readonly Section[] {
  if (ids.length === 0) return sections;
  refuseUnknownSections(ids, sections);
  const byId = new Map(sections.map((section) => [section.id, section]));
  const answers = exampleAnswers(sections);
  const wanted = new Set<string>();
  const add = (id: string): void => {
    // `section` or `section/operation`
    const section = byId.get(id.split('/')[0] ?? '');
    if (section === undefined || wanted.has(section.id)) return;
    wanted.add(section.id);
    section.needs.forEach(add);
    for (const read of section.reads ?? []) wanted.add(read);
    for (const { after = [] } of section.operations(answers)) after.forEach(add);
  };
  ids.forEach(add);
  return sections.filter(({ id }) => wanted.has(id));
}
