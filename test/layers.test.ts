import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

/**
 * The folders of the product from the ground up; a file imports from its own folder and from those above it in this list.
 * That files form no circle is biome's to say (`noImportCycles`).
 */
const FLOORS = [
  'templates',
  'src/text',
  'src/output',
  'src/python',
  'src/configs',
  'src/host',
  'src/answers',
  'src/engine',
  'src/site',
  'src/script',
  'src/requirements',
  'src/operations',
  'src/procedures',
  'src/undo',
  'src/watch',
  'src/backup',
  'src/checks',
  'steps',
  'src/reporters',
  'src/document',
  'src/prompts',
  'src/app',
  'src/wizard',
  'components',
  'src/commands',
  'src/executable',
  'src',
] as const;

interface Import {
  readonly from: string;
  readonly to: string;
}

const root = path.join(import.meta.dirname, '..');
const files = globSync(['src/**/*.ts', 'steps/**/*.ts', 'components/**/*.tsx', 'templates/**/*.ts'], {
  cwd: root,
});

function importsOf(file: string, text: string): readonly Import[] {
  const names = [...text.matchAll(/\b(?:from|import)\s*\(?\s*'(\.[^']*)'/g)].flatMap(
    ([, name]) => name ?? [],
  );
  return names.map((name) => ({ from: file, to: path.join(path.dirname(file), name) }));
}

function floorOf(file: string): number {
  const [first = '', second = ''] = path.dirname(file).split(path.sep);
  return FLOORS.findIndex((floor) => floor === (first === 'src' && second !== '' ? `src/${second}` : first));
}

function upwards(imports: readonly Import[]): readonly string[] {
  return imports
    .filter(({ from, to }) => floorOf(to) === -1 || floorOf(from) === -1 || floorOf(to) > floorOf(from))
    .map(({ from, to }) => `${from} imports ${to}`);
}

test('every folder of the product has its floor, and no file imports from a higher one', () => {
  expect(files.length).toBeGreaterThan(300);
  expect(
    upwards(files.flatMap((file) => importsOf(file, readFileSync(path.join(root, file), 'utf8')))),
  ).toEqual([]);
});

test.each([
  ["import { plan } from '../engine/plan.ts';", 'src/engine/plan.ts'],
  ["import type { Survey } from '../app/survey.ts';", 'src/app/survey.ts'],
  ["const { survey } = await import('../app/survey.ts');", 'src/app/survey.ts'],
  ["import '../unknown/file.ts';", 'src/unknown/file.ts'],
])('a planted import upwards is found: %s', (line, to) => {
  const planted = importsOf('src/host/process.ts', line);
  expect(upwards(planted)).toEqual([`src/host/process.ts imports ${to}`]);
});
