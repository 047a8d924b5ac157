import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Plugin } from 'esbuild';

const YOGA = /yoga-layout\/dist\/binaries\/yoga-wasm-base64-esm\.js$/;
const YOGA_ENTRY = /yoga-layout\/dist\/src\/index\.js$/;
const WASM = /"data:application\/octet-stream;base64,([^"]+)"/;
const INK_RECONCILER = /ink\/build\/reconciler\.js$/;
const DEVELOPMENT = "process.env['DEV'] === 'true'";

/**
 * Bundles Ink as CommonJS, which knows no `await` outside of a function. Ink has one for React's developer tools, which
 * an operator's DEV=true would make it look for; its layout engine, Yoga, has one for its WebAssembly. Node compiles that
 * as well while it is waited for, by the hook that Emscripten has for it (`instantiateWasm` in its reference of the
 * Module object). The bytes come as bytes: Yoga would take them out of a text, one character after the other.
 */
export const noTopLevelAwait: Plugin = {
  name: 'no-top-level-await',
  setup(build) {
    build.onLoad({ filter: INK_RECONCILER }, async ({ path: file }) => ({
      contents: replaced(await readFile(file, 'utf8'), DEVELOPMENT, 'false', file),
    }));
    build.onLoad({ filter: YOGA, namespace: 'file' }, async ({ path: file }) => ({
      contents: replaced(await readFile(file, 'utf8'), WASM, '""', file),
    }));
    build.onResolve({ filter: /^yoga\.wasm$/ }, ({ path: name, importer }) => ({
      // Not where the library lies: the name stays in the bundle, and tells the builder's folders to whoever reads it.
      path: name,
      namespace: 'wasm',
      pluginData: path.join(path.dirname(importer), '../binaries/yoga-wasm-base64-esm.js'),
    }));
    build.onLoad(
      { filter: /.*/, namespace: 'wasm' },
      async ({ pluginData: file }: { pluginData: string }) => {
        const bytes = WASM.exec(await readFile(file, 'utf8'))?.[1];
        if (bytes === undefined) throw new Error(`there is no WebAssembly in ${file}`);
        return { contents: Buffer.from(bytes, 'base64'), loader: 'binary' };
      },
    );
    build.onLoad({ filter: YOGA_ENTRY }, () => ({
      contents: `import load from '../binaries/yoga-wasm-base64-esm.js';
        import bytes from 'yoga.wasm';
        import wrapAssembly from './wrapAssembly.js';
        const engine = {
          instantiateWasm(imports, loaded) {
            const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
            loaded(instance);
            return instance.exports;
          },
        };
        load(engine);
        export default wrapAssembly(engine);
        export * from './generated/YGEnums.js';`,
    }));
  },
};

/** @throws {Error} when the text is not there: the library has changed, and so must this file */
function replaced(text: string, what: string | RegExp, by: string, file: string): string {
  const changed = text.replaceAll(typeof what === 'string' ? what : new RegExp(what, 'g'), by);
  if (changed === text) throw new Error(`${what} is not in ${file}`);
  return changed;
}
