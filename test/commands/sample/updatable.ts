/**
 * The product's own command line as if it were a single executable that knows where its releases are. What it would know from its
 * build is in `build.json` of its folder.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Product } from '../../../src/app/product.ts';
import { main } from '../../../src/main.ts';
import { sampleFolder, sampleProduct } from './product.ts';
import { sampleSections } from './sections.ts';

const folder = sampleFolder();
const built = JSON.parse(readFileSync(path.join(folder, 'build.json'), 'utf8')) as Partial<Product>;

void main(process.argv.slice(2), { ...sampleProduct(folder, sampleSections(folder)), ...built }).then(
  (code) => {
    process.exitCode = code;
  },
);
