import type { Host } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';

const APT_LOCKS = [
  '/var/lib/dpkg/lock-frontend',
  '/var/lib/dpkg/lock',
  '/var/lib/apt/lists/lock',
  '/var/cache/apt/archives/lock',
];

/**
 * Reads who holds apt's locks from the kernel's own list: taking a lock to find out would be a write.
 * @returns the program with its process number, `undefined` when nobody does
 */
export async function aptHolder(host: Host): Promise<string | undefined> {
  const locks = (await host.read('/proc/locks')) ?? '';
  for (const path of APT_LOCKS) {
    const { code, stdout } = await host.query(['stat', '--format=%i', path]);
    const inode = stdout.trim();
    const holder =
      code === 0 ? new RegExp(`WRITE (\\d+) [0-9a-f]+:[0-9a-f]+:${inode} `).exec(locks)?.[1] : undefined;
    if (holder === undefined || holder === '0') continue;
    const program = ((await host.read(`/proc/${holder}/cmdline`)) ?? '')
      .replaceAll('\0', ' ')
      .trim()
      .slice(0, 60);
    return `${program || 'another program'} (process ${holder})`;
  }
  return undefined;
}

/** @throws ProblemError when apt is locked */
export async function freeApt(host: Host): Promise<void> {
  const holder = await aptHolder(host);
  if (holder === undefined) return;
  throw new ProblemError({
    what: `apt is locked by ${holder}.`,
    remedy:
      'On a new server this is often unattended-upgrades: wait a few minutes, then run again. Nothing was changed.',
  });
}

/**
 * Lets apt work out the installation without carrying it out: packages that are held, or pinned away, are found before the
 * first change. That it knows no version of a package may be for lists that are old or were never fetched: that is told once
 * they have been.
 * @param packages those that are not installed yet
 * @throws ProblemError when apt would refuse
 */
export async function installable(host: Host, packages: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await host.query(
    ['apt-get', '--simulate', ...WITHOUT_TRACE, 'install', '-y', '--no-install-recommends', ...packages],
    { quiet: true },
  );
  const refusal = code === 0 ? undefined : refusalOf(`${stdout}\n${stderr}`);
  if (refusal === undefined || refusal.cause === 'unknown') return;
  const { what, remedy, detail } = refusal;
  throw new ProblemError({ what, remedy: `${remedy}, then run again. Nothing was changed.`, detail });
}

/**
 * @param packages those that are not installed yet
 * @returns how many bytes apt would fetch for them and all that they need; `undefined` where its lists don't tell, as on a
 *   server where they were never fetched
 */
export async function downloadSize(host: Host, packages: readonly string[]): Promise<number | undefined> {
  if (packages.length === 0) return 0;
  // apt-get(8): it prints `'URI' FILE SIZE HASH` for each file, and takes no lock.
  const words = ['--print-uris', '-qq', ...WITHOUT_TRACE, 'install', '-y', '--no-install-recommends'];
  const { code, stdout } = await host.query(['apt-get', ...words, ...packages], { quiet: true });
  if (code !== 0) return undefined;
  return [...stdout.matchAll(/^'[^']*' \S+ (\d+)\b/gm)].reduce((sum, [, bytes]) => sum + Number(bytes), 0);
}

/** apt would else write what it read of its lists to /var/cache/apt, also when it only simulates (apt.conf(5), Dir::Cache). */
export const WITHOUT_TRACE: readonly string[] = [
  ...['-o', 'Dir::Cache::pkgcache=', '-o', 'Dir::Cache::srcpkgcache='],
  // What it would have its planner do it logs as well, to eipp.log.xz.
  ...['-o', 'Dir::Log::Planner=/dev/null'],
];

interface Refusal {
  readonly what: string;
  readonly remedy: string;
  readonly detail: readonly string[];
  /** `unknown`: apt knows no version of a package, for whatever reason. */
  readonly cause: 'held' | 'unknown';
}

/**
 * By apt's own sentences (apt-private/private-install.cc and private-cacheset.cc of apt 2.6, in the C locale).
 * @returns what they mean, for those that tell of a choice of the operator's
 */
export function refusalOf(output: string): Refusal | undefined {
  const held = /^The following held packages will be changed:\n((?: {2}.*\n?)+)/m.exec(output)?.[1];
  if (held !== undefined && output.includes('E: Held packages were changed and -y was used without'))
    return {
      what: `apt holds packages that the site needs: ${held.trim().split(/\s+/).join(', ')}.`,
      remedy: `Release them (apt-mark unhold ${held.trim().split(/\s+/).join(' ')})`,
      detail: [],
      cause: 'held',
    };
  const absent = [...output.matchAll(/^E: Package '([^']+)' has no installation candidate$/gm)].map(
    ([, name = '']) => name,
  );
  if (absent.length > 0)
    return {
      what: `apt has no version of ${absent.join(', ')} to install: excluded by a pin, or not in the package sources.`,
      remedy: `Find out which (apt-cache policy ${absent.join(' ')}; /etc/apt/preferences.d)`,
      detail: [],
      cause: 'unknown',
    };
  if (/^E: Unable to correct problems, you have held broken packages\.$/m.test(output))
    return {
      what: 'apt finds no versions that fit together: packages are held or pinned, or sources of other releases are mixed in.',
      remedy: 'Check the packages named above (apt-mark showhold; /etc/apt/preferences.d)',
      detail: output
        .split('\n')
        .filter((line) => /^ \S+ : |^ {3,}\S/.test(line))
        .slice(0, 12),
      cause: 'held',
    };
  return undefined;
}
