import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from './cache.ts';
import { bound, must } from './process.ts';
import { managedPins, pypiserver } from './recipe.ts';
import { otherClients } from './repositories.ts';
import type { Report } from './tools.ts';

export interface PythonIndex {
  /** The folder of wheels and source archives. */
  readonly packages: string;
  /** The folder that Python finds pypiserver in. */
  readonly server: string;
}

/** Debian's own Python: the packages are chosen for the version that the throwaway host has as well. */
const python = '/usr/bin/python3';

/** Gives what the local Python package index is made of: the pinned packages of `site-wheels.txt`, and the server. */
export async function pythonIndex(report: Report): Promise<PythonIndex> {
  const list = join(import.meta.dirname, 'site-wheels.txt');
  const pins = (await readFile(list, 'utf8')).split('\n').filter((line) => /^[a-z]/i.test(line));
  const packages = await cached(
    {
      name: 'wheels',
      what: `the site's ${pins.length + managedPins.length} Python packages`,
      recipe: { version: 3, pins, managedPins, otherClients },
      // Without dependencies: the list is complete, and one version of each is what keeps the site's lock valid. Other clients
      // are there for locks that name them.
      build: async (folder) => {
        await pip('download', '--no-deps', '--dest', folder, '--requirement', list);
        for (const pin of [...managedPins, ...otherClients])
          await pip('download', '--no-deps', '--dest', folder, pin);
      },
    },
    report,
  );
  const server = await cached(
    {
      name: 'pypiserver',
      what: 'the server of the Python packages',
      recipe: { version: 1, pypiserver },
      build: (folder) => pip('install', '--target', folder, pypiserver),
    },
    report,
  );
  return { packages, server };
}

/**
 * Gives the wheel of a Django that knows more than the one that the site's lock names. No part of the index: there is one
 * version of each package in it.
 */
export async function laterDjango(report: Report): Promise<string> {
  const pin = 'django==4.2.25';
  const folder = await cached(
    {
      name: 'django',
      what: 'a Django later than the one of the site',
      recipe: { version: 1, pin },
      build: (target) => pip('download', '--no-deps', '--dest', target, pin),
    },
    report,
  );
  const [wheel = ''] = await readdir(folder);
  return join(folder, wheel);
}

/** The command that serves the index on port 80 of an address. */
export function packageServer(index: PythonIndex, address: string): string[] {
  const server = ['env', `PYTHONPATH=${index.server}`, python, '-m', 'pypiserver', 'run'];
  return [...server, '--interface', address, '--port', '80', '--disable-fallback', index.packages];
}

async function pip(command: string, ...args: readonly string[]): Promise<void> {
  const options = ['--quiet', '--disable-pip-version-check', '--no-cache-dir', '--root-user-action=ignore'];
  const quiet = command === 'install' ? options : options.slice(0, 3);
  await must(bound([python, '-m', 'pip', command, ...quiet, ...args]));
}
