import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

/**
 * The wizard's rooms from the ground up; a file imports from its own room and from those before it. That files form no circle
 * is biome's to say (`noImportCycles`).
 */
const ROOMS = ['kit', 'view', 'state', 'screens', 'shell', 'runtime'] as const;

const root = path.join(import.meta.dirname, '../../src/wizard');
const files = globSync('**/*.ts', { cwd: root });

/** @returns what a file of the wizard imports, from the folder of the wizard; what begins with `..` is outside of it */
function importsOf(file: string, text: string): readonly string[] {
  return [...text.matchAll(/\b(?:from|import)\s*\(?\s*'(\.[^']*)'/g)].map(([, name = '']) =>
    path.join(path.dirname(file), name),
  );
}

function roomOf(file: string): number {
  return ROOMS.findIndex((room) => file.startsWith(`${room}${path.sep}`));
}

function upwards(file: string, text: string): readonly string[] {
  return importsOf(file, text)
    .filter((to) => !to.startsWith('..') && roomOf(to) > roomOf(file))
    .map((to) => `${file} imports ${to}`);
}

test('every file of the wizard stands in a room, and imports from no higher one', () => {
  expect(files.length).toBeGreaterThan(50);
  expect(files.filter((file) => roomOf(file) === -1)).toEqual([]);
  expect(files.flatMap((file) => upwards(file, readFileSync(path.join(root, file), 'utf8')))).toEqual([]);
});

test('the kit knows no word of the product: of all else it imports the ground floor only', () => {
  const outside = files
    .filter((file) => file.startsWith('kit'))
    .flatMap((file) => importsOf(file, readFileSync(path.join(root, file), 'utf8')))
    .filter((to) => to.startsWith('..'));
  expect(outside.filter((to) => !to.startsWith('../output/'))).toEqual([]);
});

test.each([
  ["import { press } from '../shell/press.ts';", 'shell/press.ts'],
  ["const { Wizard } = await import('../runtime/wizard.ts');", 'runtime/wizard.ts'],
])('a planted import upwards is found: %s', (line, to) => {
  expect(upwards('screens/menu.ts', line)).toEqual([`screens/menu.ts imports ${to}`]);
});
