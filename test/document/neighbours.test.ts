import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '../..');
const page = readFileSync(path.join(root, 'docs/neighbours.md'), 'utf8');
const scripts = (
  JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
).scripts;

/** Case → what proves it: a test, one on a booted host, or a script of package.json. */
const rows = [...page.matchAll(/^\| (?!Case \||---)(.*?) \| .* \| (.*) \|$/gm)].map(
  ([, what = '', proof = '']) => [what, proof] as const,
);

function proofsIn(proof: string): readonly string[] {
  const tests = [...proof.matchAll(/`(test\/[^`]+\.test\.ts)`/g)].map(([, file = '']) => file);
  const onHost = [...proof.matchAll(/host: `([\w-]+\.test\.ts)`/g)].map(
    ([, file = '']) => `test/install/${file}`,
  );
  const npm = [...proof.matchAll(/`npm run ([\w:-]+)/g)].map(([, script = '']) => `npm run ${script}`);
  return [...tests, ...onHost, ...npm];
}

test('there are rows enough, and none twice', () => {
  expect(rows.length).toBeGreaterThanOrEqual(60);
  expect(rows.map(([what]) => what)).toEqual([...new Set(rows.map(([what]) => what))]);
});

test.each(rows)('%s', (_, proof) => {
  const proofs = proofsIn(proof);
  expect(proofs).not.toEqual([]);
  // Nothing else in quotes: a source is no proof.
  expect(proofs).toHaveLength((proof.match(/`/g) ?? []).length / 2);
  for (const each of proofs)
    if (each.startsWith('npm run ')) expect(scripts).toHaveProperty([each.slice('npm run '.length)]);
    else expect(existsSync(path.join(root, each)), each).toBe(true);
});

test('a test that is not there is seen', () => {
  const [missing = ''] = proofsIn('`test/no/such.test.ts`');
  expect(existsSync(path.join(root, missing))).toBe(false);
});
