import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { EXIT_MEANINGS } from '../../src/app/exit-code.ts';
import { commandsPage } from '../../src/commands/commands-page.ts';
import { program } from '../../src/commands/program.ts';
import { GENERATED } from '../../src/document/page.ts';
import { pagesOf } from '../../src/document/pages.ts';
import { sections } from '../../steps/index.ts';

const folder = path.join(import.meta.dirname, '..', '..', 'docs');
const committed = (name: string) => readFileSync(path.join(folder, name), 'utf8');
const root = program('1.2.3', sections, () => {});
const pages = () => new Map([...pagesOf(sections), ['commands.md', commandsPage(root, sections)]]);

test.each([...pages()])('docs/%s is what `npm run docs` makes now', (name, text) => {
  expect(committed(name)).toBe(text);
});

test('every page that says that it is made is one that is made', () => {
  const made = readdirSync(folder).filter(
    (name) => name.endsWith('.md') && committed(name).includes(GENERATED),
  );
  expect(made.sort()).toEqual([...pages().keys()].sort());
});

test('pages are the same when they are made again: nothing random, nothing of this machine stands in them', () => {
  expect([...pages()]).toEqual([...pages()]);
});

test('links between pages, and from the README, lead somewhere', () => {
  const top = path.join(folder, '..');
  const files = ['.', 'docs'].flatMap((each) =>
    readdirSync(path.join(top, each))
      .filter((name) => name.endsWith('.md'))
      .map((name) => path.join(each, name)),
  );
  expect(files).toContain('README.md');
  const broken = files.flatMap((page) => {
    const text = readFileSync(path.join(top, page), 'utf8');
    return [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)].flatMap(
      ([, to = '', anchor]) => {
        const target = to === '' ? page : path.join(path.dirname(page), to);
        try {
          const found = readFileSync(path.join(top, target), 'utf8');
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

test('the index has every page', () => {
  const index = committed('README.md');
  const missing = readdirSync(folder).filter(
    (name) => name.endsWith('.md') && name !== 'README.md' && !index.includes(`](${name})`),
  );
  expect(missing).toEqual([]);
});

test('the page of commands has every command, option, exit code and section', () => {
  const page = committed('commands.md');
  const help = root.createHelp();
  for (const command of help.visibleCommands(root)) {
    expect(page).toMatch(new RegExp(`^\\| \`${command.name()}\\b`, 'm'));
    for (const { long } of command.options) expect(page).toContain(`| \`${command.name()}\` | \`${long}`);
  }
  for (const { long } of root.options) expect(page).toMatch(new RegExp(`^\\| \`(?:-\\w, )?${long}\\b`, 'm'));
  for (const code of Object.keys(EXIT_MEANINGS)) expect(page).toContain(`| ${code} |`);
  for (const { id } of sections) expect(page).toContain(`| \`${id}\` |`);
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
