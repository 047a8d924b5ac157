import { expect, test } from 'vitest';
import { fixNodes, mustWait } from '../../src/checks/fix-operations.ts';
import { checksOf, renewalChecks } from '../../src/checks/index.ts';
import { exampleAnswers } from '../../src/engine/example-answers.ts';
import { graphOf } from '../../src/engine/graph.ts';
import type { Planned } from '../../src/engine/plan.ts';
import { sections } from '../../steps/index.ts';

const checks = checksOf(sections);

const answers = exampleAnswers(sections);
const graph = graphOf(sections, answers);

test.each([...checks, ...renewalChecks])('what fixes $id is there', ({ fixes }) => {
  const known = new Set([...sections.map(({ id }) => id), ...graph.map(({ operation }) => operation.id)]);
  expect(fixes.filter((fix) => !/^(restart|reload):.+\.service$/.test(fix) && !known.has(fix))).toEqual([]);
});

test('checks have ids of their own, and say what they ask and mean', () => {
  expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
  for (const { asks, means } of checks)
    expect([asks, means]).toEqual([expect.stringMatching(/.{20}\.$/), expect.stringMatching(/.{20}\.$/)]);
});

test('only what is named is carried out, once, in the order of the document', () => {
  const nodes = fixNodes(['meilisearch/service', 'meilisearch/unit', 'meilisearch/unit'], sections, answers);
  expect(nodes.map(({ operation }) => operation.id)).toEqual(['meilisearch/unit', 'meilisearch/service']);
});

test('what is skipped between two does not take their order away', () => {
  const [, service] = fixNodes(['meilisearch/unit', 'meilisearch/service'], sections, answers);
  expect([...(service?.needs ?? [])]).toEqual(['meilisearch/unit']);
});

test('a whole section is named by its id', () => {
  const own = graph.filter(({ section }) => section.id === 'ownership').map(({ operation }) => operation.id);
  expect(fixNodes(['ownership'], sections, answers).map(({ operation }) => operation.id)).toEqual(own);
});

test('a program that hangs is restarted, after all else', () => {
  const nodes = fixNodes(['restart:studio-background.service', 'ownership'], sections, answers);
  const last = nodes.at(-1);
  expect(last?.operation.id).toBe('doctor/restart-studio-background.service');
  expect(last?.needs.size).toBe(nodes.length - 1);
});

test('nothing is begun that needs what can not go on, or waits for what nobody brings', () => {
  const named = ['settings/production', 'uwsgi/service', 'migrate/tables', 'nginx/link'];
  const problem = { what: 'settings.py is not valid Python.', remedy: 'Fix that line.' };
  const planned: Planned[] = fixNodes(named, sections, answers).map((node) =>
    node.operation.id === 'settings/production'
      ? { node, observation: undefined, problem }
      : { node, observation: undefined },
  );
  expect([...mustWait(planned, graph)].sort()).toEqual(['migrate/tables', 'uwsgi/service']);

  const later = { later: 'needs the tables', summary: 'x', shell: [] };
  const alone = fixNodes(['migrate/site-record'], sections, answers).map((node) => ({
    node,
    observation: later,
  }));
  expect([...mustWait(alone, graph)]).toEqual(['migrate/site-record']);
});
