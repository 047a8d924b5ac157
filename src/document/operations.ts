import type { AnswerValue } from '../answers/answers.ts';
import { exampleAnswers } from '../engine/example-answers.ts';
import type { Operation } from '../engine/operation.ts';
import type { Section } from '../engine/section.ts';

/** An operation and the section that it stands in. */
export interface Placed {
  readonly section: Section;
  readonly operation: Operation;
}

/** Answers under which a section has other operations than under the made-up ones. */
const OTHER_ANSWERS: readonly (readonly (readonly [id: string, value: AnswerValue])[])[] = [
  [['database.host', 'db.example.org']],
  [
    ['roles', ['web']],
    ['servers.search', '10.0.0.3'],
    ['servers.database', '10.0.0.2'],
    ['load-balancers', ['10.0.0.4']],
  ],
  [['roles', ['search']]],
];

/**
 * Every operation that the sections can have, whatever is answered, each id once, in the document's order.
 * No host is read.
 */
export function operationsOf(sections: readonly Section[]): readonly Placed[] {
  const example = exampleAnswers(sections);
  const variants = [
    example,
    ...OTHER_ANSWERS.map((others) =>
      others.reduce((answers, [id, value]) => answers.with(id, value, 'default'), example),
    ),
  ];
  return sections.flatMap((section) => {
    const found = new Map<string, Placed>();
    for (const operation of variants.flatMap((answers) => section.operations(answers))) {
      if (!found.has(operation.id)) found.set(operation.id, { section, operation });
    }
    return [...found.values()];
  });
}
