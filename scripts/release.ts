/**
 * `npm run release [-- --key FILE] [--public-key FILE --releases ADDRESS]`: all that a release consists of, for each kind of
 * processor, in dist/release. The same commit makes the same bytes, but for the signature.
 */
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import type { Releases } from '../src/app/releases/bundled.ts';
import { publicKey } from '../src/app/releases/minisign.ts';
import { commentOf, LIST, readRelease, SIGNATURE } from '../src/app/releases/release.ts';
import { installMissing } from '../test/rehearsal/tools.ts';
import { buildBundle } from './build.ts';
import { buildCollection } from './collection.ts';
import { EXECUTABLE_TOOLS } from './executable.ts';
import { buildPackage } from './package.ts';
import { ARCHITECTURES, runtimeFolder } from './runtimes.ts';
import { sbomText } from './sbom.ts';
import { type Source, sourceState } from './source.ts';

const root = path.join(import.meta.dirname, '..');

/**
 * Builds everything, and lists it with its digests in SHA256SUMS.
 * @param folder where it goes; what is in it is deleted before. Absolute path
 * @param releases where it will find newer ones
 */
async function buildRelease(folder: string, source: Source, releases?: Releases): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const bundle = await buildBundle(releases);
  await Promise.all(
    ARCHITECTURES.map(async (architecture) => {
      const executable = path.join(folder, `studio-setup_${source.version}_${architecture}`);
      await buildPackage({ architecture, bundle, source, executable });
      // One thread: several make other bytes than one.
      await promisify(execFile)('xz', ['--threads=1', '-9', executable]);
    }),
  );
  await buildCollection(folder, source.epoch);
  const sbom = path.join(folder, `studio-setup_${source.version}.cdx.json`);
  await writeFile(sbom, await sbomText([...bundle.packages, await runtimeFolder('amd64')], source.epoch));
  const names = (await readdir(folder)).sort();
  const sums = names.map(async (name) => {
    const digest = createHash('sha256').update(await readFile(path.join(folder, name)));
    return `${digest.digest('hex')}  ${name}\n`;
  });
  await writeFile(path.join(folder, LIST), (await Promise.all(sums)).join(''));
}

/**
 * Signs SHA256SUMS, which has the digests of all else. minisign asks for the key's password in the terminal, if it has one.
 * @param key absolute path of minisign's secret key
 * @param releases what the signature must pass for, as the programs out there will have it
 * @throws Error when minisign fails, or the key is not that of the public key
 */
async function sign(folder: string, key: string, version: string, releases?: Releases): Promise<void> {
  const sums = path.join(folder, LIST);
  const args = ['-S', '-s', key, '-m', sums, '-t', commentOf(version, new Date())];
  const [code] = await once(spawn('minisign', args, { stdio: 'inherit' }), 'exit');
  if (code !== 0) throw new Error(`minisign ended with ${code}: ${sums} is not signed.`);
  if (releases === undefined) return;
  const signature = await readFile(path.join(folder, SIGNATURE), 'utf8');
  readRelease(await readFile(sums), signature, releases);
}

/** @throws Error when the key lies among the sources */
function keyPath(given: string): string {
  const key = path.resolve(given);
  if (path.relative(root, key).startsWith('..')) return key;
  throw new Error(`${key} is in the checkout, where a commit could take it along. Keep the key elsewhere.`);
}

/**
 * What is built in. A program would refuse as its newer version what no tag names, so that is refused here.
 * @param keyFile of the public key
 * @param address where the files of the newest release will lie
 * @throws Error when one is missing or wrong
 */
async function releasesOf(keyFile: string, address: string, { version }: Source): Promise<Releases> {
  const url = new URL(address.endsWith('/') ? address : `${address}/`);
  if (url.protocol !== 'https:') throw new Error(`${address} is no address with https://.`);
  if (!/^\d+\.\d+\.\d+-1$/.test(version))
    throw new Error(
      `${version} is no release: installed programs look for three numbers. Check out the tag.`,
    );
  const text = await readFile(keyFile, 'utf8');
  try {
    publicKey(text);
  } catch (error) {
    throw new Error(`${keyFile}: ${error instanceof Error ? error.message : error}`);
  }
  return { address: url.href, publicKey: text.trim().split('\n').at(-1) ?? '' };
}

const { values } = parseArgs({
  options: { key: { type: 'string' }, 'public-key': { type: 'string' }, releases: { type: 'string' } },
});
const key = values.key === undefined ? undefined : keyPath(values.key);
const { 'public-key': publicKeyFile, releases: address } = values;
if ((publicKeyFile === undefined) !== (address === undefined))
  throw new Error('--public-key and --releases belong together: a program trusts an address by that key.');
const source = await sourceState();
const releases =
  publicKeyFile === undefined || address === undefined
    ? undefined
    : await releasesOf(publicKeyFile, address, source);
const tools = {
  ...EXECUTABLE_TOOLS,
  '/usr/bin/xz': 'xz-utils',
  ...(key === undefined ? {} : { '/usr/bin/minisign': 'minisign' }),
};
await installMissing(tools, 'a release', console.log);
const folder = path.join(root, 'dist', 'release');
await buildRelease(folder, source, releases);
if (key !== undefined) await sign(folder, key, source.version, releases);
for (const name of await readdir(folder))
  console.log(`built ${path.relative(root, path.join(folder, name))}`);
