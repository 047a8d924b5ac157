import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { GENERATED } from '../../src/document/page.ts';
import { pagesOf } from '../../src/document/pages.ts';
import { sections } from '../../steps/index.ts';

const folder = path.join(import.meta.dirname, '..', '..', 'docs');
const committed = (name: string) => readFileSync(path.join(folder, name), 'utf8');

test.each([...pagesOf(sections)])('docs/%s is what `npm run docs` makes now', (name, text) => {
  expect(committed(name)).toBe(text);
});

test('every page that says that it is made is one that is made', () => {
  const made = readdirSync(folder).filter(
    (name) => name.endsWith('.md') && committed(name).includes(GENERATED),
  );
  expect(made.sort()).toEqual([...pagesOf(sections).keys()].sort());
});

test('pages are the same when they are made again: nothing random, nothing of this machine stands in them', () => {
  expect([...pagesOf(sections)]).toEqual([...pagesOf(sections)]);
});

test('links between pages, and from the README, lead somewhere', () => {
  const root = path.join(folder, '..');
  const pages = [
    'README.md',
    ...readdirSync(folder)
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`),
  ];
  const broken = pages.flatMap((page) => {
    const text = readFileSync(path.join(root, page), 'utf8');
    return [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)].flatMap(
      ([, to = '', anchor]) => {
        const target = to === '' ? page : path.join(path.dirname(page), to);
        try {
          const found = readFileSync(path.join(root, target), 'utf8');
          const there = anchor === undefined || headings(found).includes(anchor);
          return there ? [] : [`${page}: ${to}#${anchor}`];
        } catch {
          return [`${page}: ${to}`];
        }
      },
    );
  });
  expect(broken).toEqual([]);
});

/** Anchors as the usual Markdown viewers make them. */
function headings(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
