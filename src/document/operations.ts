import { exampleAnswers } from '../engine/example-answers.ts';
import type { Operation } from '../engine/operation.ts';
import type { Section } from '../engine/section.ts';

/** An operation and the section that it stands in. */
export interface Placed {
  readonly section: Section;
  readonly operation: Operation;
}

/** Answers under which a section has other operations than under the made-up ones. */
const OTHER_ANSWERS = [['database.host', 'db.example.org']] as const;

/**
 * Every operation that the sections can have, whatever is answered, each id once, in the document's order.
 * No host is read.
 */
export function operationsOf(sections: readonly Section[]): readonly Placed[] {
  const example = exampleAnswers(sections);
  const variants = [example, ...OTHER_ANSWERS.map(([id, value]) => example.with(id, value, 'default'))];
  return sections.flatMap((section) => {
    const found = new Map<string, Placed>();
    for (const operation of variants.flatMap((answers) => section.operations(answers))) {
      if (!found.has(operation.id)) found.set(operation.id, { section, operation });
    }
    return [...found.values()];
  });
}
