import type { Departure, Operation } from '../../src/engine/operation.ts';
import type { Section } from '../../src/engine/section.ts';

export function operation(id: string, more: Partial<Operation> = {}): Operation {
  return { id, title: id, observe: async () => undefined, ...more };
}

export function section(id: string, ...operations: readonly Operation[]): Section {
  return {
    id,
    title: `Title of ${id}`,
    heading: `Heading of ${id}`,
    summary: '',
    needs: [],
    questions: [],
    operations: () => operations,
  };
}

export function departure(id: string, more: Partial<Departure> = {}): Departure {
  return { id, document: 'the words', instead: 'another way', why: 'the first fails', ...more };
}
