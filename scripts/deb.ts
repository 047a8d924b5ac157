import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { template } from '../templates/index.ts';

const root = path.join(import.meta.dirname, '..');
const MAINTAINER = 'studio-setup contributors <studio-setup@example.org>';

/** What a package of Debian is made of. */
export interface DebParts {
  /** Absolute path. */
  readonly executable: string;
  /** By Debian's name: `amd64`. */
  readonly architecture: string;
  /** By Debian's rules: `0.1.0-1`. */
  readonly version: string;
  /** When the sources were committed: seconds since 1970. */
  readonly epoch: number;
  /** Text of /usr/share/doc/studio-setup/copyright. */
  readonly copyright: string;
  /** The folder that it goes into: absolute path. */
  readonly folder: string;
  /** Packed within a second instead of as small as can be: for tests. */
  readonly quick?: boolean;
}

/**
 * Builds the package with dpkg-deb, which clamps all times to the epoch and sorts what it packs (dpkg-deb(1),
 * SOURCE_DATE_EPOCH): the same parts make the same bytes.
 * @returns absolute path of the package
 * @throws Error when dpkg-deb fails or is not there
 */
export async function buildDeb(parts: DebParts): Promise<string> {
  const { architecture, version, epoch, folder, quick = false } = parts;
  const output = path.join(folder, `studio-setup_${version}_${architecture}.deb`);
  const tree = await mkdtemp(path.join(folder, 'deb-'));
  try {
    await chmod(tree, 0o755);
    await fill(tree, parts);
    const compression = quick ? ['-Zzstd', '-z1'] : ['-Zxz', '-z9'];
    const args = ['--root-owner-group', ...compression, '--build', tree, output];
    const env = { ...process.env, SOURCE_DATE_EPOCH: String(epoch) };
    await promisify(execFile)('dpkg-deb', args, { env });
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
  return output;
}

/** Puts every file of the package, and what dpkg is told of it, below the folder. */
async function fill(tree: string, { executable, architecture, version, epoch, copyright }: DebParts) {
  const own = (...names: readonly string[]) => readFile(path.join(root, ...names));
  const doc = 'usr/share/doc/studio-setup';
  const files: Readonly<Record<string, string | Buffer>> = {
    'usr/share/man/man8/studio-setup.8.gz': compressed(await own('docs', 'studio-setup.8')),
    'usr/share/bash-completion/completions/studio-setup': template('completion/studio-setup.bash'),
    'usr/share/zsh/vendor-completions/_studio-setup': template('completion/studio-setup.zsh'),
    'usr/share/fish/vendor_completions.d/studio-setup.fish': template('completion/studio-setup.fish'),
    [`${doc}/copyright`]: copyright,
    [`${doc}/changelog.gz`]: compressed(await own('CHANGELOG.md')),
    [`${doc}/changelog.Debian.gz`]: compressed(changelog(version, epoch)),
    'usr/share/lintian/overrides/studio-setup': await own('packaging', 'debian', 'lintian-overrides'),
  };
  const sums: string[] = [];
  const program = 'usr/bin/studio-setup';
  await makeParents(tree, program);
  await copyFile(executable, path.join(tree, program));
  await chmod(path.join(tree, program), 0o755);
  sums.push(sum(program, await readFile(executable)));
  let bytes = (await stat(executable)).size;
  for (const [name, content] of Object.entries(files)) {
    await put(tree, name, content, 0o644);
    sums.push(sum(name, content));
    bytes += content.length;
  }
  const control = controlText(architecture, version, Math.ceil(bytes / 1024));
  await put(tree, 'DEBIAN/control', control, 0o644);
  await put(tree, 'DEBIAN/md5sums', sums.sort().join(''), 0o644);
  await put(tree, 'DEBIAN/templates', await own('packaging', 'debian', 'templates'), 0o644);
  for (const script of ['postinst', 'prerm', 'postrm'])
    await put(tree, `DEBIAN/${script}`, await own('packaging', 'debian', script), 0o755);
}

/**
 * The libraries are those of Node's own builds, each as old as the newest symbol that they take from it (`objdump -T`: GLIBC_2.28,
 * GCC_3.4, and CXXABI_1.3.11, which came with GCC 7). debconf asks at a purge.
 */
function controlText(architecture: string, version: string, kilobytes: number): string {
  return `Package: studio-setup
Version: ${version}
Architecture: ${architecture}
Maintainer: ${MAINTAINER}
Installed-Size: ${kilobytes}
Depends: debconf (>= 0.5) | debconf-2.0, libc6 (>= 2.28), libgcc-s1 (>= 3.4), libstdc++6 (>= 7)
Suggests: bash-completion
Section: admin
Priority: optional
Description: wizard that sets up Blender Studio on a server
 Sets up Blender Studio, the Django site of studio.blender.org, by the
 production document of the site, and proves that the site works.
 .
 It shows every change before it is made, looks at the server again after
 each, resumes where it was interrupted, and takes back what a run did. It
 also updates the site, makes and restores backups, and watches.
 .
 Node.js is built in; no other runtime is needed.
`;
}

function changelog(version: string, epoch: number): string {
  const date = new Date(epoch * 1000).toUTCString().replace('GMT', '+0000');
  return `studio-setup (${version}) unstable; urgency=medium

  * What changed is in changelog.gz.

 -- ${MAINTAINER}  ${date}
`;
}

/** As `gzip -9n` does it: no name and no time. */
function compressed(content: string | Buffer): Buffer {
  return gzipSync(content, { level: 9 });
}

function sum(name: string, content: string | Buffer): string {
  return `${createHash('md5').update(content).digest('hex')}  ${name}\n`;
}

async function put(tree: string, name: string, content: string | Buffer, mode: number): Promise<void> {
  await makeParents(tree, name);
  await writeFile(path.join(tree, name), content);
  await chmod(path.join(tree, name), mode);
}

/** Whatever the umask: dpkg gives the folders of a server the modes that they have in the package. */
async function makeParents(tree: string, name: string): Promise<void> {
  const parent = path.dirname(name);
  if (parent === '.') return;
  await makeParents(tree, parent);
  await mkdir(path.join(tree, parent), { recursive: true });
  await chmod(path.join(tree, parent), 0o755);
}
