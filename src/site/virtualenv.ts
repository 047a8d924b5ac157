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
