/**
 * `npm run package`: a single executable with Node inside, for hosts that have none. Builds the bundle first.
 */
import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bundle } from './build.ts';

const root = path.join(import.meta.dirname, '..');
const executable = path.join(root, 'dist', 'studio-setup');
const postject = fileURLToPath(import.meta.resolve('postject/dist/cli.js'));
const node = (...args: readonly string[]) => promisify(execFile)(process.execPath, args, { cwd: root });
const scratch = await mkdtemp(path.join(root, 'dist', 'package-'));
try {
  const config = path.join(scratch, 'sea.json');
  const blob = path.join(scratch, 'studio-setup.blob');
  const output = path.join(scratch, 'studio-setup');
  await writeFile(
    config,
    JSON.stringify({
      // Relative, because the name stays in the executable, and whoever reads it there need not know the builder's folders.
      main: path.relative(root, bundle),
      output: blob,
      useCodeCache: true,
      // A million lines of output are garbage at once; by itself V8 makes room for 50 MB more of it before it looks.
      execArgv: ['--max-semi-space-size=4'],
      disableExperimentalSEAWarning: true,
      // Options in the environment of an operator's shell are not meant for this program, which runs as root.
      execArgvExtension: 'none',
    }),
  );
  await node('--experimental-sea-config', config);
  await copyFile(process.execPath, output);
  // The names are those of Node's documentation of single executable applications.
  const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
  await node(postject, output, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', fuse);
  await chmod(output, 0o755);
  await rename(output, executable);
} finally {
  await rm(scratch, { recursive: true, force: true });
}
const { size } = await stat(executable);
console.log(`built ${path.relative(root, executable)}, ${Math.round(size / 1e6)} MB`);
