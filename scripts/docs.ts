/**
 * `npm run docs`: writes the pages of `docs/` that are made from the code, the manual page among them. A test fails while they differ from it.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { productVersion } from '../src/app/version.ts';
import { commandsPage } from '../src/commands/commands-page.ts';
import { manualPage } from '../src/commands/manual.ts';
import { program } from '../src/commands/program.ts';
import { pagesOf } from '../src/document/pages.ts';
import { sections } from '../steps/index.ts';

const folder = path.join(import.meta.dirname, '..', 'docs');
await mkdir(folder, { recursive: true });
const root = program(productVersion(), sections, () => {});
const pages = [
  ...pagesOf(sections),
  ['commands.md', commandsPage(root, sections)],
  ['studio-setup.8', manualPage(root, sections)],
] as const;
for (const [name, text] of pages) {
  await writeFile(path.join(folder, name), text);
  console.log(`wrote docs/${name}`);
}
