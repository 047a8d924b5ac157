import type { Node } from '../../src/engine/graph.ts';
import type { Operation } from '../../src/engine/operation.ts';
import type { Section } from '../../src/engine/section.ts';

/** A section of operations, each given as `name` or as `name: after, after`. */
export function section(id: string, needs: readonly string[], ...operations: readonly string[]): Section {
  return {
    id,
    title: id,
    heading: id,
    summary: id,
    needs,
    questions: [],
    operations: () =>
      operations.map((text) => {
        const [name = '', after] = text.split(':');
        return operation(
          `${id}/${name}`,
          after === undefined ? {} : { after: after.split(',').flatMap((each) => each.trim() || []) },
        );
      }),
  };
}

/** An operation that finds all up to date, unless told otherwise. */
export function operation(id: string, more: Partial<Operation> = {}): Operation {
  return { id, title: id, observe: async () => undefined, ...more };
}

/** An operation in a section of its own, for what works on nodes. */
export function node(each: Operation, needs: readonly string[] = []): Node {
  return { operation: each, section: section(each.id.split('/')[0] ?? '', []), needs: new Set(needs) };
}
