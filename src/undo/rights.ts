import type { Operation } from '../engine/operation.ts';
import type { Host } from '../host/host.ts';
import { type Rights, SET_ID } from '../host/rights.ts';
import { quote } from '../host/shell.ts';
import { count } from '../output/duration.ts';
import { type Entry, isPath, isRights } from './runs.ts';

/** Rights of many entries of one tree, as they were before the run. */
export interface Tree {
  readonly root: string;
  readonly rights: readonly Rights[];
}

/**
 * @returns by tree, what each entry had first, each in one tree only: one may lie in the other. A path that has a
 *   history of its own is skipped: that knows its rights too.
 */
export function treesOf(entries: readonly Entry[]): readonly Tree[] {
  const known = new Set(entries.filter(isPath).map(({ path }) => path));
  const trees = new Map<string, Rights[]>();
  for (const entry of entries) {
    if (!isRights(entry)) continue;
    const first = entry.was.filter(([file]) => !known.has(file));
    for (const [file] of first) known.add(file);
    trees.set(entry.path, [...(trees.get(entry.path) ?? []), ...first]);
  }
  return [...trees].map(([root, rights]) => ({ root, rights }));
}

/** @param which of the entries this is about: what is given to an account comes before its files, the rest after */
export function rightsAgain({ root, rights }: Tree, which: 'to root' | 'to others', id: string): Operation {
  const own = rights.filter(([, owner]) => owner.startsWith('root:') === (which === 'to root'));
  return {
    id,
    title: `rights in ${root}`,
    async observe(host) {
      const wrong = await wrongOf(host, own);
      const [first] = wrong;
      if (first === undefined) return undefined;
      const [file, owner, mode] = first;
      return {
        kind: 'update',
        summary: `${root}: owner and mode of ${count(wrong.length, 'entry', 'entries')} as before (${file}: ${owner} ${mode.toString(8)})`,
        shell: [`chown --no-dereference ${owner} ${quote(file)}`, `chmod ${mode.toString(8)} ${quote(file)}`],
        apply: (live) => live.setRights(root, wrong),
      };
    },
  };
}

async function wrongOf(host: Host, rights: readonly Rights[]): Promise<readonly Rights[]> {
  const wrong: Rights[] = [];
  for (const each of rights) {
    const [file, owner, mode] = each;
    const now = await host.status(file);
    if (now === undefined) continue;
    // A file does not get its set-id bits back.
    const differs = (now.mode ^ mode) & (now.type === 'file' ? ~SET_ID : ~0);
    const sameMode = differs === 0 || (now.type !== 'file' && now.type !== 'directory');
    if (`${now.owner}:${now.group}` !== owner || !sameMode) wrong.push(each);
  }
  return wrong;
}
