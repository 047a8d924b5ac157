/**
 * `npm run package`: dist/studio-setup, the executable for this kind of processor, and the Debian package with it.
 */
import { glob, rm } from 'node:fs/promises';
import path from 'node:path';
import { installMissing } from '../test/rehearsal/tools.ts';
import { type Bundle, buildBundle } from './build.ts';
import { copyrightText } from './copyright.ts';
import { buildDeb } from './deb.ts';
import { buildExecutable, EXECUTABLE_TOOLS } from './executable.ts';
import { type Architecture, runtimeFolder } from './runtimes.ts';
import { type Source, sourceState } from './source.ts';

const root = path.join(import.meta.dirname, '..');

/** What one kind of processor gets. */
export interface Wanted {
  readonly architecture: Architecture;
  readonly bundle: Bundle;
  readonly source: Source;
  /** Where the executable goes: absolute path. */
  readonly executable: string;
}

/**
 * Builds the executable, and the Debian package beside it.
 * @returns absolute path of the package
 */
export async function buildPackage({ architecture, bundle, source, executable }: Wanted): Promise<string> {
  const node = await runtimeFolder(architecture);
  await buildExecutable({ bundle, runtime: path.join(node, 'bin', 'node'), output: executable });
  return buildDeb({
    ...source,
    executable,
    architecture,
    copyright: await copyrightText([...bundle.packages, node]),
    folder: path.dirname(executable),
  });
}

if (import.meta.main) {
  await installMissing(EXECUTABLE_TOOLS, 'the executable', console.log);
  const folder = path.join(root, 'dist');
  // Of another commit: `apt install ./dist/studio-setup_*.deb` shall find one.
  for await (const old of glob('studio-setup_*.deb', { cwd: folder })) await rm(path.join(folder, old));
  const executable = path.join(folder, 'studio-setup');
  const bundle = await buildBundle();
  const deb = await buildPackage({
    architecture: 'amd64',
    bundle,
    source: await sourceState(),
    executable,
  });
  for (const file of [executable, deb]) console.log(`built ${path.relative(root, file)}`);
}
