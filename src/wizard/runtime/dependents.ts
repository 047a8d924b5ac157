import type { Section } from '../../engine/section.ts';

/**
 * @param id of a question
 * @returns ids of the sections whose wanted state an answer decides on: that of the question, those that read its answers,
 *   and all that need one of them
 */
export function dependentsOf(sections: readonly Section[], id: string): ReadonlySet<string> {
  const own = sections.find(({ questions }) => questions.some((question) => question.id === id));
  const found = new Set(own === undefined ? [] : [own.id]);
  for (const { id: reader, reads = [] } of sections)
    if (reads.some((read) => found.has(read))) found.add(reader);
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const section of sections)
      if (section.needs.some((need) => found.has(need.split('/')[0] ?? ''))) found.add(section.id);
  }
  return found;
}
