/** The product's own command line over the sample's sections and one with changes of each kind, to be started under the shim. */
import { main } from '../../src/main.ts';
import { sampleFolder, sampleProduct } from '../commands/sample/product.ts';
import { sampleSections } from '../commands/sample/sections.ts';
import { MUTANTS } from './mutants.ts';
import { changesOfEachKind } from './sections.ts';

const folder = sampleFolder();
const planted = MUTANTS.find((each) => each === process.env.FAULTS_PLANT);
const sections = [...sampleSections(folder), changesOfEachKind(folder, planted)];

void main(process.argv.slice(2), sampleProduct(folder, sections)).then((code) => {
  process.exitCode = code;
});
