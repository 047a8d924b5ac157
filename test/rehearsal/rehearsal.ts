import { Disk } from './disk.ts';
import { Guest } from './guest.ts';
import { Internet, type Supplies } from './internet.ts';
import { internetPrograms } from './programs.ts';
import { pythonIndex } from './python.ts';
import { pythons } from './pythons.ts';
import { type Link, type Machine, otherMachine, type Release, usualMachine, usualRelease } from './recipe.ts';
import { releases } from './releases.ts';
import type { RepositoriesOptions } from './repositories.ts';
import { debian } from './root.ts';
import { openSandbox } from './sandbox.ts';
import { repositories } from './sources.ts';
import { ensureTools, type Report } from './tools.ts';
import { type TreeOptions, tree } from './tree.ts';

export interface RehearsalOptions extends RepositoriesOptions {
  /** Where progress lines go; standard output when not given. */
  readonly report?: Report;
  /** Debian's release; bookworm when not given. */
  readonly release?: Release;
  /** Of each host; as fast as memory when not given. */
  readonly link?: Link;
}

/** A throwaway host, booted, with the internet that it reaches. What is run and written through it happens on the host. */
export interface Rehearsal extends Guest {
  readonly internet: Internet;
  readonly dns: Internet['dns'];
  /**
   * Boots another host, as bare, in the same internet: at another address, with another name. It ends with this one.
   * @param machine one of another name and addresses; that of another provider when not given
   */
  another(machine?: Machine): Promise<Rehearsal>;
  /** Lists the host's files for comparing it with another host; see `tree.ts`. */
  tree(options?: TreeOptions): Promise<string[]>;
  /** Ends the host and its internet. Nothing is left on the machine but the cache. Also happens when this process ends. */
  stop(): Promise<void>;
}

/**
 * Gives what a rehearsal is made of, building first what the cache lacks: some minutes' work, most of it downloads.
 * @throws {Error} when this process is not root, or a part cannot be built
 */
export async function fromCache(
  options: RehearsalOptions = {},
): Promise<{ readonly root: string; readonly supplies: Supplies }> {
  const { report = (line: string) => console.log(line), release = usualRelease, ...layout } = options;
  await ensureTools(report);
  const [{ root, pool }, index, programs, bare, meilisearch, managed] = await Promise.all([
    debian(release, report),
    pythonIndex(report),
    internetPrograms(report),
    repositories(layout, report),
    releases(report),
    pythons(report),
  ]);
  return {
    root,
    supplies: { pool, index, programs, repositories: bare, releases: meilisearch, pythons: managed },
  };
}

/**
 * Boots a fresh throwaway host in an internet of its own. The first time on a machine it builds the cache, which takes some
 * minutes; after that a host costs seconds.
 * @throws {Error} when this process is not root, when the cache cannot be built, or when a part does not come up
 */
export async function startRehearsal(options: RehearsalOptions = {}): Promise<Rehearsal> {
  const { link, ...stock } = options;
  const { root, supplies } = await fromCache(stock);
  const sandbox = await openSandbox();
  try {
    const internet = await Internet.start(sandbox, supplies);
    const booted = async (machine: Machine): Promise<Rehearsal> => {
      await sandbox.connect(machine, link && { ...link, programs: supplies.programs });
      const disk = new Disk(sandbox, root, machine);
      await disk.format();
      await disk.trust(await internet.authorities());
      const guest = new Guest(sandbox, disk, machine);
      await guest.boot();
      return Object.assign(guest, {
        internet,
        dns: internet.dns,
        another: (other = otherMachine) => booted(other),
        tree: (options?: TreeOptions) => tree(guest, options),
        stop: () => sandbox.end(),
      });
    };
    return await booted(usualMachine);
  } catch (error) {
    await sandbox.end();
    throw error;
  }
}
