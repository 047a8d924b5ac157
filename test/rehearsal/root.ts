import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cached } from './cache.ts';
import { bound, must } from './process.ts';
import { maskedUnits, poolPackages, type Release, rootFiles, rootPackages } from './recipe.ts';
import type { Report } from './tools.ts';

export interface Debian {
  /** The folder of the bare root, never written to: each host is an overlay over it. */
  readonly root: string;
  /** The folder of the apt source: packages and their index. */
  readonly pool: string;
}

/** Gives the bare Debian root and, from the same day, the packages that can be installed on it. */
export async function debian(suite: Release, report: Report): Promise<Debian> {
  const folder = await cached(
    {
      name: suite,
      what: `a bare Debian ${suite} and the packages that can be installed on it (about 500 MB)`,
      recipe: { version: 1, suite, rootPackages, poolPackages, rootFiles, maskedUnits },
      build: async (target) => {
        await bootstrap(suite, join(target, 'root'));
        // The pool before the files: it needs the package sources that the root was made from.
        await fillPool(join(target, 'root'), join(target, 'pool'));
        await furnish(join(target, 'root'));
      },
    },
    report,
  );
  return { root: join(folder, 'root'), pool: join(folder, 'pool') };
}

async function bootstrap(suite: Release, root: string): Promise<void> {
  const sources = await debianSources(suite);
  const include = `--include=${rootPackages.join(',')}`;
  const options = ['--quiet', '--mode=root', '--variant=minbase', '--components=main', include];
  // A lone dash makes mmdebstrap read its sources from standard input; without it, it takes Debian's own mirror.
  await must(bound(['mmdebstrap', ...options, suite, root, ...(sources === '' ? [] : ['-'])]), {
    input: sources,
  });
}

/** The sources of a release, at the mirror that this machine takes its own packages of Debian from. */
export async function debianSources(suite: Release): Promise<string> {
  const format = '$(ORIGIN)|$(CREATED_BY)|$(RELEASE)|deb $(REPO_URI) $(RELEASE) $(COMPONENT)';
  const lines = (await must(['apt-get', 'indextargets', '--format', format])).split('\n');
  const own = await must(['sh', '-c', '. /etc/os-release; echo "$VERSION_CODENAME"']);
  const prefix = `Debian|Packages|${own.trim()}`;
  return lines
    .filter((line) => line.startsWith(prefix))
    .map((line) => `${line.split('|')[3]?.replaceAll(own.trim(), suite)}\n`)
    .join('');
}

/**
 * Downloads what is to be installable, with recommended packages and without: each package alone and all together, because
 * apt chooses among alternatives by what else is wanted.
 */
async function fillPool(root: string, pool: string): Promise<void> {
  await mkdir(join(pool, 'partial'), { recursive: true });
  const apt = [
    'apt-get',
    '--quiet=2',
    ...['-o', `Dir=${root}`],
    ...['-o', `Dir::State::status=${root}/var/lib/dpkg/status`],
    ...['-o', `Dir::Cache::archives=${pool}`],
    ...['-o', 'APT::Sandbox::User=root'],
    ...['-o', 'Acquire::Languages=none'],
  ];
  await must(bound([...apt, 'update']));
  const download = bound([...apt, '--yes', '--download-only', 'install']);
  await must([...download, ...poolPackages]);
  for (const name of poolPackages) await must([...download, name]);
  await rm(join(pool, 'partial'), { recursive: true });
  await rm(join(pool, 'lock'), { force: true });
  await writeFile(join(pool, 'Packages'), await must(['apt-ftparchive', 'packages', '.'], { cwd: pool }));
  await writeFile(join(pool, 'Release'), await must(['apt-ftparchive', 'release', '.'], { cwd: pool }));
}

async function furnish(root: string): Promise<void> {
  await must(['chroot', root, 'apt-get', 'clean']);
  await must(['sh', '-c', 'rm -rf "$1"/var/lib/apt/lists/* "$1"/etc/apt/sources.list.d/*', 'sh', root]);
  for (const [path, content] of Object.entries(rootFiles)) {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    await rm(file, { force: true });
    await writeFile(file, content);
  }
  for (const unit of maskedUnits) await symlink('/dev/null', join(root, 'etc/systemd/system', unit));
}
