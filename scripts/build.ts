/**
 * `npm run build`: one ESM file that runs under plain Node 22 or later with no node_modules beside it.
 */
import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { productVersion } from '../src/version.ts';
import { readTemplates } from '../templates/index.ts';

const root = path.join(import.meta.dirname, '..');
export const bundle = path.join(root, 'dist', 'studio-setup.mjs');

await build({
  entryPoints: [path.join(root, 'src', 'cli.ts')],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
  // Ink asks for React's developer tools in a branch that a product never takes; the package is not there.
  alias: { 'react-devtools-core': path.join(root, 'scripts', 'no-devtools.ts') },
  banner: {
    // CommonJS packages inside an ES module still ask for Node's own modules by require().
    js: "#!/usr/bin/env node\nimport{createRequire as bundleRequire}from'node:module';const require=bundleRequire(import.meta.url);",
  },
  define: {
    'process.env.NODE_ENV': '"production"',
    BUNDLED_VERSION: JSON.stringify(productVersion()),
    BUNDLED_TEMPLATES: JSON.stringify(readTemplates()),
  },
  logLevel: 'warning',
});
await chmod(bundle, 0o755);
console.log(`built ${path.relative(root, bundle)}`);
