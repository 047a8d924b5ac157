/**
 * `node scripts/executable.ts`: dist/studio-setup, a single executable with Node inside, for hosts that have none. Builds the
 * bundle first.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { installMissing } from '../test/rehearsal/tools.ts';
import { type Bundle, buildBundle } from './build.ts';
import { BUILDER } from './runtimes.ts';
import { V8_OPTIONS } from './v8-options.ts';

const root = path.join(import.meta.dirname, '..');
const compileAhead = path.join(import.meta.dirname, 'compile-ahead.ts');
const postject = fileURLToPath(import.meta.resolve('postject/dist/cli.js'));
const node = (cwd: string, ...args: readonly string[]) => promisify(execFile)(BUILDER, args, { cwd });

/** What it takes on the machine: a file that tells that the package is there, and the package. */
export const EXECUTABLE_TOOLS = { '/usr/bin/eu-strip': 'elfutils' } as const;

/** What an executable is made of. */
export interface Parts {
  readonly bundle: Bundle;
  /** The Node that goes into it, of the very version that {@link BUILDER} is of: absolute path. */
  readonly runtime: string;
  /** Where it goes: absolute path. */
  readonly output: string;
}

/**
 * Writes the executable. The same parts make the same bytes.
 * @returns its size in bytes
 */
export async function buildExecutable({ bundle, runtime, output }: Parts): Promise<number> {
  const scratch = await mkdtemp(path.join(path.dirname(output), 'executable-'));
  try {
    const made = path.join(scratch, 'studio-setup');
    const program = wrapped(await readFile(bundle.file, 'latin1'));
    await writeFile(path.join(scratch, 'program'), program, 'latin1');
    const digest = createHash('sha256')
      .update(program)
      .update(await readFile(runtime))
      .digest('hex');
    await buildStart(path.join(scratch, 'main.cjs'), digest);
    const assets = { program: 'program', compiled: 'compiled' };
    // What V8 compiles ahead is for this kind of processor alone (Node's documentation of single executable applications).
    const ahead = runtime === BUILDER;
    // V8 keeps what it compiled in the order of hashes, whose seed is random otherwise. It is no part of what is kept: each start
    // has a random one all the same. `--hash-seed` would do as well, and V8 would then refuse what was compiled with other flags.
    if (ahead) await node(scratch, '--random-seed=1', ...V8_OPTIONS, compileAhead, ...Object.values(assets));
    await writeFile(
      path.join(scratch, 'sea.json'),
      JSON.stringify({
        // Relative, because the name stays in the executable, and whoever reads it there need not know the builder's folders.
        main: 'main.cjs',
        output: 'blob',
        assets: ahead ? assets : { program: assets.program },
        execArgv: V8_OPTIONS,
        disableExperimentalSEAWarning: true,
        // Options in the environment of an operator's shell are not meant for this program, which runs as root.
        execArgvExtension: 'none',
      }),
    );
    await node(scratch, '--experimental-sea-config', 'sea.json');
    await copyFile(runtime, made);
    await chmod(made, 0o755);
    // A sixth of Node's own builds is for debuggers. This strip knows every kind of processor.
    await promisify(execFile)('eu-strip', ['--remove-comment', made]);
    // The names are those of Node's documentation of single executable applications.
    const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
    await node(scratch, postject, made, 'NODE_SEA_BLOB', 'blob', '--sentinel-fuse', fuse);
    await rename(made, output);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return (await stat(output)).size;
}

/** @returns a program as Node wraps CommonJS */
function wrapped(program: string): string {
  return `(function (exports, require, module, __filename, __dirname) { ${program.replace(/^#!.*/, '')}\n})`;
}

/**
 * Bundles what an executable starts with.
 * @param outfile absolute path
 * @param digest of all that compiled code depends on
 */
async function buildStart(outfile: string, digest: string): Promise<void> {
  await build({
    entryPoints: [path.join(root, 'src', 'executable', 'main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    minifySyntax: true,
    minifyWhitespace: true,
    define: { BUILD: JSON.stringify(digest) },
    logLevel: 'warning',
  });
}

if (import.meta.main) {
  await installMissing(EXECUTABLE_TOOLS, 'the executable', console.log);
  const output = path.join(root, 'dist', 'studio-setup');
  const size = await buildExecutable({ bundle: await buildBundle(), runtime: BUILDER, output });
  console.log(`built ${path.relative(root, output)}, ${Math.round(size / 1e6)} MB`);
}
