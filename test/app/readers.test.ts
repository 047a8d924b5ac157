import { expect, it } from 'vitest';
import { Answers } from '../../src/answers/answers.ts';
import { readersOf } from '../../src/app/readers.ts';
import { withExamples } from '../../src/engine/example-answers.ts';
import { graphOf, selectNodes } from '../../src/engine/graph.ts';
import { sections } from '../../steps/index.ts';

const answers = withExamples(
  sections.flatMap(({ questions }) => questions),
  new Answers(),
);
const graph = graphOf(sections, answers);
const idsFor = (...names: readonly string[]) =>
  readersOf(graph, selectNodes(graph, names).chosen).map(({ operation }) => operation.id);

it.each([
  // nginx: the addresses of static files are in the settings.
  [['settings'], ['uwsgi/service', 'background-tasks/service', 'start-nginx/https']],
  [
    ['settings', 'uwsgi'],
    ['background-tasks/service', 'start-nginx/https'],
  ],
  [['nginx'], ['start-nginx/https']],
  [['verify'], []],
])('run %s looks whether these have to take it on: %s', (names, expected) => {
  expect(idsFor(...names)).toEqual(expected);
});

it('a whole run has them in their own places', () => {
  expect(readersOf(graph, graph)).toEqual([]);
});
