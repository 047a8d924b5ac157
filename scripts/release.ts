/**
 * `npm run release [-- --key FILE]`: all that a release consists of, for each kind of processor, in dist/release. The same commit
 * makes the same bytes, but for the signature.
 */
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { installMissing } from '../test/rehearsal/tools.ts';
import { buildBundle } from './build.ts';
import { EXECUTABLE_TOOLS } from './executable.ts';
import { buildPackage } from './package.ts';
import { ARCHITECTURES, runtimeFolder } from './runtimes.ts';
import { sbomText } from './sbom.ts';
import { type Source, sourceState } from './source.ts';

const root = path.join(import.meta.dirname, '..');

/**
 * Builds everything, and lists it with its digests in SHA256SUMS.
 * @param folder where it goes; what is in it is deleted before. Absolute path
 */
async function buildRelease(folder: string, source: Source): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const bundle = await buildBundle();
  await Promise.all(
    ARCHITECTURES.map(async (architecture) => {
      const executable = path.join(folder, `studio-setup_${source.version}_${architecture}`);
      await buildPackage({ architecture, bundle, source, executable });
      // One thread: several make other bytes than one.
      await promisify(execFile)('xz', ['--threads=1', '-9', executable]);
    }),
  );
  const sbom = path.join(folder, `studio-setup_${source.version}.cdx.json`);
  await writeFile(sbom, await sbomText([...bundle.packages, await runtimeFolder('amd64')], source.epoch));
  const names = (await readdir(folder)).sort();
  const sums = names.map(async (name) => {
    const digest = createHash('sha256').update(await readFile(path.join(folder, name)));
    return `${digest.digest('hex')}  ${name}\n`;
  });
  await writeFile(path.join(folder, 'SHA256SUMS'), (await Promise.all(sums)).join(''));
}

/**
 * Signs SHA256SUMS, which has the digests of all else. minisign asks for the key's password in the terminal, if it has one.
 * @param key absolute path of minisign's secret key
 * @throws Error when minisign fails
 */
async function sign(folder: string, key: string, version: string): Promise<void> {
  const sums = path.join(folder, 'SHA256SUMS');
  const args = ['-S', '-s', key, '-m', sums, '-t', `studio-setup ${version}`];
  const [code] = await once(spawn('minisign', args, { stdio: 'inherit' }), 'exit');
  if (code !== 0) throw new Error(`minisign ended with ${code}: ${sums} is not signed.`);
}

/** @throws Error when the key lies among the sources */
function keyPath(given: string): string {
  const key = path.resolve(given);
  if (path.relative(root, key).startsWith('..')) return key;
  throw new Error(`${key} is in the checkout, where a commit could take it along. Keep the key elsewhere.`);
}

const { values } = parseArgs({ options: { key: { type: 'string' } } });
const key = values.key === undefined ? undefined : keyPath(values.key);
const tools = {
  ...EXECUTABLE_TOOLS,
  '/usr/bin/xz': 'xz-utils',
  ...(key === undefined ? {} : { '/usr/bin/minisign': 'minisign' }),
};
await installMissing(tools, 'a release', console.log);
const folder = path.join(root, 'dist', 'release');
const source = await sourceState();
await buildRelease(folder, source);
if (key !== undefined) await sign(folder, key, source.version);
for (const name of await readdir(folder))
  console.log(`built ${path.relative(root, path.join(folder, name))}`);
