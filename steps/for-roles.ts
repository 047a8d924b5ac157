import type { Answers } from '../src/answers/answers.ts';
import type { Operation } from '../src/engine/operation.ts';
import type { Section } from '../src/engine/section.ts';
import { hasAnyRole, isBalanced, type Role } from '../src/site/roles.ts';

/** @returns the section as servers with one of these roles have it; any other is asked nothing of it, and does nothing of it */
export function sectionFor(roles: readonly Role[], section: Section): Section {
  return {
    ...section,
    questions: section.questions.map((question) => ({
      ...question,
      when: (answers) => hasAnyRole(answers, ...roles) && (question.when?.(answers) ?? true),
    })),
    operations: (answers) => operationsFor(roles, answers, section.operations(answers)),
  };
}

/** @returns the operations, for this server to do only if it has one of these roles */
export function operationsFor(
  roles: readonly Role[],
  answers: Answers,
  operations: readonly Operation[],
): readonly Operation[] {
  return hasAnyRole(answers, ...roles) ? operations : elsewhere(operations);
}

/** @returns the section as a server has it that ends HTTPS itself; where load balancers do, they have the certificate */
export function sectionOfHttps(section: Section): Section {
  return {
    ...section,
    questions: section.questions.map((question) => ({
      ...question,
      when: (answers) => !isBalanced(answers) && (question.when?.(answers) ?? true),
    })),
    operations: (answers) => operationsOfHttps(answers, section.operations(answers)),
  };
}

/** @returns the operations, for this server to do only if it ends HTTPS itself */
export function operationsOfHttps(answers: Answers, operations: readonly Operation[]): readonly Operation[] {
  return isBalanced(answers) ? elsewhere(operations) : operations;
}

function elsewhere(operations: readonly Operation[]): readonly Operation[] {
  return operations.map((operation) => ({ ...operation, elsewhere: true }));
}
