import type { Host } from '../host/host.ts';

/** The distribution's own Python, which the document's virtualenv is made of. */
export const SYSTEM_PYTHON = '/usr/bin/python3';

/** Major and minor, e.g. `[3, 11]`. */
export type PythonVersion = readonly [number, number];

/** Django 3.2 and poetry 1.1 run on these; from 3.12 on the standard library lacks what they import. */
export const OLDEST: PythonVersion = [3, 8];
export const NEWEST: PythonVersion = [3, 11];

/** Root's alone: what the product brings that no package of the distribution is. */
export const BROUGHT = '/opt/studio-setup';
export const UV_FOLDER = `${BROUGHT}/uv`;
export const PYTHONS = `${BROUGHT}/python`;

/** Installs a managed CPython. Pinned: its builds of Python, with their digests, are listed inside of it. */
export const UV = '0.13.9';

/**
 * uv's wheels for x86-64 and 64-bit ARM, in the form of a requirements file. The digests are those that the Python package
 * index gives for these files (project uv, release 0.13.9).
 */
export const UV_REQUIREMENT = `uv==${UV} \\
    --hash=sha256:d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19 \\
    --hash=sha256:ecb6028d79dc96fbeafffe5c8af62a7099487ebc05a701e76714eebcffd06375
`;

/** The document's version of poetry, and the one that takes its place where it can't work: it reads the same lock file. */
export const POETRY = '1.1.6';
export const NEWER_POETRY = '1.8.5';

/**
 * What builds packages together with {@link POETRY}, as Debian 12 has them: with the pip that a newer virtualenv brings, poetry
 * builds no private dependency ("Cannot import 'poetry.core.masonry.api'").
 */
export const PIP = '23.0.1';
export const SETUPTOOLS = '66.1.1';

/** uWSGI for a Python that no package of the distribution has a plugin for. */
export const PYUWSGI = '2.0.30.post1';

export function isOlder([major, minor]: PythonVersion, [otherMajor, otherMinor]: PythonVersion): boolean {
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}

/** @returns the version of the distribution's Python, `undefined` when there is none, or when it does not tell. */
export function systemPython(host: Host): Promise<PythonVersion | undefined> {
  return host.once('system-python', async () => {
    if ((await host.status(SYSTEM_PYTHON)) === undefined) return undefined;
    return versionOf(await host.query([SYSTEM_PYTHON, '-I', '-S', '-c', VERSION]));
  });
}

/** A program in Python that prints its own version. */
export const VERSION = 'import sys; print("%d.%d" % sys.version_info[:2])';

/** @returns the version that a program printed */
export function versionOf({
  code,
  stdout,
}: {
  readonly code: number;
  readonly stdout: string;
}): PythonVersion | undefined {
  const [, major, minor] = /^(\d+)\.(\d+)$/m.exec(stdout) ?? [];
  return code === 0 && major !== undefined && minor !== undefined
    ? [Number(major), Number(minor)]
    : undefined;
}

/**
 * Whether the distribution's Python is too new for the site, so that the product brings one, and uWSGI with it.
 * A host without Python is a new one: its packages bring it, and whoever asks has to wait for them.
 */
export async function needsManagedPython(host: Host): Promise<boolean> {
  const version = await systemPython(host);
  return version !== undefined && isOlder(NEWEST, version);
}

/** @returns the program of the newest managed Python that the site runs on, `undefined` when there is none */
export async function managedPython(host: Host): Promise<string | undefined> {
  // `cpython-3.11-linux-…` is uv's own link to one of the folders that name three numbers.
  const builds = (await host.list(PYTHONS)).flatMap((name) => {
    const [, major, minor, patch] = /^cpython-(\d+)\.(\d+)\.(\d+)-/.exec(name) ?? [];
    return patch === undefined
      ? []
      : [{ name, numbers: [Number(major), Number(minor), Number(patch)] as const }];
  });
  const [newest] = builds
    .filter(
      ({ numbers: [major, minor] }) => !isOlder(NEWEST, [major, minor]) && !isOlder([major, minor], OLDEST),
    )
    .sort(({ numbers: one }, { numbers: other }) => other[1] - one[1] || other[2] - one[2]);
  if (newest === undefined) return undefined;
  const program = `${PYTHONS}/${newest.name}/bin/python${newest.numbers[0]}.${newest.numbers[1]}`;
  return (await host.status(program)) === undefined ? undefined : program;
}
