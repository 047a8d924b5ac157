/**
 * `npm run build`: dist/studio-setup.cjs.
 */
import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from './bundle.ts';

const root = path.join(import.meta.dirname, '..');
export const bundle = path.join(root, 'dist', 'studio-setup.cjs');

await build(bundleOptions(path.join(root, 'src', 'cli.ts'), bundle));
await chmod(bundle, 0o755);
console.log(`built ${path.relative(root, bundle)}`);
