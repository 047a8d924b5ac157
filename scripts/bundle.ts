import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';
import { productVersion } from '../src/app/version.ts';
import { readTemplates } from '../templates/index.ts';

const root = path.join(import.meta.dirname, '..');

/**
 * Takes Node's own modules by require() where they are used. As import statements they would all stand at the top of
 * the one file and be loaded at every start, whatever the command needs; `node:http` alone brings in undici.
 */
const builtinsWhenUsed: Plugin = {
  name: 'builtins-when-used',
  setup(build) {
    build.onResolve({ filter: /^(node:)?[a-z_/0-9]+$/ }, ({ path: name, kind }) => {
      if (!isBuiltin(name)) return undefined;
      return kind === 'require-call' ? { path: name, external: true } : { path: name, namespace: 'builtin' };
    });
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path: name }) => ({
      contents: `module.exports = require(${JSON.stringify(name)});`,
    }));
  },
};

/**
 * Half of the time before the wizard's first frame went into two libraries below Ink, for what they need seldom or never:
 * `string-width` builds expressions for all emoji that there are before the first text is measured, and Yoga takes its
 * WebAssembly out of its own text by fetch(), for which Node loads a whole HTTP client.
 */
const terminalWhenNeeded: Plugin = {
  name: 'terminal-when-needed',
  setup(build) {
    build.onResolve({ filter: /^string-width$/ }, ({ path: name, kind }) =>
      kind === 'require-call' ? undefined : { path: name, namespace: 'width' },
    );
    build.onLoad({ filter: /.*/, namespace: 'width' }, () => ({
      contents: `import { plainWidth } from './scripts/terminal-width.ts';
        let whole;
        export default (text, options) => {
          const width = options === undefined ? plainWidth(text) : undefined;
          if (width !== undefined) return width;
          whole ??= require('string-width').default;
          return whole(text, options);
        };`,
      resolveDir: root,
    }));
    build.onLoad({ filter: /yoga-wasm-base64-esm\.js$/ }, async ({ path: file }) => ({
      // Without it Yoga decodes the text itself.
      contents: `const fetch = undefined;\n${await readFile(file, 'utf8')}`,
    }));
  },
};

/**
 * How one ESM file is made that runs under plain Node 22 or later with no node_modules beside it.
 * @param entry absolute path of the program's first module
 * @param outfile absolute path
 */
export function bundleOptions(entry: string, outfile: string): BuildOptions {
  return {
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    minifySyntax: true,
    minifyWhitespace: true,
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
    plugins: [builtinsWhenUsed, terminalWhenNeeded],
    logLevel: 'warning',
  };
}
