import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/security.md'), 'utf8');
const proofs = [...page.matchAll(/^\|.*\| `(test\/[^`]+)`: (.*) \|$/gm)].map(([, file = '', name = '']) => [
  name,
  file,
]);

test('every line of what is tried through the product, or with its releases, names its test', () => {
  const tried = page.split('\n## ').filter((section) => section.includes(' tries to |'));
  expect(tried.map((section) => section.split('\n')[0])).toEqual([
    'Through the product',
    'Trust in releases',
  ]);
  const lines = tried.flatMap((section) => section.match(/^\| (?!.* tries to \||---)/gm) ?? []);
  expect(lines.length).toBeGreaterThan(15);
  expect(proofs).toHaveLength(lines.length);
});

test.each(proofs)('%s', (name, file) => {
  expect(readFileSync(join(root, file ?? ''), 'utf8')).toContain(name);
});
