import { createRequire, isBuiltin } from 'node:module';
import path from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';
import type { Releases } from '../src/app/releases/bundled.ts';
import { productVersion } from '../src/app/version.ts';
import { readTemplates } from '../templates/index.ts';
import { noTopLevelAwait } from './no-top-level-await.ts';

const root = path.join(import.meta.dirname, '..');

/**
 * Of Node's own modules, those that take milliseconds to load and are imported by nearly all: loaded when one of their functions is
 * named. `util` is there already, but what it loads late (TextDecoder, diff) is loaded when its members are gone through.
 */
const SLOW = ['child_process', 'crypto', 'util'];

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
      contents: SLOW.includes(name.replace(/^node:/, '')) ? membersWhenNamed(name) : wholeModule(name),
    }));
  },
};

const wholeModule = (name: string) => `module.exports = require(${JSON.stringify(name)});`;

/** @returns the source of a module with the members of one of Node's own, which is loaded when the first of them is read */
function membersWhenNamed(name: string): string {
  const members = Object.keys(createRequire(import.meta.url)(name));
  return `let whole;
    for (const member of ${JSON.stringify(members)})
      Object.defineProperty(exports, member, { enumerable: true, get: () => (whole ??= require('${name}'))[member] });`;
}

/**
 * `string-width`, below Ink, builds expressions for all emoji that there are before the first text is measured, which took
 * a good part of the time before the wizard's first frame. It is loaded for the first text that is not plain.
 */
const widthWhenNeeded: Plugin = {
  name: 'width-when-needed',
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
  },
};

/** @returns the source of a module whose one class loads the real module when one of it is made */
const classWhenMade = (name: string, exported: string) => `let Whole;
  function Class(options) {
    Whole ??= require('${name}').${exported};
    return new Whole(options);
  }
  export { Class as ${exported} };`;

/**
 * Modules that take their time to load. `conf` is needed when something is read that a run has left; its validator of schemas,
 * which took longer than all else of it, when it is given a schema.
 */
const LATE: Readonly<Record<string, string>> = {
  conf: classWhenMade('conf', 'default'),
  'ajv/dist/2020.js': classWhenMade('ajv/dist/2020.js', 'Ajv2020'),
  'ajv-formats': `export default { get default() { return require('ajv-formats').default; } };`,
};
const modulesWhenUsed: Plugin = {
  name: 'modules-when-used',
  setup(build) {
    build.onResolve(
      { filter: /^(conf|ajv\/dist\/2020\.js|ajv-formats)$/ },
      ({ path: name, kind, resolveDir }) =>
        kind === 'require-call' ? undefined : { path: name, namespace: 'late', pluginData: resolveDir },
    );
    build.onLoad({ filter: /.*/, namespace: 'late' }, ({ path: name, pluginData: resolveDir }) => ({
      contents: LATE[name] ?? '',
      resolveDir,
    }));
  },
};

/**
 * How one file is made that runs under plain Node 22 or later with no node_modules beside it. It is CommonJS, the one kind
 * that Node 24 takes into an executable.
 * @param entry absolute path of the program's first module
 * @param outfile absolute path
 * @param releases where the program finds newer versions of itself; absent: it says that it does not know
 */
export function bundleOptions(entry: string, outfile: string, releases?: Releases): BuildOptions {
  return {
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    minifySyntax: true,
    minifyWhitespace: true,
    banner: { js: '#!/usr/bin/env node' },
    define: {
      'process.env.NODE_ENV': '"production"',
      'Intl.Segmenter': 'PlainSegmenter',
      // The one file has no folder of its own: what is sought beside it shall fail.
      'import.meta.url': 'undefined',
      BUNDLED_RELEASES: JSON.stringify(releases) ?? 'undefined',
      BUNDLED_VERSION: JSON.stringify(productVersion()),
      BUNDLED_TEMPLATES: JSON.stringify(readTemplates()),
    },
    inject: [path.join(root, 'scripts/plain-segmenter.ts')],
    plugins: [builtinsWhenUsed, widthWhenNeeded, modulesWhenUsed, noTopLevelAwait],
    logLevel: 'warning',
  };
}
