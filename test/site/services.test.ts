import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { checksOf } from '../../src/checks/index.ts';
import { exampleAnswers } from '../../src/engine/example-answers.ts';
import { graphOf } from '../../src/engine/graph.ts';
import { SERVICE_UNITS, type ServiceName } from '../../src/site/layout.ts';
import { SERVICES } from '../../src/site/services.ts';
import { sections } from '../../steps/index.ts';

const operations = new Set(graphOf(sections, exampleAnswers(sections)).map(({ operation }) => operation.id));

describe.each(Object.keys(SERVICE_UNITS) as ServiceName[])('%s', (name) => {
  const service = SERVICES[name];

  test('is brought up, and fixed, by operations that there are', () => {
    expect(operations).toContain(service.operation);
    expect(service.fixes.filter((id) => !operations.has(id))).toEqual([]);
    expect(service.fixes).toContain(service.operation);
  });

  test('is named as its unit, and has a check with its words', () => {
    expect(service.unit).toBe(`${name}.service`);
    const check = checksOf(sections).find(({ id }) => id === `service-${name}`);
    expect(check).toMatchObject({ means: service.means, fixes: service.fixes });
  });
});

test('names of units stand once', () => {
  const root = path.join(import.meta.dirname, '../..');
  const literal = /['`/](meilisearch|studio|studio-background|nginx|postgresql|certbot)\.(service|timer)['`]/;
  const files = globSync(['src/**/*.ts', 'steps/**/*.ts'], { cwd: root });
  // Comments have examples.
  const code = (file: string) =>
    readFileSync(path.join(root, file), 'utf8').replaceAll(/^ *(\/?\*|\/\/).*$/gm, '');
  // Among the templates it is the path of a file.
  expect(files.filter((file) => literal.test(code(file))).sort()).toEqual([
    'src/configs/templates.ts',
    'src/site/layout.ts',
  ]);
});
