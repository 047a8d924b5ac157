import type { Question } from '../../src/answers/question.ts';
import type { Section } from '../../src/engine/section.ts';

export function question(id: string, more: Partial<Question> = {}): Question {
  return { id, label: `Label of ${id}`, help: `Help of ${id}.`, kind: 'text', ...more };
}

export function asking(...questions: readonly Question[]): Section {
  return {
    id: 'site',
    title: 'Site',
    heading: 'Site',
    summary: 'A site.',
    needs: [],
    questions,
    operations: () => [],
  };
}
