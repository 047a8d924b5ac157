import type { Host } from '../host/host.ts';
import { CHECKOUT, SITE_USER, VENV } from './layout.ts';
import { type PythonVersion, VERSION, versionOf } from './python.ts';

/**
 * A program that prints the version of the virtualenv's Python. One that was cut off has no pip. Without site-packages (-S) Python
 * starts in half the time.
 */
const WITH_PIP = `import os, sys
home = os.path.dirname(os.path.dirname(sys.executable))
packages = os.path.join(home, 'lib', 'python%d.%d' % sys.version_info[:2], 'site-packages')
assert os.path.isfile(os.path.join(packages, 'pip', '__init__.py'))
${VERSION}`;

/** @returns the version of the virtualenv's Python, `undefined` when there is none that works and has pip */
export async function virtualenvPython(host: Host): Promise<PythonVersion | undefined> {
  if ((await host.status(`${VENV}/bin/python`)) === undefined) return undefined;
  return host.once('virtualenv', async () =>
    versionOf(await host.query([`${VENV}/bin/python`, '-I', '-S', '-c', WITH_PIP], { as: SITE_USER })),
  );
}

async function sitePackages(host: Host, venv: string): Promise<string | undefined> {
  const python = (await host.list(`${venv}/lib`)).find((name) => /^python3\.\d+$/.test(name));
  return python === undefined ? undefined : `${venv}/lib/${python}/site-packages`;
}

/** @returns the metadata of what is installed in the virtualenv: names of folders and files, sorted */
export async function installedPackages(host: Host, venv: string = VENV): Promise<readonly string[]> {
  const folder = await sitePackages(host, venv);
  return folder === undefined
    ? []
    : (await host.list(folder)).filter((name) => /\.(dist-info|egg-info|pth)$/.test(name));
}

/** @returns the version of a distribution in a virtualenv, the services' own when none is named, by its metadata folder. */
export async function installedVersion(
  host: Host,
  name: string,
  venv: string = VENV,
): Promise<string | undefined> {
  return (await installedPackages(host, venv))
    .map((each) => new RegExp(`^${name}-(.+)\\.dist-info$`).exec(each)?.[1])
    .find((version) => version !== undefined);
}

/**
 * Looks at names alone, and starts no program. A few packages may be for other systems: whether those are missing poetry says.
 * @returns how many packages of poetry.lock the virtualenv has not, e.g. `11 of 17 packages`; `undefined` when it has most of them
 */
export async function lacksPackages(host: Host): Promise<string | undefined> {
  const normal = (name: string) => name.toLowerCase().replace(/[-_.]+/g, '-');
  const lock = (await host.read(`${CHECKOUT}/poetry.lock`, { as: SITE_USER })) ?? '';
  const locked = [...lock.matchAll(/^\[\[package\]\]\nname = "([^"]+)"/gm)].map(([, name]) => name ?? '');
  const present = new Set(
    (await installedPackages(host)).map((folder) => normal(folder.split('-')[0] ?? '')),
  );
  const missing = locked.filter((name) => !present.has(normal(name))).length;
  return missing > locked.length / 3 ? `${missing} of ${locked.length} packages` : undefined;
}
