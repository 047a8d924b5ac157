import type { Operation } from '../engine/operation.ts';
import type { Host, ProgramResult } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';

export interface Packages extends Pick<Operation, 'id' | 'title' | 'after' | 'covers' | 'departure'> {
  /** Debian's package names; Ubuntu's are the same. */
  readonly packages: readonly string[];
  /** Units that Debian enables and starts when it installs these: not the product's work, unless Debian failed at it. */
  readonly starts?: readonly string[];
  /** @returns whether this host does without them */
  readonly unless?: (host: Host) => Promise<boolean>;
}

/** @returns the file of a packaged unit, which tells a plan that the unit is about to come with its package */
export function packagedUnit(unit: string): string {
  return `/lib/systemd/system/${unit}`;
}

/** Seconds that apt-get itself waits for another one's lock; who holds it was said in Requirements. */
const LOCK_SECONDS = 300;
/** Milliseconds for which apt's lists count as fresh. */
const FRESH_MS = 10 * 60_000;

// biome-ignore lint/suspicious/noTemplateCurlyInString: these are dpkg's own placeholders
const FORMAT = '${Package} ${db:Status-Status}\\n';

/** Debian packages that must be installed. */
export function packages(wanted: Packages): Operation {
  return {
    id: wanted.id,
    title: wanted.title,
    ...(wanted.after ? { after: wanted.after } : {}),
    ...(wanted.covers ? { covers: wanted.covers } : {}),
    ...(wanted.departure ? { departure: wanted.departure } : {}),
    script: [`install_packages ${wanted.packages.join(' ')}`],
    async observe(host) {
      if (await wanted.unless?.(host)) return undefined;
      const states = await packageStates(host);
      const missing = wanted.packages.filter((name) => states.get(name) !== 'installed');
      if (missing.length === 0) return undefined;
      const install = [
        'apt-get',
        'install',
        '-y',
        '--no-install-recommends',
        '-o',
        `DPkg::Lock::Timeout=${LOCK_SECONDS}`,
        ...missing,
      ];
      return {
        kind: 'run',
        summary: `install ${missing.join(' ')}`,
        shell: ['apt-get update', `apt-get install -y --no-install-recommends ${missing.join(' ')}`],
        touches: (wanted.starts ?? []).map(packagedUnit),
        starts: wanted.starts ?? [],
        irreversible: 'packages stay installed; what else uses them by now is not known',
        async apply(live) {
          // A kill in the middle of an install leaves packages unpacked and not configured: dpkg finishes those first.
          if (
            [...states.values()].some(
              (state) => state !== 'installed' && state !== 'config-files' && state !== 'not-installed',
            )
          ) {
            await live.run(['dpkg', '--configure', '-a'], { explain });
          }
          if (!(await listsAreFresh(live))) await live.run(['apt-get', 'update', '-q'], { explain });
          await live.run(install, { explain, env: { APT_LISTCHANGES_FRONTEND: 'none' } });
        },
      };
    },
  };
}

/** Three sections install packages in one run: the lists are fetched once. */
async function listsAreFresh(host: Host): Promise<boolean> {
  const lists = await host.status('/var/lib/apt/lists/partial');
  return lists !== undefined && Date.now() - lists.modified < FRESH_MS;
}

/** @returns the state of every package that dpkg knows, e.g. `installed`, `half-configured`. */
function packageStates(host: Host): Promise<ReadonlyMap<string, string>> {
  return host.once('packages', async () => {
    const { code, stdout, stderr } = await host.query(['dpkg-query', '-W', '-f', FORMAT], { quiet: true });
    if (code !== 0) throw notAsked(stderr);
    // A line that is empty is no package that waits to be configured.
    const lines = stdout.split('\n').filter((line) => line !== '');
    return new Map(lines.map((line) => line.split(' ') as [string, string]));
  });
}

/** Without its answer every package would pass for one that is missing. */
function notAsked(stderr: string): ProblemError {
  return new ProblemError({
    what: `dpkg can't tell which packages are installed: ${stderr.trim()}`,
    remedy:
      'See what dpkg-query -W says, fix what it names (/var/lib/dpkg/status has a backup beside it), then run again.',
  });
}

/** @returns whether dpkg says that the package is installed. */
export async function isInstalled(host: Host, name: string): Promise<boolean> {
  return (await packageStates(host)).get(name) === 'installed';
}

function explain(result: ProgramResult): { what?: string; remedy: string } | undefined {
  const text = `${result.stdout}\n${result.stderr}`;
  if (/Could not get lock|is held by process/.test(text)) {
    return {
      what: 'Another program holds the lock of apt (the lines above name it).',
      remedy: 'Often it is unattended-upgrades on a fresh host: let it end (a few minutes), then run again.',
    };
  }
  if (/Unable to locate package/.test(text)) {
    return {
      remedy:
        'The package sources lack it: on Ubuntu enable "universe" (add-apt-repository universe), then run again.',
    };
  }
  if (
    /Temporary failure resolving|Could not resolve|Failed to fetch|Connection (failed|timed out|refused)/.test(
      text,
    )
  ) {
    return {
      what: 'The Debian packages could not be fetched.',
      remedy: 'Check the network and /etc/apt/sources.list (apt-get update shows the same), then run again.',
    };
  }
  return undefined;
}
