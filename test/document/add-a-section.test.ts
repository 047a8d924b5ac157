import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { exampleAnswers } from '../../src/engine/example-answers.ts';
import { graphOf } from '../../src/engine/graph.ts';
import type { Planned } from '../../src/engine/plan.ts';
import { scriptOf } from '../../src/script/script.ts';
import { sections } from '../../steps/index.ts';
import redis from './sample/redis.ts';

const root = path.join(import.meta.dirname, '../..');
const all = [...sections, redis];
const answers = exampleAnswers(all);

test('the section that docs/design.md shows is the sample', () => {
  const page = readFileSync(path.join(root, 'docs/design.md'), 'utf8');
  const sample = readFileSync(path.join(import.meta.dirname, 'sample/redis.ts'), 'utf8');
  const shown = /## To add a section\n.*?```ts\n(.*?)```/s.exec(page)?.[1] ?? '';
  expect(shown).toMatch(/^const section/);
  expect(sample.endsWith(`\n\n${shown}`)).toBe(true);
});

test('it is in the graph behind what it needs, each operation behind the one before', () => {
  const own = graphOf(all, answers).filter(({ section }) => section.id === 'redis');
  expect(own.map(({ operation }) => operation.id)).toEqual(['redis/port', 'redis/package', 'redis/service']);
  expect([...(own[2]?.needs ?? [])]).toContain('redis/package');
});

test('its package and its unit are in the exported script, under its heading', () => {
  const nodes = graphOf(all, answers);
  const observation = { later: 'needs everything', summary: '', shell: [] };
  const planned = nodes.map((node): Planned => ({ node, observation }));
  const script = scriptOf({ nodes, planned }, all, answers);
  const part = script.slice(script.indexOf(`# === ${redis.heading} ===`));
  expect(part).toContain('\ninstall_packages redis-server\n');
  expect(part).toContain('\nstart_unit redis-server.service\n');
});
