import { expect, test } from 'vitest';
import { exampleAnswers } from '../../src/answers/example.ts';
import { graphOf, select } from '../../src/engine/graph.ts';
import { sections } from '../../steps/index.ts';

test('no two sections need each other: `run SECTION` names what to run first, and that must come to an end', () => {
  const graph = graphOf(sections, exampleAnswers(sections));
  const needs = new Map(
    sections.map(({ id }) => [id, new Set(select(graph, [id]).needed.map(({ section }) => section.id))]),
  );
  const mutual = sections.flatMap(({ id }) =>
    [...(needs.get(id) ?? [])]
      .filter((other) => other !== id && needs.get(other)?.has(id))
      .map((other) => `${id} ⇄ ${other}`),
  );
  expect(mutual).toEqual([]);
});
