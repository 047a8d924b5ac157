import type { Answers } from '../src/answers/answers.ts';
import type { Section } from '../src/engine/section.ts';
import { hasAnyRole, type Role } from '../src/site/roles.ts';

/** Tells by the answers whether something is for this server to do. */
type IsHere = (answers: Answers) => boolean;

export function having(...roles: readonly Role[]): IsHere {
  return (answers) => hasAnyRole(answers, ...roles);
}

/** @returns the section, of which a server for which it is not is asked nothing, and does nothing */
export function sectionWhere(isHere: IsHere, section: Section): Section {
  return {
    ...section,
    questions: section.questions.map((question) => ({
      ...question,
      when: (answers) => isHere(answers) && (question.when?.(answers) ?? true),
    })),
    operations: (answers) => (isHere(answers) ? section.operations(answers) : []),
  };
}
