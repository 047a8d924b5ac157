import { Answers } from '../answers/answers.ts';
import { NoAnswer } from '../output/problem.ts';
import type { Operation } from './operation.ts';
import type { Section } from './section.ts';

/** An operation with its place: its section and the ids of the operations that must be done before it. */
export interface Node {
  readonly operation: Operation;
  readonly section: Section;
  readonly needs: ReadonlySet<string>;
}

/**
 * @param section what the operations stand under in a plan and a run; it needs nothing, and asks nothing
 * @returns the operations of something that is no section of the document: a procedure, a backup, an offer
 */
export function nodesOf(
  section: Omit<Section, 'operations'>,
  operations: readonly Operation[],
): readonly Node[] {
  return graphOf([{ ...section, operations: () => operations }], new Answers());
}

/**
 * @param sections in the document's order
 * @returns every operation, each after all that it needs
 * @throws TypeError for an unknown section or a circle: a mistake in `steps/`
 */
export function graphOf(sections: readonly Section[], answers: Answers): readonly Node[] {
  const bySection = new Map(
    sections.map((section) => [section.id, { section, operations: section.operations(answers) }]),
  );
  const known = new Set<string>();
  for (const { operations } of bySection.values()) for (const { id } of operations) known.add(id);

  /** @param from the section of the one that waits */
  const expand = (id: string, from: Section): readonly string[] => {
    if (known.has(id)) return [id];
    const whole = bySection.get(id);
    // A section that has nothing to do under these answers hands on what it needs itself.
    if (whole) {
      return whole.operations.length > 0
        ? whole.operations.map((operation) => operation.id)
        : whole.section.needs.flatMap((need) => expand(need, from));
    }
    // One that is not to be done under these answers: then what its section does of the rest, or what that needs.
    const home = bySection.get(id.split('/')[0] ?? '')?.section;
    if (home === undefined) throw new TypeError(`steps/: no section or operation is called ${id}`);
    return home === from ? home.needs.flatMap((need) => expand(need, from)) : expand(home.id, from);
  };

  const nodes: Node[] = [];
  for (const { section, operations } of bySection.values()) {
    operations.forEach((operation, index) => {
      const previous = operations[index - 1];
      const after = operation.after ?? (previous ? [previous.id] : section.needs);
      nodes.push({ operation, section, needs: new Set(after.flatMap((id) => expand(id, section))) });
    });
  }
  return inOrder(nodes);
}

/** @returns the nodes of the named sections and, apart, all that they need outside of these. */
export function selectNodes(
  graph: readonly Node[],
  sectionIds: readonly string[],
): { readonly chosen: readonly Node[]; readonly needed: readonly Node[] } {
  if (sectionIds.length === 0) return { chosen: graph, needed: [] };
  const chosen = graph.filter((node) => sectionIds.includes(node.section.id));
  const byId = new Map(graph.map((node) => [node.operation.id, node]));
  const needed = new Set<Node>();
  const visit = (node: Node): void => {
    for (const id of node.needs) {
      const need = byId.get(id);
      if (need === undefined || needed.has(need)) continue;
      if (!chosen.includes(need)) needed.add(need);
      visit(need);
    }
  };
  for (const node of chosen) visit(node);
  return { chosen, needed: graph.filter((node) => needed.has(node)) };
}

/**
 * The graph takes an answer to everything, made up where need be, to tell the places of all operations. What is carried out
 * must not be made from such an answer: a password that nobody gave would end in settings.py.
 * @param known real answers only
 * @returns the nodes with operations made from these; one for which they don't suffice has a problem instead of an observation
 */
export function builtFrom(nodes: readonly Node[], known: Answers): readonly Node[] {
  const built = new Map<Section, ReadonlyMap<string, Operation>>();
  return nodes.map((node) => {
    const { section, operation } = node;
    if (!built.has(section)) built.set(section, operationsOf(section, known));
    return { ...node, operation: built.get(section)?.get(operation.id) ?? unanswered(operation, section) };
  });
}

function operationsOf(section: Section, answers: Answers): ReadonlyMap<string, Operation> {
  try {
    return new Map(section.operations(answers).map((operation) => [operation.id, operation]));
  } catch (error) {
    if (error instanceof NoAnswer) return new Map();
    throw error;
  }
}

function unanswered(operation: Operation, section: Section): Operation {
  return {
    ...operation,
    async observe() {
      throw new NoAnswer(`an answer of section ${section.id}`);
    },
  };
}

function inOrder(nodes: readonly Node[]): readonly Node[] {
  const ordered: Node[] = [];
  const done = new Set<string>();
  let waiting = [...nodes];
  while (waiting.length > 0) {
    const ready = waiting.filter((node) => [...node.needs].every((id) => done.has(id)));
    if (ready.length === 0) {
      throw new TypeError(
        `steps/: these need each other in a circle: ${waiting.map((n) => n.operation.id).join(', ')}`,
      );
    }
    // One at a time, so that the document's order is kept wherever the needs allow it.
    const next = ready[0];
    if (next === undefined) break;
    ordered.push(next);
    done.add(next.operation.id);
    waiting = waiting.filter((node) => node !== next);
  }
  return ordered;
}
