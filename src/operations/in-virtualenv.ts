import type { Host, LiveHost, ProgramResult } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';
import { SITE_USER, VENV } from '../site/layout.ts';
import { NOT_INHERITING, treesInOrder } from './site-trees.ts';

/**
 * Installs packages into the site's virtualenv with its own pip, as the site's account.
 * @param packages with their versions: `pip==23.0.1`
 * @param venv absolute path; the one that the services run when absent
 * @throws ProblemError with pip's last lines
 */
export async function installInVirtualenv(
  live: LiveHost,
  packages: readonly string[],
  venv: string = VENV,
): Promise<void> {
  await live.run([`${venv}/bin/python`, '-m', 'pip', 'install', '--no-input', ...packages], {
    as: SITE_USER,
    yields: true,
    explain: explainIndex,
  });
  await inheritGroup(live, venv);
}

/** virtualenv and pip copy the modes of their sources onto some folders, which takes the inherited set-gid bit off. */
export async function inheritGroup(live: LiveHost, venv: string = VENV): Promise<void> {
  await live.run(['find', `${venv}/`, ...NOT_INHERITING, '-exec', 'chmod', 'g+s', '{}', '+'], {
    as: SITE_USER,
  });
}

/** @returns a folder of the virtualenv that a run which was cut off left without that bit */
export async function notInheriting(host: Host): Promise<string | undefined> {
  return (await treesInOrder(host)) ? undefined : firstBelow(host, `${VENV}/`, NOT_INHERITING);
}

/**
 * @param tests of find(1)
 * @returns the first path below a folder that meets them
 * @throws ProblemError when find could not look everywhere
 */
export async function firstBelow(
  host: Host,
  folder: string,
  tests: readonly string[],
): Promise<string | undefined> {
  const { code, stdout, stderr } = await host.query(['find', folder, ...tests, '-print', '-quit']);
  if (code === 0) return stdout.split('\n')[0] || undefined;
  throw new ProblemError({
    what: `The modes of files in ${folder} could not be read: ${stderr.trim() || `find ended with exit code ${code}`}`,
    remedy: 'Fix the cause, then run again.',
  });
}

/**
 * pip's own sentences (resolution/resolvelib/factory.py; index/package_finder.py), and urllib3's of a connection that never came
 * about (MaxRetryError), which pip and poetry repeat.
 */
const INDEX =
  /^ *(ERROR: )?(Could not find a version that satisfies the requirement |No matching distribution found for )|\bHTTPS?ConnectionPool\(host='[^']*', port=\d+\): Max retries exceeded with url: /m;

/** The usual causes of a failed pip or poetry, by their own words. */
export function explainIndex(result: ProgramResult): { what?: string; remedy: string } | undefined {
  const text = `${result.stdout}\n${result.stderr}`;
  if (INDEX.test(text)) {
    return {
      what: 'The Python package index does not answer, or lacks a package.',
      remedy: 'Check the network and /etc/pip.conf, then run again.',
    };
  }
  return undefined;
}
