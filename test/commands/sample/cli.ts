/**
 * The product's own command line over sample sections, as a program of its own: with signals, a terminal, exit codes.
 * STUDIO_SETUP_SAMPLE names the folder that it works in.
 */
import { main } from '../../../src/main.ts';
import { sampleFolder, sampleProduct } from './product.ts';
import { sampleSections } from './sections.ts';

const folder = sampleFolder();

void main(process.argv.slice(2), sampleProduct(folder, sampleSections(folder))).then((code) => {
  process.exitCode = code;
});
