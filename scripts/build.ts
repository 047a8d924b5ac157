/**
 * `npm run build`: dist/studio-setup.cjs.
 */
import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from './bundle.ts';

const root = path.join(import.meta.dirname, '..');
export const bundle = path.join(root, 'dist', 'studio-setup.cjs');

await build(bundleOptions(path.join(root, 'src', 'cli.ts'), bundle));
// esbuild escapes what is not ASCII in strings, and leaves it in regular expressions. One such character, and V8 keeps the
// whole program with two bytes for each.
const text = await readFile(bundle, 'utf8');
await writeFile(bundle, text.replaceAll(/[\u0080-\uffff]/g, escaped));
await chmod(bundle, 0o755);
console.log(`built ${path.relative(root, bundle)}`);

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
