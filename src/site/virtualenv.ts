import type { Host } from '../host/host.ts';
import { SITE_USER, VENV } from './layout.ts';
import { type PythonVersion, VERSION, versionOf } from './python.ts';

/** @returns the version of the virtualenv's Python, `undefined` when there is none that works and has pip */
export async function virtualenvPython(host: Host): Promise<PythonVersion | undefined> {
  if ((await host.status(`${VENV}/bin/python`)) === undefined) return undefined;
  // Quicker than a start of Python with pip, and a virtualenv that was cut off has one and not the other.
  const program = `import importlib.util; assert importlib.util.find_spec("pip"); ${VERSION}`;
  return host.once('virtualenv', async () =>
    versionOf(await host.query([`${VENV}/bin/python`, '-I', '-c', program], { as: SITE_USER })),
  );
}

async function sitePackages(host: Host): Promise<string | undefined> {
  const python = (await host.list(`${VENV}/lib`)).find((name) => /^python3\.\d+$/.test(name));
  return python === undefined ? undefined : `${VENV}/lib/${python}/site-packages`;
}

/** @returns the metadata of what is installed in the virtualenv: names of folders and files, sorted */
export async function installedPackages(host: Host): Promise<readonly string[]> {
  const folder = await sitePackages(host);
  return folder === undefined
    ? []
    : (await host.list(folder)).filter((name) => /\.(dist-info|egg-info|pth)$/.test(name));
}

/** @returns the version of a distribution in the virtualenv, by its metadata folder. */
export async function installedVersion(host: Host, name: string): Promise<string | undefined> {
  return (await installedPackages(host))
    .map((each) => new RegExp(`^${name}-(.+)\\.dist-info$`).exec(each)?.[1])
    .find((version) => version !== undefined);
}
