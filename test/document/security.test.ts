import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/security.md'), 'utf8');
const proofs = [...page.matchAll(/^\|.*\| `(test\/[^`]+)`: (.*) \|$/gm)].map(([, file = '', name = '']) => [
  name,
  file,
]);

test('every line of what is tried through the product names its test', () => {
  const lines =
    page
      .split('## Through the product')[1]
      ?.split('## ')[0]
      ?.match(/^\| (?!www-data|`www-data` tries|---)/gm) ?? [];
  expect(lines.length).toBeGreaterThan(15);
  expect(proofs).toHaveLength(lines.length);
});

test.each(proofs)('%s', (name, file) => {
  expect(readFileSync(join(root, file ?? ''), 'utf8')).toContain(name);
});
