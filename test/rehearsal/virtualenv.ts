import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from './cache.ts';
import { must } from './process.ts';
import { installMissing, type Report } from './tools.ts';

export interface Virtualenv {
  /** One word, of the part in the cache. */
  readonly name: string;
  /** What a first-time user reads while it is built. */
  readonly what: string;
  /** Absolute path of the list of pins: pip's requirements file. */
  readonly requirements: string;
}

/**
 * Gives the folder of a virtualenv of Debian's own Python, from the Python package index. It may be copied: its programs start the
 * Python that is found first, so its `bin` has to stand first in PATH.
 */
export async function virtualenv({ name, what, requirements }: Virtualenv, report: Report): Promise<string> {
  await installMissing({ '/usr/lib/python3.11/ensurepip/__init__.py': 'python3-venv' }, what, report);
  return cached(
    {
      name,
      what,
      recipe: { version: 1, requirements: await readFile(requirements, 'utf8') },
      build: async (target) => {
        // Not in namespaces of their own: a release is built in a container that may make none.
        const ends = ['setpriv', '--pdeathsig=KILL', '--'];
        await must([...ends, '/usr/bin/python3', '-m', 'venv', target]);
        const pip = [join(target, 'bin/python'), '-m', 'pip', 'install', '--quiet'];
        await must([...ends, ...pip, '--disable-pip-version-check', '--requirement', requirements]);
        // The folder is renamed afterwards: its programs start the Python that stands beside them.
        const script = 'sed -i "1s|^#!.*python.*|#!/usr/bin/env python3|" "$1"/bin/*';
        await must(['sh', '-c', script, 'sh', target]);
      },
    },
    report,
  );
}
