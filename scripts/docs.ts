/**
 * `npm run docs`: writes the pages of `docs/` that are made from the code. A test fails while they differ from it.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pagesOf } from '../src/document/pages.ts';
import { sections } from '../steps/index.ts';

const folder = path.join(import.meta.dirname, '..', 'docs');
await mkdir(folder, { recursive: true });
for (const [name, text] of pagesOf(sections)) {
  await writeFile(path.join(folder, name), text);
  console.log(`wrote docs/${name}`);
}
