/**
 * `npm run build`: dist/studio-setup.cjs.
 */
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import type { Releases } from '../src/app/releases/bundled.ts';
import { bundleOptions } from './bundle.ts';

const root = path.join(import.meta.dirname, '..');

/** The bundle, and what went into it. */
export interface Bundle {
  /** Absolute path. */
  readonly file: string;
  /** Folders of the npm packages of which it has something, sorted: absolute paths. */
  readonly packages: readonly string[];
}

/**
 * Writes dist/studio-setup.cjs.
 * @param releases where the program finds newer versions of itself; absent: it says that it does not know
 */
export async function buildBundle(releases?: Releases): Promise<Bundle> {
  const file = path.join(root, 'dist', 'studio-setup.cjs');
  await mkdir(path.dirname(file), { recursive: true });
  const options = bundleOptions(path.join(root, 'src', 'cli.ts'), file, releases);
  const { metafile } = await build({ ...options, absWorkingDir: root, metafile: true });
  // esbuild escapes what is not ASCII in strings, and leaves it in regular expressions. One such character, and V8 keeps the
  // whole program with two bytes for each.
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replaceAll(/[\u0080-\uffff]/g, escaped));
  await chmod(file, 0o755);
  const folders = Object.keys(metafile.inputs).flatMap(
    (input) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input) ?? [],
  );
  return { file, packages: [...new Set(folders)].sort().map((folder) => path.join(root, folder)) };
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

if (import.meta.main) console.log(`built ${path.relative(root, (await buildBundle()).file)}`);
