/**
 * `npm run docs`: writes the pages of `docs/` that are made from the code, the manual page among them. A test fails while they differ from it.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { productVersion } from '../src/app/version.ts';
import { manualPage } from '../src/commands/manual.ts';
import { program } from '../src/commands/program.ts';
import { pagesOf } from '../src/document/pages.ts';
import { sections } from '../steps/index.ts';

const folder = path.join(import.meta.dirname, '..', 'docs');
await mkdir(folder, { recursive: true });
const manual = manualPage(
  program(productVersion(), sections, () => {}),
  sections,
);
for (const [name, text] of [...pagesOf(sections), ['studio-setup.8', manual] as const]) {
  await writeFile(path.join(folder, name), text);
  console.log(`wrote docs/${name}`);
}
