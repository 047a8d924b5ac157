import { nearest } from '../answers/nearest.ts';
import { exampleAnswers } from '../engine/example-answers.ts';
import type { Section } from '../engine/section.ts';
import { UsageError } from './usage.ts';

/**
 * @param ids as typed; none means all
 * @returns the named sections, all that they need, and those whose answers they use, in the document's order: only their
 *   questions matter
 * @param commands what else may have been meant by a word that is no section
 * @throws UsageError for an unknown id
 */
export function sectionsFor(
  ids: readonly string[],
  sections: readonly Section[],
  commands: readonly string[] = [],
): readonly Section[] {
  if (ids.length === 0) return sections;
  const byId = new Map(sections.map((section) => [section.id, section]));
  for (const id of ids) {
    if (byId.has(id)) continue;
    const meant = nearest(id, [...byId.keys(), ...commands]);
    throw new UsageError({
      what: `There is no section or command called ${id}.${meant === undefined ? '' : ` Did you mean ${meant}?`}`,
      remedy: `Sections: ${[...byId.keys()].join(', ')}. Commands: studio-setup --help`,
    });
  }
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
