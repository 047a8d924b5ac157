/**
 * `npm run package`: a single executable with Node inside, for hosts that have none. Builds the bundle first.
 */
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { bundle } from './build.ts';
import { withoutLibatomic } from './without-libatomic.ts';

const root = path.join(import.meta.dirname, '..');
const executable = path.join(root, 'dist', 'studio-setup');
const scratch = await mkdtemp(path.join(root, 'dist', 'package-'));
try {
  const config = path.join(scratch, 'sea.json');
  const output = path.join(scratch, 'studio-setup');
  await writeFile(
    config,
    JSON.stringify({
      // Relative, because the name stays in the executable, and whoever reads it there need not know the builder's folders.
      main: path.relative(root, bundle),
      mainFormat: 'module',
      output,
      useCodeCache: true,
      // A million lines of output are garbage at once; by itself V8 makes room for 50 MB more of it before it looks.
      execArgv: ['--max-semi-space-size=4'],
      disableExperimentalSEAWarning: true,
      // Options in the environment of an operator's shell are not meant for this program, which runs as root.
      execArgvExtension: 'none',
    }),
  );
  await promisify(execFile)(process.execPath, ['--build-sea', config], { cwd: root });
  // After Node has put the program in, because that rewrites the file.
  if (process.arch === 'x64') {
    const elf = await readFile(output);
    withoutLibatomic(elf);
    await writeFile(output, elf);
  } else {
    console.warn(
      `On ${process.arch} the executable needs libatomic.so.1 (Debian and Ubuntu: libatomic1) on its host.`,
    );
  }
  await chmod(output, 0o755);
  await rename(output, executable);
} finally {
  await rm(scratch, { recursive: true, force: true });
}
const { size } = await stat(executable);
console.log(`built ${path.relative(root, executable)}, ${Math.round(size / 1e6)} MB`);
