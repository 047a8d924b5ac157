import type { Operation } from '../../engine/operation.ts';
import { asAccount } from '../../host/shell.ts';
import { command } from '../../operations/command.ts';
import { inheritGroup, installInVirtualenv } from '../../operations/in-virtualenv.ts';
import { installDependencies, installPoetry, pipShell } from '../../operations/poetry.ts';
import { removeFolder } from '../../operations/remove-folder.ts';
import { SITE_USER, STAGE, VENV, WWW } from '../../site/layout.ts';
import {
  managedPython,
  needsManagedPython,
  PIP,
  PYUWSGI,
  SETUPTOOLS,
  SYSTEM_PYTHON,
} from '../../site/python.ts';
import type { Release, Way } from './state.ts';

/** Made last: what a kill left without it is made again. */
const COMPLETE = '.studio-setup-complete';

/**
 * A virtualenv with what the new poetry.lock names. A virtualenv can't be moved: its programs begin with its path. So it is
 * made at the path that it keeps, and the services reach it by a link.
 */
export function builtVirtualenv(id: string, from: Release, to: Release): Operation {
  const venv = `${WWW}/${to.virtualenv}`;
  return command({
    id,
    title: venv,
    downloads: "the site's Python packages",
    shell: [
      asAccount(SITE_USER, `virtualenv -p ${SYSTEM_PYTHON} ${venv}`),
      pipShell(venv),
      `cd ${STAGE} && ${asAccount(SITE_USER, `env VIRTUAL_ENV=${venv} ${venv}/bin/poetry install --no-root --no-interaction`)}`,
    ],
    touches: [venv],
    async missing(host) {
      if (from.virtualenv === to.virtualenv || (await host.status(VENV))?.target === to.virtualenv)
        return undefined;
      return (await host.status(`${venv}/${COMPLETE}`)) === undefined ? 'not made yet' : undefined;
    },
    async apply(live) {
      const place = { venv, checkout: STAGE };
      const managed = await needsManagedPython(live);
      const python = managed ? await managedPython(live) : SYSTEM_PYTHON;
      await removeFolder(live, venv);
      await live.run(['virtualenv', '-p', python ?? SYSTEM_PYTHON, venv], { as: SITE_USER, yields: true });
      if (managed) await installInVirtualenv(live, [`pip==${PIP}`, `setuptools==${SETUPTOOLS}`], venv);
      await installPoetry(live, place);
      // Not the site itself: that would lead Python to the folder that it is tried in, which goes again.
      await installDependencies(live, place, ['--no-root']);
      if (managed) await installInVirtualenv(live, [`pyuwsgi==${PYUWSGI}`], venv);
      await inheritGroup(live, venv);
      await live.run(['touch', '--', `${venv}/${COMPLETE}`], { as: SITE_USER });
    },
  });
}

/**
 * ln(1) replaces a link in one step (coreutils, src/force-link.c). Only the folder of a first installation is moved before: for
 * that moment a program finds no virtualenv; those that run have theirs open. What comes into force is newer than what was:
 * by that the services see that they have to load it, and collectstatic that it has to copy.
 */
const SWITCH = `set -eu
cd -- "$1"
find "$3/" -type f -path '*/static/*' -exec touch -c -- {} +
find "$3/lib" -maxdepth 3 -name '*.dist-info' -exec touch -c -- {} +
if [ -d venv ] && [ ! -L venv ]; then
  rm -rf -- "$2"
  mv -T -- venv "$2"
fi
ln -sfnT -- "$3" venv`;

/** The services' virtualenv is that of the one release, and no longer that of the other. @param way what is under way */
export function switchedVirtualenv(id: string, now: Release, other: Release, { from }: Way): Operation {
  return command({
    id,
    title: `${VENV} → ${now.virtualenv}`,
    shell: [asAccount(SITE_USER, `ln -sfnT ${now.virtualenv} ${VENV}`)],
    touches: [VENV],
    async missing(host) {
      if (now.virtualenv === other.virtualenv) return undefined;
      const venv = await host.status(VENV);
      // The folder of a first installation is what the site began with.
      const inForce = venv?.type === 'directory' ? from.virtualenv : venv?.target;
      return inForce === now.virtualenv ? undefined : now.virtualenv;
    },
    async apply(live) {
      await live.run(['sh', '-c', SWITCH, 'sh', WWW, other.virtualenv, now.virtualenv], { as: SITE_USER });
    },
  });
}
