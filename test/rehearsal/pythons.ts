import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from './cache.ts';
import { must } from './process.ts';
import { managedPython } from './recipe.ts';
import { type Debian, debian } from './root.ts';
import type { Report } from './tools.ts';

/** The folder on the release server, as on python-build-standalone's own. */
const project = 'python-build-standalone';

/** A day, as python-build-standalone numbers its builds. */
const build = '20230301';

/**
 * Gives the folder of a managed CPython, laid out like python-build-standalone's `install_only` releases, with a list of it in
 * the form that uv reads from `python-downloads-json-url`: digests are checked as for the real ones
 * (docs.astral.sh/uv/concepts/python-versions, "Python download mirrors"; gregoryszorc.com/docs/python-build-standalone,
 * "Distribution archives": a folder `python` with `bin` and `lib`). The interpreter is Debian 12's own.
 */
export async function pythons(report: Report): Promise<string> {
  const { root, pool } = await debian('bookworm', report);
  return cached(
    {
      name: 'pythons',
      what: `a managed Python ${managedPython}`,
      recipe: { version: 2, managedPython, build, root, arch: process.arch },
      build: async (folder) => {
        const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
        const name = `cpython-${managedPython}+${build}-${machine}-unknown-linux-gnu-install_only.tar.gz`;
        await mkdir(join(folder, project, build), { recursive: true });
        await pack({ root, pool }, join(folder, project, build, name), join(folder, 'unpacked'));
        const content = await readFile(join(folder, project, build, name));
        const sha256 = createHash('sha256').update(content).digest('hex');
        const list = JSON.stringify(downloads(machine, name, sha256));
        await writeFile(join(folder, project, 'downloads.json'), list);
      },
    },
    report,
  );
}

/** @param scratch a folder that is not there yet; it is gone afterwards */
async function pack({ root, pool }: Debian, archive: string, scratch: string): Promise<void> {
  const minor = `python${managedPython.replace(/\.\d+$/, '')}`;
  const script = `
    mkdir -p "$3/python/bin" "$3/python/lib"
    cp "$1/usr/bin/$4" "$3/python/bin/$4"
    ln -s "$4" "$3/python/bin/python3"
    ln -s "$4" "$3/python/bin/python"
    # uv takes no archive with a link out of it: Debian's own settings in /etc stay out, all other links are followed.
    tar --create --dereference --exclude=sitecustomize.py --exclude=EXTERNALLY-MANAGED --directory "$1/usr/lib" "$4" |
      tar --extract --directory "$3/python/lib"
    # Debian keeps these parts of the standard library in packages of their own; CPython itself does not.
    for package in "$5"/python3-distutils_*.deb "$5"/python3-lib2to3_*.deb; do
      dpkg-deb --fsys-tarfile "$package" | tar --extract --directory "$3" --wildcards "./usr/lib/$4/*"
    done
    cp -a "$3/usr/lib/$4/." "$3/python/lib/$4/"
    tar --create --gzip --owner=0 --group=0 --file "$2" --directory "$3" python
    rm -r "$3"`;
  await must(['sh', '-e', '-c', script, 'sh', root, archive, scratch, minor, pool]);
}

function downloads(machine: string, name: string, sha256: string): unknown {
  const [major, minor, patch] = managedPython.split('.').map(Number);
  return {
    [`cpython-${managedPython}-linux-${machine}-gnu`]: {
      name: 'cpython',
      arch: { family: machine, variant: null },
      os: 'linux',
      libc: 'gnu',
      ...{ major, minor, patch },
      prerelease: '',
      url: `https://releases.example.test/${project}/${build}/${encodeURIComponent(name)}`,
      sha256,
      variant: null,
      build,
    },
  };
}
